"""The next bill as it will come."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.catalog.models import Plan
from billing.subscriptions.models import Subscription
from billing.subscriptions.services import cancelling, standing, upcoming
from portal.accounts.models import Company, User
from tests.billing.subscriptions.world import START, changed, charges, kes, on, run, subscribed
from tests.factories import PlanFactory, PlanFamilyFactory

pytestmark = pytest.mark.django_db


def test_next_bill_is_what_the_renewal_charges(company: Company, owner: User, starter: Plan, business: Plan) -> None:
    subscription = changed(subscribed(company, business, owner), owner, at=on(2026, 3, 5), plan=starter)
    bill = upcoming.of(subscription)
    assert bill is not None
    assert (bill.at, bill.invoice.total, bill.invoice.pk) == (on(2026, 4, 1), kes(3596), None)
    assert [line.description for line in bill.lines] == ["ERP Starter, monthly"]
    run(on(2026, 4, 1))
    assert [amount for _day, _words, amount in charges(company)] == ["3100.00"]


def test_trial_is_followed_by_a_whole_period(company: Company, owner: User, starter: Plan) -> None:
    Plan.objects.update(trial_days=14)
    bill = upcoming.of(subscribed(company, starter, owner))
    assert bill is not None
    assert [str(bill.lines[0].starts_on), str(bill.lines[0].ends_on)] == ["2026-03-15", "2026-04-15"]


def test_company_s_next_bill_is_all_of_its_first_day(company: Company, owner: User, starter: Plan, team: Plan) -> None:
    assert upcoming.of_company(company, today=START.date()) is None
    family = PlanFamilyFactory.create(slug="teams", name="Teams")
    Plan.objects.filter(pk=team.pk).update(family=family)
    team.refresh_from_db()
    first = subscribed(company, starter, owner)
    subscribed(company, team, owner, at=on(2026, 3, 1, 18), seats=3)
    bill = upcoming.of_company(company, today=on(2026, 3, 2).date())
    assert bill is not None
    assert [line.description for line in bill.lines] == ["ERP Starter, monthly", "Teams Team, monthly, 3 seats"]
    assert (timezone.localdate(bill.at), bill.invoice.total) == (date(2026, 4, 1), kes(7076))
    run(on(2026, 4, 1, 10))
    waiting = upcoming.of_company(company, today=on(2026, 4, 1).date())
    assert waiting is not None
    assert [line.net for line in waiting.lines] == [kes(3100), kes(3000)]
    cancelling.stop_renewing(subscription=first, by=owner, at=on(2026, 4, 1, 11))
    assert upcoming.of_company(company, today=on(2026, 4, 1).date()) is not None


def test_suspended_subscription_has_no_next_bill(subscription: Subscription, company: Company) -> None:
    standing.mark_past_due(subscription=subscription, at=on(2026, 3, 20))
    assert upcoming.of_company(company, today=on(2026, 3, 21).date()) is not None
    suspended = standing.suspend(subscription=subscription, at=on(2026, 3, 21))
    assert upcoming.of(suspended) is None
    assert upcoming.of_company(company, today=on(2026, 3, 22).date()) is None


def test_next_bill_asks_as_much_for_one_and_for_many(company: Company, owner: User, starter: Plan) -> None:
    def weight() -> int:
        with CaptureQueriesContext(connection) as caught:
            upcoming.of_company(company, today=START.date())
        return len(caught)

    subscribed(company, starter, owner)
    one = weight()
    for number in range(3):
        family = PlanFamilyFactory.create(slug=f"more-{number}", name=f"More {number}")
        plan = PlanFactory.create(family=family, name=f"Plan {number}", slug=f"plan-{number}", month=10)
        subscribed(company, plan, owner)
    assert weight() == one == 4


def test_what_ends_has_no_next_bill(subscription: Subscription, owner: User) -> None:
    stopped = cancelling.stop_renewing(subscription=subscription, by=owner, at=on(2026, 3, 5))
    assert upcoming.of(stopped) is None
