"""Changing plan, interval and seats: what holds at once, what waits, and what it costs."""

import pytest

from billing.catalog.models import Plan, PlanFamily
from billing.invoicing.models import Invoice, LedgerEntry
from billing.subscriptions.models import Quote, Subscription
from billing.subscriptions.services import changes, quotes
from billing.subscriptions.services.changes import MoveNotAllowed, NotChangeable, NothingChanges
from billing.subscriptions.services.quoting import QuoteOutdated
from portal.accounts.models import Company, User
from tests.billing.invoicing.books import accounts, difference
from tests.billing.subscriptions.world import START, changed, charges, kes, lines, nets, on, periods, run, subscribed

pytestmark = pytest.mark.django_db
# 15.5 days of 31 are left: half of March.
HALF = on(2026, 3, 16, 21)


def test_upgrade_holds_at_once_and_credits_what_is_unused(
    subscription: Subscription, business: Plan, owner: User, company: Company
) -> None:
    quote = changes.quote(subscription=subscription, plan=business, by=owner, at=HALF)
    assert lines(quote) == [
        ("Unused part: ERP Starter, monthly", "-1550.00"),
        ("Rest of the period: ERP Business, monthly", "3100.00"),
    ]
    assert (quote.net, quote.total, quote.is_at_once) == (kes(1550), kes(1798), True)
    after = quotes.confirm(quote=quote, by=owner, at=HALF)
    assert (after.plan, after.amount, after.period_ends_at) == (business, kes(6200), on(2026, 4, 1))
    assert nets(company) == ["3100.00", "1550.00"]
    run(on(2026, 4, 1))
    assert charges(company) == [("2026-04-01", "ERP Business, monthly", "6200.00")]
    assert difference() == ""


def test_proration_counts_seconds(subscription: Subscription, business: Plan, owner: User) -> None:
    # 1 second of 2,678,400 is gone: 3,100 × 2,678,399 / 2,678,400 = 3,099.998…, 6,200 × … = 6,199.997…
    quote = changes.quote(subscription=subscription, plan=business, by=owner, at=START.replace(second=1))
    assert [amount for _words, amount in lines(quote)] == ["-3100.00", "6200.00"]
    # With an hour gone, 3600 of 2,678,400: 3,095.833… and 6,191.666…
    quote = changes.quote(subscription=subscription, plan=business, by=owner, at=START.replace(hour=10))
    assert [amount for _words, amount in lines(quote)] == ["-3095.83", "6191.67"]


def test_downgrade_waits_for_the_end_of_the_period(
    company: Company, owner: User, starter: Plan, business: Plan
) -> None:
    subscription = subscribed(company, business, owner)
    quote = changes.quote(subscription=subscription, plan=starter, by=owner, at=HALF)
    assert (lines(quote), quote.total, quote.is_at_once) == ([], kes(0), False)
    assert (quote.effective_at, quote.per_period) == (on(2026, 4, 1), kes(3100))
    after = quotes.confirm(quote=quote, by=owner, at=HALF)
    assert (after.plan, after.next_price.plan, after.has_scheduled_change) == (business, starter, True)
    run(on(2026, 4, 1))
    after.refresh_from_db()
    assert (after.plan, after.amount, after.has_scheduled_change) == (starter, kes(3100), False)
    assert (nets(company), charges(company)) == (["6200.00"], [("2026-04-01", "ERP Starter, monthly", "3100.00")])


def test_scheduled_change_is_withdrawn_or_replaced_by_an_upgrade(
    company: Company, owner: User, starter: Plan, business: Plan, team: Plan
) -> None:
    subscription = changed(subscribed(company, business, owner), owner, at=HALF, plan=starter)
    assert changes.withdraw(subscription=subscription, by=owner, at=HALF).has_scheduled_change is False
    changed(subscription, owner, at=HALF, plan=starter)
    after = changed(subscription, owner, at=HALF, plan=team, seats=10)
    assert (after.plan, after.has_scheduled_change) == (team, False)


def test_going_there_and_back_in_the_same_instant_nets_to_zero(
    subscription: Subscription, starter: Plan, business: Plan, owner: User, company: Company
) -> None:
    changed(subscription, owner, at=HALF, plan=business)
    back = changed(subscription, owner, at=HALF, plan=starter)
    assert (back.plan, back.amount, back.has_scheduled_change) == (starter, kes(3100), False)
    assert nets(company) == ["3100.00", "1550.00", "-1550.00"]
    assert accounts(account=LedgerEntry.Account.REVENUE) == {"revenue": "-3100.00"}
    assert difference() == ""
    later = changed(subscription, owner, at=HALF, plan=business)
    assert changes.quote(subscription=later, plan=starter, by=owner, at=on(2026, 3, 16, 22)).is_at_once is False


def test_seats_are_added_at_once_and_given_up_with_the_period(company: Company, owner: User, team: Plan) -> None:
    subscription = subscribed(company, team, owner, seats=4)
    more = changes.quote(subscription=subscription, seats=6, by=owner, at=HALF)
    assert lines(more) == [
        ("Unused part: ERP Team, monthly, 4 seats", "-2000.00"),
        ("Rest of the period: ERP Team, monthly, 6 seats", "3000.00"),
    ]
    quotes.confirm(quote=more, by=owner, at=HALF)
    fewer = changed(subscription, owner, at=HALF.replace(hour=22), seats=3)
    assert (fewer.seats, fewer.next_seats) == (6, 3)
    run(on(2026, 4, 1))
    assert charges(company) == [("2026-04-01", "ERP Team, monthly, 3 seats", "3000.00")]


