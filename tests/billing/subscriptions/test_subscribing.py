"""Beginning a subscription: what it costs, trials, seats, and who may."""

from datetime import timedelta

import pytest

from billing.catalog.models import Plan
from billing.catalog.services import prices
from billing.invoicing.models import Invoice, TaxRate
from billing.subscriptions.models import ProductAccess, ProductGrant, Quote, Subscription
from billing.subscriptions.services import quotes, subscribing
from billing.subscriptions.services.quoting import QuoteExpired, QuoteOutdated, QuoteUsed
from billing.subscriptions.services.subscribing import AlreadySubscribed, PlanNotOffered, SeatsOutOfRange
from portal.accounts.models import Company, User
from portal.accounts.roles import NotAllowed
from portal.activity.models import ActivityEvent
from tests.billing.invoicing.books import difference
from tests.billing.subscriptions.world import START, charges, kes, lines, nets, on, periods, subscribed
from tests.factories import PlanFactory

pytestmark = pytest.mark.django_db


def test_first_period_is_shown_line_by_line_and_charged_exactly_so(
    company: Company, owner: User, starter: Plan
) -> None:
    quote = subscribing.quote(company=company, plan=starter, interval="month", by=owner, at=START)
    assert lines(quote) == [("ERP Starter, monthly", "3100.00")]
    assert (quote.net, quote.tax, quote.total, quote.to_pay) == (kes(3100), kes(496), kes(3596), kes(3596))
    assert (quote.expires_at, Invoice.objects.count(), Subscription.objects.count()) == (
        START + timedelta(minutes=15),
        0,
        0,
    )
    subscription = quotes.confirm(quote=quote, by=owner, at=START + timedelta(minutes=14, seconds=59))
    assert (subscription.status, subscription.started_at) == ("active", START)
    assert subscription.period_ends_at == subscription.due_at == on(2026, 4, 1)
    invoice = Invoice.objects.get()
    assert (invoice.total, invoice.status) == (kes(3596), "open")
    (line,) = invoice.lines.all()
    assert (str(line.starts_on), str(line.ends_on)) == ("2026-03-01", "2026-04-01")
    assert line.source == subscription.periods.get().source
    assert (periods(subscription), charges(company)) == ([("2026-03-01", "2026-04-01", "3100.00")], [])
    quote.refresh_from_db()
    assert (quote.invoice, quote.subscription) == (invoice, subscription)
    assert str(ActivityEvent.objects.get(verb="subscription.started")).endswith("subscribed to ERP: Starter")
    assert difference() == ""


def test_trial_costs_nothing_and_is_had_once_in_a_family(company: Company, owner: User, starter: Plan) -> None:
    Plan.objects.update(trial_days=14)
    trial = subscribed(company, starter, owner)
    assert (trial.status, trial.trial_ends_at, trial.due_at) == ("trialing", on(2026, 3, 15), on(2026, 3, 15))
    assert (periods(trial), nets(company)) == ([("2026-03-01", "2026-03-15", "0.00")], [])
    Subscription.objects.update(status="cancelled", ended_at=START, due_at=None)
    again = subscribed(company, starter, owner)
    assert (again.status, nets(company)) == ("active", ["3100.00"])


def test_seats_are_charged_each_and_kept_within_the_plan(company: Company, owner: User, team: Plan) -> None:
    for seats in (1, 41):
        with pytest.raises(SeatsOutOfRange, match="Choose 2 to 40 seats"):
            subscribing.quote(company=company, plan=team, interval="month", seats=seats, by=owner, at=START)
    subscription = subscribed(company, team, owner, seats=12)
    assert (subscription.amount, subscription.seats_allowed, nets(company)) == (kes(12000), 12, ["12000.00"])
    line = Invoice.objects.get().lines.get()
    assert (line.description, line.quantity, line.unit_price) == ("ERP Team, monthly, 12 seats", 12, 1000)


