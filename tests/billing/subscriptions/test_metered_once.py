"""What an accountant asks of use: each day is charged once, by what held on it, whatever else happens."""

from collections import Counter
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.catalog.models import Metric, Plan, Product
from billing.invoicing.models import Invoice
from billing.subscriptions.models import Quote, Subscription
from billing.subscriptions.registry import Use
from billing.subscriptions.services import changes, quotes, sharing, standing, subscribing
from billing.subscriptions.services.metering import MeteredAlready
from portal.accounts.models import Company, User
from portal.core.errors import DomainError
from tests.billing.invoicing.books import difference
from tests.billing.subscriptions.world import (
    START,
    changed,
    days,
    for_use,
    kes,
    on,
    plan_of,
    report,
    run,
    subscribed,
    use,
)
from tests.factories import (
    MembershipFactory,
    MeteredComponentFactory,
)
from tests.portal.core.threads import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def suite(metered_plan: Plan, payslips: Metric) -> Plan:
    """Another family's plan with ERP and SACCO, which charges for payslips too."""
    plan = plan_of("suite", "erp", "sacco", month=6200)
    MeteredComponentFactory.create(plan=plan, metric=payslips, included_quantity=0, unit_price=kes(70))
    return plan


def refused(company: Company, plan: Plan, owner: User) -> DomainError:
    with pytest.raises(MeteredAlready) as refusal:
        subscribing.quote(company=company, plan=plan, interval="month", by=owner, at=START)
    return refusal.value


def test_nobody_subscribes_to_what_is_charged_already(
    metered_erp: Subscription, suite: Plan, company: Company, owner: User
) -> None:
    refusal = refused(company, suite, owner)
    product = Product.objects.get(slug="erp")
    words = f"Payslips of {product} are charged by {metered_erp.family} Metered already."
    assert refusal.message == f"{words} Change that subscription, or end it."
    assert (refusal.code, refusal.field, refusal.status) == ("metered_already", "plan", 409)
    assert (Subscription.objects.count(), Quote.objects.filter(price__plan=suite).count()) == (1, 0)


def test_what_ended_charges_no_more(metered_erp: Subscription, suite: Plan, company: Company, owner: User) -> None:
    standing.cancel_unpaid(subscription=metered_erp, at=on(2026, 3, 2))
    assert subscribed(company, suite, owner, at=on(2026, 3, 3)).is_live


def test_other_products_metrics_and_companies_do_not_stand_in_the_way(
    metered_erp: Subscription, suite: Plan, payslips: Metric, company: Company, owner: User, other_company: Company
) -> None:
    """The same metric of another product, another metric of the same, the same plan of another company."""
    sacco = Product.objects.get(slug="sacco")
    report(sacco, payslips)
    of_sacco = plan_of("of-sacco", "sacco")
    MeteredComponentFactory.create(plan=of_sacco, metric=payslips)
    assert subscribed(company, of_sacco, owner).is_live
    free = plan_of("free", "erp")
    assert subscribed(company, free, owner).is_live
    theirs = MembershipFactory.create(company=other_company, role="owner").user
    assert subscribed(other_company, suite, theirs).is_live


def test_nobody_changes_to_what_is_charged_already(
    metered_erp: Subscription, suite: Plan, payslips: Metric, company: Company, owner: User
) -> None:
    """At once and with the next period; what another is about to become counts as well."""
    low = plan_of("low", family=suite.family, level=5)
    higher = plan_of("higher", family=suite.family, level=20, month=9300)
    MeteredComponentFactory.create(plan=higher, metric=payslips)
    other = subscribed(company, low, owner)
    for plan in (suite, higher):
        with pytest.raises(MeteredAlready):
            changes.quote(subscription=other, plan=plan, by=owner, at=START)
    other.refresh_from_db()
    assert (other.plan, other.next_price, Quote.objects.filter(action="change").count()) == (low, None, 0)