def test_longer_interval_begins_a_new_period_at_once(subscription: Subscription, owner: User, company: Company) -> None:
    quote = changes.quote(subscription=subscription, interval="year", by=owner, at=HALF)
    assert lines(quote) == [("Unused part: ERP Starter, monthly", "-1550.00"), ("ERP Starter, yearly", "31000.00")]
    after = quotes.confirm(quote=quote, by=owner, at=HALF)
    assert (after.anchor_at, after.period_ends_at) == (HALF, on(2027, 3, 16, 21))
    assert periods(after) == [("2026-03-01", "2026-03-16", "3100.00"), ("2026-03-16", "2027-03-16", "31000.00")]
    shorter = changed(after, owner, at=on(2026, 5, 1), interval="month")
    assert (shorter.interval, shorter.next_price.interval) == ("year", "month")
    run(on(2027, 3, 16, 21))
    shorter.refresh_from_db()
    assert (shorter.interval, shorter.period_ends_at) == ("month", on(2027, 4, 16, 21))


def test_year_from_the_first_second_is_charged_once(company: Company, owner: User, starter: Plan) -> None:
    subscription = subscribed(company, starter, owner)
    after = changed(subscription, owner, at=START, interval="year")
    assert periods(after) == [("2026-03-01", "2027-03-01", "31000.00")]
    assert nets(company) == ["3100.00", "27900.00"]


def test_in_a_trial_everything_holds_at_once_and_costs_nothing(
    company: Company, owner: User, starter: Plan, business: Plan
) -> None:
    Plan.objects.update(trial_days=14)
    subscription = subscribed(company, business, owner)
    after = changed(subscription, owner, at=on(2026, 3, 5), plan=starter, interval="year")
    assert (after.plan, after.status, after.period_ends_at) == (starter, "trialing", on(2026, 3, 15))
    assert nets(company) == []
    run(on(2026, 3, 15))
    assert charges(company) == [("2026-03-15", "ERP Starter, yearly", "31000.00")]


def test_negative_change_goes_to_the_balance_and_is_used_first(
    company: Company, owner: User, starter: Plan, business: Plan, team: Plan
) -> None:
    subscription = subscribed(company, business, owner)
    # Team is above, and with two seats costs 2,000 instead of 6,200: 1,000 - 3,100 for half a month.
    cheaper = changes.quote(subscription=subscription, plan=team, seats=2, by=owner, at=HALF)
    assert (cheaper.net, cheaper.total, cheaper.to_pay) == (kes(-2100), kes(-2436), kes(0))
    quotes.confirm(quote=cheaper, by=owner, at=HALF)
    more = changes.quote(subscription=subscription, seats=4, by=owner, at=HALF.replace(hour=22))
    assert (more.from_balance, more.to_pay) == (more.total, kes(0))
    quotes.confirm(quote=more, by=owner, at=HALF.replace(hour=22))
    assert Invoice.objects.order_by("-pk")[0].status == "paid"


def test_quote_is_refused_when_the_subscription_moved_on(
    subscription: Subscription, business: Plan, owner: User, billing_member: User, company: Company
) -> None:
    quote = changes.quote(subscription=subscription, plan=business, by=owner, at=HALF)
    changed(subscription, billing_member, at=HALF, interval="year")
    with pytest.raises(QuoteOutdated, match="changed in the meantime"):
        quotes.confirm(quote=quote, by=owner, at=HALF)
    renewed = changes.quote(subscription=subscription, plan=business, by=owner, at=on(2027, 3, 16, 20, 55))
    run(on(2027, 3, 16, 21))
    with pytest.raises(QuoteOutdated):
        quotes.confirm(quote=renewed, by=owner, at=on(2027, 3, 16, 21, 1))
    assert Quote.objects.exclude(used_at=None).count() == 2


def test_what_is_due_happens_before_a_change(
    subscription: Subscription, business: Plan, owner: User, company: Company
) -> None:
    quote = changes.quote(subscription=subscription, plan=business, by=owner, at=on(2026, 4, 16))
    assert charges(company) == [("2026-04-01", "ERP Starter, monthly", "3100.00")]
    # 15 of April's 30 days are left.
    assert [amount for _words, amount in lines(quote)] == ["-1550.00", "3100.00"]


def test_refusals_of_changes(subscription: Subscription, starter: Plan, business: Plan, owner: User) -> None:
    with pytest.raises(NothingChanges):
        changes.quote(subscription=subscription, plan=starter, by=owner, at=HALF)
    PlanFamily.objects.update(moves="none")
    with pytest.raises(MoveNotAllowed):
        changes.quote(subscription=subscription, plan=business, by=owner, at=HALF)
    Subscription.objects.update(status="past_due")
    with pytest.raises(NotChangeable, match="Pay it first"):
        changes.quote(subscription=subscription, interval="year", by=owner, at=HALF)
    assert (Quote.objects.filter(action="change").count(), subscription.plan) == (0, starter)


def test_contract_may_allow_other_seats_than_the_plan(company: Company, owner: User, team: Plan) -> None:
    subscription = subscribed(company, team, owner, seats=10)
    Subscription.objects.update(contract_seats_min=8, contract_seats_max=60)
    assert changes.quote(subscription=subscription, seats=60, by=owner, at=HALF).seats == 60
    with pytest.raises(changes.DomainError, match="8 to 60"):
        changes.quote(subscription=subscription, seats=7, by=owner, at=HALF)
