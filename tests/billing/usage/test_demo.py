"""The use of the demo world."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing.catalog import demo as catalog
from billing.catalog.models import Product
from billing.usage import demo
from billing.usage.demo import Story
from billing.usage.models import DailyUsage, StaleDay, UsageEvent
from billing.usage.services import rolling
from portal.accounts.models import Company, User
from tests.billing.usage.world import NOW, added_up, figures, reckoned

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=26)


def story(company: Company, users: list[User], days: int = 60) -> Story:
    return Story(company, Product.objects.get(slug="payroll"), days, users)


def test_a_history_up_to_now_that_may_be_made_again(company: Company, owner: User, viewer: User) -> None:
    catalog.create()
    demo.create([story(company, [owner, viewer])], now=NOW)
    made, today = figures(), timezone.localdate(NOW)
    assert {row[2] for row in made} >= {"employees", "storage", "payslips", "response-time", "leave", "reports"}
    days = {row[4] for row in made if row[2] == "employees"}
    assert (min(days), max(days), len(days)) == (today - timedelta(days=60), today, 61)
    assert {row[3] for row in made} == {None, "owner@savanna.example", "viewer@savanna.example"}
    # Payslips are written once a month, for about everybody.
    assert {row[4].day for row in made if row[2] == "payslips"} <= {25, 26}
    events = UsageEvent.objects.count()
    assert (events > 50, StaleDay.objects.count()) == (True, 0)
    assert not UsageEvent.objects.filter(occurred_at__gt=NOW).exists()
    demo.create([story(company, [owner, viewer])], now=NOW)
    assert (figures(), UsageEvent.objects.count()) == (made, events)


def test_the_next_day_adds_what_was_used_since(company: Company, owner: User) -> None:
    catalog.create()
    demo.create([story(company, [owner])], now=NOW)
    before = figures(used_on__lt=timezone.localdate(NOW))
    demo.create([story(company, [owner])], now=NOW + LATER)
    assert figures(used_on__lt=timezone.localdate(NOW), metric__kind="level") == [
        row for row in before if row[2] in ("employees", "storage")
    ]
    assert DailyUsage.objects.filter(used_on=timezone.localdate(NOW + LATER)).exists()


def test_a_rebuild_changes_nothing_of_it(company: Company, owner: User) -> None:
    catalog.create()
    demo.create([story(company, [owner])], now=NOW)
    made, sums = figures(), added_up()
    assert sums == reckoned(made)
    rolling.rebuild(first=timezone.localdate(NOW) - timedelta(days=400), last=timezone.localdate(NOW))
    rolling.roll_up()
    assert (figures(), added_up()) == (made, sums)
