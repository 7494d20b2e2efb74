"""Use when a plan changes, is suspended or has another currency, and use that cannot be right."""

from datetime import date
from decimal import Decimal

import pytest
from djmoney.money import Money

from billing.catalog.models import Metric, Plan, Product
from billing.invoicing.models import Invoice
from billing.invoicing.services import runs
from billing.subscriptions.models import ChargedUse, ProductAccess, Subscription
from billing.subscriptions.services import standing
from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from tests.billing.invoicing.books import difference
from tests.billing.subscriptions.world import changed, days, for_use, kes, on, plan_of, report, run, subscribed, use
from tests.factories import (
    CompanyFactory,
    MembershipFactory,
    MeteredComponentFactory,
    PlanPriceFactory,
)

pytestmark = pytest.mark.django_db


def test_use_before_a_change_of_plan_is_charged_by_the_plan_of_then(
    metered_erp: Subscription, metered_plan: Plan, company: Company, owner: User, payslips: Metric
) -> None:
    """1 to 16 March at 60 KES above 10, from then on at 40 above 100: 30 and 150 are 20 × 60 and 50 × 40."""
    top = plan_of("top", family=metered_plan.family, level=30, month=9300)
    MeteredComponentFactory.create(plan=top, metric=payslips, included_quantity=100, unit_price=kes(40))
    use(company, date(2026, 3, 5), 30)
    changed(metered_erp, owner, at=on(2026, 3, 16), plan=top)
    assert for_use(company) == [("2026-03-16", "1200.00")]
    use(company, date(2026, 3, 16), 50)
    use(company, date(2026, 3, 20), 100)
    run(on(2026, 4, 1))
    assert for_use(company) == [("2026-03-16", "1200.00"), ("2026-04-01", "2000.00")]
    assert days(metered_erp) == [[("03-05", 30)], [("03-16", 50), ("03-20", 100)]]


def test_a_plan_without_a_price_for_use_forgives_nothing(
    metered_erp: Subscription, metered_plan: Plan, company: Company, owner: User
) -> None:
    """Whoever moves on the last day to a plan with all included pays for the days before."""
    top = plan_of("top", family=metered_plan.family, level=30, month=9300)
    use(company, date(2026, 3, 5), 1010)
    changed(metered_erp, owner, at=on(2026, 3, 31), plan=top)
    run(on(2026, 5, 1))
    assert for_use(company) == [("2026-03-31", "60000.00")]


def test_a_change_that_is_taken_back_charges_use_once(
    metered_erp: Subscription, metered_plan: Plan, company: Company, owner: User
) -> None:
    top = plan_of("top", family=metered_plan.family, level=30, month=9300)
    use(company, date(2026, 3, 5), 30)
    changed(metered_erp, owner, at=on(2026, 3, 16), plan=top)
    metered_erp.refresh_from_db()
    changed(metered_erp, owner, at=on(2026, 3, 16), plan=metered_plan)
    run(on(2026, 4, 1))
    assert for_use(company) == [("2026-03-16", "1200.00")]


def test_seats_and_interval_leave_the_month_whole(
    metered_erp: Subscription, company: Company, owner: User, metered_plan: Plan
) -> None:
    use(company, date(2026, 3, 5), 30)
    changed(metered_erp, owner, at=on(2026, 3, 16), seats=2)
    assert for_use(company) == []
    run(on(2026, 4, 1))
    assert for_use(company) == [("2026-04-01", "1200.00")]


def test_days_of_a_trial_are_free_when_its_plan_changes(company: Company, owner: User, metered_plan: Plan) -> None:
    metered_plan.trial_days = 14
    metered_plan.save()
    subscription = subscribed(company, metered_plan, owner)
    top = plan_of("top", family=metered_plan.family, level=30, month=9300)
    use(company, date(2026, 3, 5), 500)
    changed(subscription, owner, at=on(2026, 3, 7), plan=top)
    run(on(2026, 5, 1))
    assert for_use(company) == []
    assert not ChargedUse.objects.exists()


def stopped(subscription: Subscription, day: int) -> None:
    standing.mark_past_due(subscription=subscription, at=on(2026, 3, 10))
    standing.suspend(subscription=subscription, at=on(2026, 3, day))


def test_suspended_days_are_free_and_those_before_are_charged(metered_erp: Subscription, company: Company) -> None:
    """Suspended on the 20th, paid on the 25th: 30 before, 500 in between, 40 after; 10 are included in each part."""
    use(company, date(2026, 3, 5), 30)
    stopped(metered_erp, 20)
    use(company, date(2026, 3, 22), 500)
    standing.reactivate(subscription=metered_erp, at=on(2026, 3, 25))
    use(company, date(2026, 3, 25), 40)
    run(on(2026, 4, 1))
    assert days(metered_erp) == [[("03-05", 30)], [("03-25", 40)]]
    assert for_use(company) == [("2026-03-20", "1200.00"), ("2026-04-01", "1800.00")]
    # What comes late for a day that was free is free.
    use(company, date(2026, 3, 22), 100)
    run(on(2026, 5, 1))
    assert days(metered_erp)[2:] == [[]]