def test_what_another_is_about_to_become_counts(
    metered_erp: Subscription, suite: Plan, company: Company, owner: User, metered_plan: Plan
) -> None:
    top = plan_of("top", family=metered_plan.family, level=30, month=9300)
    at = on(2026, 3, 5)
    changed(metered_erp, owner, at=at, plan=top)
    metered_erp.refresh_from_db()
    quote = changes.quote(subscription=metered_erp, plan=metered_plan, by=owner, at=on(2026, 3, 6))
    quotes.confirm(quote=quote, by=owner, at=on(2026, 3, 6))
    metered_erp.refresh_from_db()
    assert metered_erp.next_price is not None
    refused(company, suite, owner)


def test_quote_of_before_is_refused_when_it_is_confirmed(
    suite: Plan, metered_plan: Plan, company: Company, owner: User
) -> None:
    offered = [
        subscribing.quote(company=company, plan=plan, interval="month", by=owner, at=START)
        for plan in (metered_plan, suite)
    ]
    quotes.confirm(quote=offered[0], by=owner, at=START)
    with pytest.raises(MeteredAlready):
        quotes.confirm(quote=offered[1], by=owner, at=START)
    offered[1].refresh_from_db()
    assert offered[1].used_at is None
    assert (Subscription.objects.count(), Invoice.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_that_are_confirmed_at_once_one_is_had(
    suite: Plan, metered_plan: Plan, company: Company, owner: User
) -> None:
    offered = [
        subscribing.quote(company=company, plan=plan, interval="month", by=owner, at=START)
        for plan in (metered_plan, suite)
    ]
    results = race(lambda number: quotes.confirm(quote=offered[number], by=owner, at=START), threads=2)
    assert Counter(type(result) for result in results) == {Subscription: 1, MeteredAlready: 1}
    assert (Subscription.objects.count(), Invoice.objects.count(), difference()) == (1, 1, "")


def test_where_two_meter_the_same_all_the_same_the_first_charges_it(
    metered_erp: Subscription, suite: Plan, company: Company, owner: User, payslips: Metric
) -> None:
    """Staff give the later plan ERP when both are had: of 40 payslips of ERP and 7 of SACCO each is charged once."""
    erp, sacco = Product.objects.get(slug="erp"), Product.objects.get(slug="sacco")
    report(sacco, payslips)
    suite.products.set([sacco])
    suite.save()
    later = subscribed(company, suite, owner)
    suite.products.set([erp, sacco])
    suite.save()
    use(company, date(2026, 3, 5), 40, product=erp)
    use(company, date(2026, 3, 6), 7, product=sacco)
    run(on(2026, 4, 1))
    assert days(metered_erp) == [[("03-05", 40)]]
    assert days(later) == [[("03-06", 7)]]
    assert sorted(for_use(company)) == [("2026-04-01", "1800.00"), ("2026-04-01", "490.00")]
    # The first ends in the middle of April: its part of the month it charges, the other nothing of it.
    use(company, date(2026, 4, 5), 20, product=erp)
    standing.cancel_unpaid(subscription=metered_erp, at=on(2026, 4, 10))
    use(company, date(2026, 4, 20), 30, product=erp)
    use(company, date(2026, 5, 3), 4, product=erp)
    run(on(2026, 6, 1))
    assert days(metered_erp)[1:] == [[("04-05", 20)]]
    assert days(later)[1:] == [[], [("05-03", 4)]]


def test_what_others_charge_is_asked_in_three_queries(
    metered_erp: Subscription, suite: Plan, company: Company, payslips: Metric
) -> None:
    asked = Use(metered_erp, payslips, metered_erp.period_starts_at, metered_erp.period_ends_at)
    for number in (1, 20):
        with CaptureQueriesContext(connection) as found:
            assert sharing.charged_by_others([asked] * number) == [frozenset()] * number
        assert len(found) <= 3
    with CaptureQueriesContext(connection) as found:
        assert sharing.charged_by_others([]) == []
    assert len(found) == 0
