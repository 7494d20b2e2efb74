"""Daily figures: whatever comes in whatever order, they are what a rebuild from all events gives."""

from collections import defaultdict
from datetime import date
from io import StringIO
from threading import Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.catalog.models import Product
from billing.usage.models import DailyTotal, DailyUsage, EventHorizon, StaleDay, UsageEvent
from billing.usage.services import rolling
from billing.usage.tasks import roll_up_usage
from portal.accounts.models import User
from tests.billing.usage.world import added_up, counts, event, figures, on, reckoned, recorded
from tests.portal.core.threads import race

DAY = date(2026, 3, 18)


@pytest.mark.django_db
def test_a_day_by_member_and_metric(erp: Product, owner: User, sacco: Product) -> None:
    member = str(owner.public_id)
    recorded(
        erp,
        event(1, value=3),
        event(2, value=4, occurred_at=on(18, 8)),
        event(3, value=5, member=member),
        event(4, value=80, metric="storage", occurred_at=on(18, 10)),
        event(5, value=70, metric="storage", occurred_at=on(18, 11)),
        event(6, value=90, metric="storage", occurred_at=on(17, 23, 59)),
    )
    recorded(sacco, event(1, company="ridgeline-sacco", metric="storage", value=12))
    assert not DailyUsage.objects.exists()
    assert rolling.roll_up() == 3
    assert not StaleDay.objects.exists()
    assert figures() == [
        ("ridgeline-sacco", "sacco", "storage", None, DAY, 12, 1, 12, 12, on(18)),
        ("savanna-foods", "erp", "payslips", "owner@savanna.example", DAY, 5, 1, 5, 5, on(18)),
        ("savanna-foods", "erp", "payslips", None, DAY, 7, 2, 4, 3, on(18)),
        ("savanna-foods", "erp", "storage", None, date(2026, 3, 17), 90, 1, 90, 90, on(17, 23, 59)),
        ("savanna-foods", "erp", "storage", None, DAY, 150, 2, 80, 70, on(18, 11)),
    ]
    assert added_up() == [
        ("ridgeline-sacco", "sacco", "storage", DAY, 12, 1, 12, 12, on(18)),
        ("savanna-foods", "erp", "payslips", DAY, 12, 3, 5, 5, on(18)),
        ("savanna-foods", "erp", "storage", date(2026, 3, 17), 90, 1, 90, 90, on(17, 23, 59)),
        ("savanna-foods", "erp", "storage", DAY, 150, 2, 80, 70, on(18, 11)),
    ]


@pytest.mark.django_db
def test_of_one_instant_the_greatest_id_is_the_last(erp: Product) -> None:
    recorded(erp, event("b", value=2, metric="storage"), event("a", value=9, metric="storage"))
    rolling.roll_up()
    assert [row[5:9] for row in figures()] == [(11, 2, 9, 2)]


@pytest.mark.django_db
def test_late_and_repeated_events_change_their_own_day_alone(erp: Product) -> None:
    recorded(erp, event(1), event(2, occurred_at=on(2)))
    rolling.roll_up()
    before = {row["pk"]: row for row in DailyUsage.objects.values("pk", "used_on", "total")}
    recorded(erp, event(1, value=5), event(3, occurred_at=on(2), value=6))
    assert rolling.roll_up() == 2
    after = {row["pk"]: row for row in DailyUsage.objects.values("pk", "used_on", "total")}
    assert sorted((row["used_on"].day, row["total"]) for row in after.values()) == [(2, 7), (18, 1)]
    assert after.keys() == before.keys()


@pytest.mark.django_db
def test_sums_that_the_database_cannot_hold_stop_nothing(erp: Product, owner: User) -> None:
    recorded(erp, event(1), event(2))
    recorded(erp, event(3, member=str(owner.public_id)))
    UsageEvent.objects.update(value=2**63 - 1)
    rolling.roll_up()
    assert [row[5] for row in figures()] == [2**63 - 1] * 2
    assert [row[4] for row in added_up()] == [2**63 - 1]


@pytest.mark.django_db
def test_days_are_taken_a_few_at_a_time_and_the_rest_waits(erp: Product) -> None:
    recorded(erp, *(event(day, occurred_at=on(day)) for day in range(1, 6)))
    until = StaleDay.objects.latest("pk").pk
    assert [rolling.take(until=until, most=2) for _ in range(4)] == [2, 2, 1, 0]
    assert DailyUsage.objects.count() == 5


@pytest.mark.django_db
def test_the_worker_and_the_command_make_the_same(erp: Product) -> None:
    recorded(erp, event(1))
    roll_up_usage()
    assert [row[5] for row in figures()] == [1]
    recorded(erp, event(2))
    out = StringIO()
    call_command("update_usage_metrics", stdout=out)
    assert out.getvalue() == "Figures of 1 days of companies' products were made.\n"
    assert [row[5] for row in figures()] == [2]


@pytest.mark.django_db
def test_a_day_is_reckoned_anew_by_the_command(erp: Product) -> None:
    recorded(erp, event(1), event(2, occurred_at=on(17)))
    rolling.roll_up()
    good, sums = figures(), added_up()
    DailyUsage.objects.filter(used_on=DAY).update(total=99)
    DailyTotal.objects.filter(used_on=DAY).update(total=98)
    # A figure of which there is no event.
    row = DailyUsage.objects.get(used_on=DAY)
    row.pk, row.metric_id = None, erp.metrics.get(slug="storage").pk
    row.save()
    rolling.add_up(companies=[row.company_id])
    assert len(added_up()) == 3
    call_command("update_usage_metrics", date=DAY, stdout=StringIO())
    assert (figures(), added_up()) == (good, sums)