def test_use_before_a_suspension_is_charged_however_late_it_is_paid(
    metered_erp: Subscription, company: Company
) -> None:
    use(company, date(2026, 3, 5), 30)
    stopped(metered_erp, 20)
    run(on(2026, 5, 2))
    assert for_use(company) == [], "suspended is not charged"
    standing.reactivate(subscription=metered_erp, at=on(2026, 5, 10))
    use(company, date(2026, 5, 12), 15)
    run(on(2026, 6, 1))
    assert days(metered_erp) == [[("03-05", 30)], [("05-12", 15)]]
    assert for_use(company) == [("2026-03-20", "1200.00"), ("2026-06-01", "300.00")]


def test_past_due_goes_on_as_if_nothing_was(metered_erp: Subscription, company: Company) -> None:
    use(company, date(2026, 3, 5), 30)
    standing.mark_past_due(subscription=metered_erp, at=on(2026, 3, 10))
    standing.reactivate(subscription=metered_erp, at=on(2026, 3, 12))
    run(on(2026, 4, 1))
    assert for_use(company) == [("2026-04-01", "1200.00")]


def test_what_cannot_be_right_is_noted_and_holds_up_nobody(
    metered_erp: Subscription, metered_plan: Plan, company: Company
) -> None:
    """A product that reports nonsense of one company keeps no other company's invoices from being made."""
    other = CompanyFactory.create()
    theirs = subscribed(other, metered_plan, MembershipFactory.create(company=other, role="owner").user)
    for day in (5, 6, 7):
        use(company, date(2026, 3, day), 2**63 - 1)
    use(other, date(2026, 3, 5), 30)
    run(on(2026, 4, 1))
    assert for_use(company) == []
    assert for_use(other) == [("2026-04-01", "1200.00")]
    assert Subscription.objects.get(pk=metered_erp.pk).period_starts_at == on(2026, 4, 1)
    event = ActivityEvent.objects.get(verb="subscription.use_doubted")
    assert (event.company, event.data["quantity"]) == (company, f"{2**63 - 1:,}")
    assert event.sentence().startswith("9,223,372,036,854,775,807 of Payslips up to 2026-04-01 cannot be right")
    assert ChargedUse.objects.get(subscription=metered_erp).quantity == 2**63 - 1
    assert ChargedUse.objects.get(subscription=theirs).quantity == 30
    runs.issue_due(until=date(2026, 4, 1))
    assert Invoice.objects.for_company(other).count() == 2
    # It is charged no later either; what is right of the next month is.
    use(company, date(2026, 4, 5), 20)
    run(on(2026, 5, 1))
    assert for_use(company) == [("2026-05-01", "600.00")]


def test_two_currencies_are_two_invoices_and_each_adds_up(
    metered_erp: Subscription, metered_plan: Plan, company: Company, owner: User, payslips: Metric
) -> None:
    """ERP in shillings and SACCO in dollars: each charges its own use in its own currency, and the books agree."""
    abroad = plan_of("abroad", "sacco", month=0)
    sacco = Product.objects.get(slug="sacco")
    report(sacco, payslips)
    PlanPriceFactory.create(plan=abroad, amount=Money("31.00", "USD"))
    MeteredComponentFactory.create(plan=abroad, metric=payslips, included_quantity=0, unit_price=Money("0.333", "USD"))
    Company.objects.filter(pk=company.pk).update(currency="USD")
    company.refresh_from_db()
    in_dollars = subscribed(company, abroad, owner)
    use(company, date(2026, 3, 5), 30)
    use(company, date(2026, 3, 6), 10, product=sacco)
    run(on(2026, 4, 1))
    runs.issue_due(until=date(2026, 4, 1))
    lines = {
        str(line.invoice.currency): f"{line.net_amount:.2f}"
        for invoice in Invoice.objects.for_company(company)
        for line in invoice.lines.filter(source__contains=" use ").select_related("invoice")
    }
    assert lines == {"KES": "1200.00", "USD": "3.33"}
    for invoice in Invoice.objects.for_company(company):
        assert sum((line.net_amount for line in invoice.lines.all()), Decimal(0)) == invoice.net_amount
    assert difference() == ""
    assert days(in_dollars) == [[("03-06", 10)]]
    assert ProductAccess.objects.for_company(company).open().count() == 2