def test_products_open_and_whoever_subscribed_may_use_them(
    company: Company, owner: User, viewer: User, starter: Plan
) -> None:
    ProductAccess.objects.all().delete()
    subscription = subscribed(company, starter, owner)
    access = ProductAccess.objects.get()
    assert (access.company, access.product.slug, access.is_open) == (company, "erp", True)
    assert access.subscription == subscription
    assert [grant.membership.user for grant in ProductGrant.objects.all()] == [owner]


@pytest.mark.parametrize("name", ["company_admin", "viewer", "stranger"])
def test_only_who_manages_billing_subscribes(
    name: str, company: Company, starter: Plan, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(name)
    with pytest.raises(NotAllowed):
        subscribing.quote(company=company, plan=starter, interval="month", by=user, at=START)
    assert Quote.objects.count() == 0


def test_staff_subscribe_for_a_company_with_a_reason(company: Company, staff: User, starter: Plan) -> None:
    quote = subscribing.quote(
        company=company, plan=starter, interval="year", by=staff, at=START, override="Agreed on the phone."
    )
    subscription = quotes.confirm(quote=quote, by=staff, at=START)
    assert (subscription.period_ends_at, nets(company)) == (on(2027, 3, 1), ["31000.00"])
    assert ActivityEvent.objects.get(verb="subscription.started").data["override"] == "Agreed on the phone."


def test_plan_that_cannot_be_had_is_refused(company: Company, owner: User, other_company: Company) -> None:
    archived = PlanFactory.create(archived=True, month=100)
    hidden = PlanFactory.create(is_public=False, month=100)
    unpriced = PlanFactory.create()
    for plan in (archived, hidden, unpriced):
        with pytest.raises(PlanNotOffered):
            subscribing.quote(company=company, plan=plan, interval="month", by=owner, at=START)
    hidden.companies.add(company)
    hidden.save()
    assert subscribing.quote(company=company, plan=hidden, interval="month", by=owner, at=START).net == kes(100)


def test_second_subscription_in_a_family_is_refused_and_another_company_has_its_own(
    company: Company, owner: User, stranger: User, other_company: Company, starter: Plan, business: Plan
) -> None:
    early = subscribing.quote(company=company, plan=business, interval="month", by=owner, at=START)
    subscribed(company, starter, owner)
    with pytest.raises(AlreadySubscribed):
        subscribing.quote(company=company, plan=business, interval="month", by=owner, at=START)
    with pytest.raises(AlreadySubscribed):
        quotes.confirm(quote=early, by=owner, at=START)
    subscribed(other_company, business, stranger)
    assert (nets(company), nets(other_company)) == (["3100.00"], ["6200.00"])


def test_quote_is_good_once_and_for_fifteen_minutes(company: Company, owner: User, starter: Plan) -> None:
    quote = subscribing.quote(company=company, plan=starter, interval="month", by=owner, at=START)
    with pytest.raises(QuoteExpired, match="15 minutes"):
        quotes.confirm(quote=quote, by=owner, at=START + timedelta(minutes=15))
    assert (Subscription.objects.count(), nets(company)) == (0, [])
    quotes.confirm(quote=quote, by=owner, at=START + timedelta(minutes=5))
    with pytest.raises(QuoteUsed, match="already"):
        quotes.confirm(quote=quote, by=owner, at=START + timedelta(minutes=6))
    assert nets(company) == ["3100.00"]


def test_what_would_be_charged_otherwise_than_shown_is_refused_and_nothing_happens(
    company: Company, owner: User, starter: Plan
) -> None:
    quote = subscribing.quote(company=company, plan=starter, interval="month", by=owner, at=START)
    TaxRate.objects.update(percent=14)
    with pytest.raises(QuoteOutdated, match="Tax or your balance"):
        quotes.confirm(quote=quote, by=owner, at=START)
    quote.refresh_from_db()
    assert (quote.used_at, Subscription.objects.count(), Invoice.objects.count()) == (None, 0, 0)


def test_new_price_holds_for_new_quotes_alone(company: Company, owner: User, starter: Plan) -> None:
    quote = subscribing.quote(company=company, plan=starter, interval="month", by=owner, at=START)
    prices.offer(plan=starter, interval="month", amount=kes(9999), by=None, at=START)
    assert quotes.confirm(quote=quote, by=owner, at=START).amount == kes(3100)