@pytest.mark.django_db
def test_days_of_which_events_are_gone_stay_as_they_are(erp: Product) -> None:
    recorded(erp, event(1), event(2, occurred_at=on(17)))
    rolling.roll_up()
    good = figures()
    UsageEvent.objects.all().delete()
    EventHorizon.objects.create(pk=1, kept_from_on=DAY)
    assert rolling.rebuild(first=date(2026, 1, 1), last=date(2026, 3, 17)) == 0
    rolling.roll_up()
    assert figures() == good


Batch = list[dict[str, Any]]
EVENTS = st.builds(
    lambda number, day, hour, metric, member, value: (number, day, hour, metric, member, value),
    st.integers(1, 25),
    st.integers(14, 18),
    st.integers(0, 11),
    st.sampled_from(["payslips", "storage"]),
    st.booleans(),
    st.integers(0, 1000),
)


def expected(rows: list[tuple[int, int, int, str, bool, int]]) -> dict[tuple[Any, ...], tuple[int, int, int, int]]:
    """Total, events, highest and last of each day, metric and member, reckoned here from the first of each id."""
    first: dict[int, tuple[int, int, int, str, bool, int]] = {}
    for row in rows:
        first.setdefault(row[0], row)
    groups = defaultdict(list)
    for number, day, hour, metric, member, value in first.values():
        groups[day, metric, member].append((hour, f"e-{number}", value))
    return {
        key: (sum(v for *_, v in found), len(found), max(v for *_, v in found), max(found)[2])
        for key, found in groups.items()
    }


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(EVENTS, min_size=1, max_size=40), cuts=st.lists(st.integers(1, 8), min_size=1), seed=st.randoms())
def test_any_order_and_any_batches_give_what_a_rebuild_gives(
    rows: Any, cuts: list[int], seed: Any, erp: Product, owner: User
) -> None:
    with transaction.atomic():
        left, sent = list(rows), []
        for cut in cuts * len(rows):
            batch, left = left[:cut], left[cut:]
            if not batch:
                break
            # Now and then something is sent again, and now and then the worker comes by.
            sent += batch
            again = [row for row in sent if seed.random() < 0.2]
            recorded(erp, *(_event(row, owner) for row in [*batch, *again]))
            if seed.random() < 0.5:
                rolling.take(until=2**62, most=2)
        rolling.roll_up()
        found = figures()
        read = {(row[4].day, row[2], row[3] is not None): row[5:9] for row in found}
        assert read == expected(rows)
        sums = added_up()
        assert sums == reckoned(found)
        DailyUsage.objects.all().delete()
        DailyTotal.objects.all().delete()
        rolling.rebuild(first=date(2026, 3, 1), last=DAY)
        rolling.roll_up()
        assert (figures(), added_up()) == (found, sums)
        # What one member did is nobody's from now on, and all that was done stays.
        rolling.forget(user_id=owner.pk)
        rolling.roll_up()
        assert added_up() == reckoned(figures())
        assert [row[:7] for row in added_up()] == [row[:7] for row in sums]
        transaction.set_rollback(True)


def _event(row: tuple[int, int, int, str, bool, int], owner: User) -> dict[str, Any]:
    number, day, hour, metric, member, value = row
    return event(
        number,
        occurred_at=on(day, hour),
        metric=metric,
        value=value,
        member=str(owner.public_id) if member else None,
    )


@pytest.mark.django_db(transaction=True)
def test_batches_and_roll_ups_at_once_lose_and_double_nothing(erp: Product) -> None:
    numbers = range(200)
    forwards = [event(number, value=2) for number in numbers]

    def act(number: int) -> int:
        """Send all of it, from one end or the other, or roll up as the worker does."""
        if number > 1:
            return sum(rolling.roll_up() for _ in range(10))
        batch = forwards[::-1] if number else forwards
        return sum(recorded(erp, *batch[start : start + 20]).accepted for start in range(0, len(batch), 20))

    results = race(act, threads=4)
    assert results[0] + results[1] == 200
    rolling.roll_up()
    assert [row[5:7] for row in figures()] == [(400, 200)]
    assert [row[4:6] for row in added_up()] == [(400, 200)]
    assert counts(recorded(erp, *forwards)) == (0, 200, [])


@pytest.mark.django_db(transaction=True)
def test_what_is_killed_between_leaves_the_day_waiting(erp: Product) -> None:
    recorded(erp, event(1))
    with transaction.atomic():
        assert rolling.roll_up() == 1
        transaction.set_rollback(True)
    assert (figures(), added_up(), StaleDay.objects.count()) == ([], [], 1)
    assert rolling.roll_up() == 1
    assert [row[5] for row in figures()] == [1]


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_is_not_saved_yet_waits_for_the_next_turn(erp: Product) -> None:
    """The worker takes a day while another batch of it is under way: that batch has left a row of its own."""
    recorded(erp, event(1))

    def roll() -> None:
        rolling.roll_up()
        connection.close()

    with transaction.atomic():
        recorded(erp, event(2))
        thread = Thread(target=roll)
        thread.start()
        thread.join()
        assert [row[5] for row in figures()] == [1]
    assert StaleDay.objects.count() == 1
    rolling.roll_up()
    assert [row[5] for row in figures()] == [2]
