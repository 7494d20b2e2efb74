"""What products report, as limits and charges see it: each day once, whatever comes when."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.catalog.models import Metric, Plan, PlanLimit, Product
from billing.invoicing.models import Charge, Invoice
from billing.invoicing.services import runs
from billing.invoicing.services.papers import typeset
from billing.subscriptions import metered
from billing.subscriptions.models import ChargedUse, Subscription
from billing.subscriptions.registry import Use
from billing.subscriptions.services import limits
from portal.accounts.models import Company, User
from tests.billing.subscriptions.world import charges, days, on, report, run, subscribed, use
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db
FIRST = date(2026, 3, 1)


def used(subscription: Subscription, slug: str = "payslips") -> int | None:
    """What is used in the current period."""
    starts_at, ends_at = subscription.period_starts_at, subscription.period_ends_at
    return metered.read([Use(subscription, Metric.objects.get(slug=slug), starts_at, ends_at)])[0]


def test_a_month_by_hand(metered_erp: Subscription, company: Company, other_company: Company, viewer: User) -> None:
    """1 March at 9:00 to 1 April at 9:00: 2 + 30 + 5 = 37 payslips; 10 are included, 27 at 60 KES are 1,620 KES."""
    use(company, date(2026, 2, 28), 100)
    use(company, date(2026, 3, 1), 2)
    use(company, date(2026, 3, 25), 20)
    use(company, date(2026, 3, 25), 10, user=viewer)
    use(company, date(2026, 3, 31), 5)
    use(company, date(2026, 4, 1), 40)
    use(other_company, date(2026, 3, 25), 1000)
    assert used(metered_erp) == 37
    run(on(2026, 4, 1))
    owed = [row for row in charges(company) if "Payslips" in row[1]]
    assert [(day, amount) for day, _words, amount in owed] == [("2026-04-01", "1620.00")]
    assert owed[0][1].startswith("Payslips: 27 of 37 at ")
    assert days(metered_erp) == [[("03-01", 2), ("03-25", 30), ("03-31", 5)]]


def test_what_comes_too_late_is_on_the_next_charge_once(metered_erp: Subscription, company: Company) -> None:
    use(company, date(2026, 3, 5), 15)
    run(on(2026, 4, 1))
    use(company, date(2026, 3, 5), 4)
    use(company, date(2026, 3, 20), 3)
    use(company, date(2026, 4, 10), 12)
    run(on(2026, 5, 1))
    run(on(2026, 6, 1))
    assert days(metered_erp) == [[("03-05", 15)], [("03-05", 4), ("03-20", 3), ("04-10", 12)], []]
    # 5, then 19 - 10 = 9, at 60 KES.
    assert [row[2] for row in charges(company) if "payslip" in row[1].lower()] == ["300.00", "540.00"]


def test_months_that_were_missed_are_charged_in_one_run_as_in_three(
    metered_erp: Subscription, company: Company
) -> None:
    for month in (3, 4, 5):
        use(company, date(2026, month, 12), 20)
    run(on(2026, 6, 1))
    assert days(metered_erp) == [[("03-12", 20)], [("04-12", 20)], [("05-12", 20)]]


def test_days_of_a_trial_are_never_charged(company: Company, owner: User, metered_plan: Plan) -> None:
    metered_plan.trial_days = 14
    metered_plan.save()
    subscription = subscribed(company, metered_plan, owner)
    use(company, date(2026, 3, 10), 500)
    use(company, date(2026, 3, 20), 12)
    run(on(2026, 4, 15))
    use(company, date(2026, 3, 10), 500)
    run(on(2026, 5, 15))
    assert days(subscription) == [[("03-20", 12)], []]


def test_levels_are_the_last_value_of_each_product(
    metered_erp: Subscription, company: Company, metered_plan: Plan
) -> None:
    storage = Metric.objects.get(slug="storage")
    PlanLimit.objects.create(plan=metered_plan, metric=storage, quantity=100)
    assert used(metered_erp, "storage") is None
    use(company, date(2026, 2, 27), 99, slug="storage")
    assert used(metered_erp, "storage") is None
    use(company, date(2026, 3, 3), 70, slug="storage")
    use(company, date(2026, 3, 4), 50, slug="storage")
    other = Product.objects.create(slug="payroll", name="Payroll", icon="payroll")
    report(other, storage)
    use(company, date(2026, 3, 4), 30, slug="storage", product=other)
    assert used(metered_erp, "storage") == 50
    metered_plan.products.add(other)
    metered_plan.save()
    assert used(metered_erp, "storage") == 80
    found = {row.label: (row.used, row.percent) for row in limits.of(metered_erp)}
    assert found["Storage"] == (80, 80)


def test_metrics_that_no_product_reports_are_not_known(metered_erp: Subscription, payslips: Metric) -> None:
    Product.objects.get(slug="erp").metrics.through._default_manager.all().delete()
    assert used(metered_erp) is None


def test_many_questions_take_as_many_queries_as_one(
    metered_erp: Subscription, company: Company, payslips: Metric
) -> None:
    use(company, date(2026, 3, 5), 3)
    questions = [Use(metered_erp, payslips, metered_erp.period_starts_at, metered_erp.period_ends_at)]
    for number in (1, 20):
        with CaptureQueriesContext(connection) as found:
            assert metered.read(questions * number) == [3] * number
        assert len(found) == 2


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(
    uses=st.lists(st.tuples(st.integers(0, 100), st.integers(0, 35), st.integers(1, 50)), max_size=30),
    hour=st.integers(0, 23),
)
def test_all_that_was_used_is_charged_once(
    uses: list[tuple[int, int, int]], hour: int, company: Company, owner: User, metered_plan: Plan
) -> None:
    """Each use is of a day and becomes known some days later; the months follow one another."""
    with transaction.atomic():
        begun = on(2026, 3, 5, hour)
        subscription = subscribed(company, metered_plan, owner, at=begun)
        left = [(FIRST + timedelta(days=day), FIRST + timedelta(days=day + late), number) for day, late, number in uses]
        for month in range(4, 10):
            at = on(2026, month, 5, hour)
            for day, known, number in [one for one in left if one[1] < at.date()]:
                use(company, day, number)
                left.remove((day, known, number))
            run(at)
        assert left == []
        counted = sum(number for day, _late, number in uses if FIRST + timedelta(days=day) >= begun.date())
        rows = list(ChargedUse.objects.filter(subscription=subscription))
        assert sum(row.quantity for row in rows) == counted
        owed = sum((row.unit_price for row in Charge.objects.filter(source__contains=" use ")), Decimal(0))
        assert owed == sum(max(row.quantity - 10, 0) * 60 for row in rows)
        transaction.set_rollback(True)


def test_the_invoice_shows_the_days(metered_erp: Subscription, company: Company, owner: User) -> None:
    use(company, date(2026, 3, 5), 1250)
    run(on(2026, 4, 1))
    runs.issue_due(until=date(2026, 4, 1))
    invoice = Invoice.objects.filter(lines__source__contains=" use ").get()
    browser = Client()
    browser.force_login(owner)
    page = browser.get(invoice.get_absolute_url()).content.decode()
    assert "Payslips, day by day" in page
    assert "5 March 2026" in page
    assert page.count("1,250") >= 2
    assert typeset.pdf_of(invoice).startswith(b"%PDF")
    other = Invoice.objects.exclude(pk=invoice.pk).first()
    assert other is not None
    assert "day by day" not in browser.get(other.get_absolute_url()).content.decode()


def test_a_company_without_use_is_charged_nothing_for_it(metered_erp: Subscription, company: Company) -> None:
    use(CompanyFactory.create(), date(2026, 3, 5), 99)
    run(on(2026, 4, 1))
    assert [row for row in charges(company) if "Payslips" in row[1]] == []
    assert days(metered_erp) == [[]]
