"""What is counted of a batch, and what is refused."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.catalog.models import Product
from billing.subscriptions.models import ProductAccess
from billing.usage.models import EventHorizon, StaleDay, UsageEvent
from billing.usage.services import recording, rolling
from portal.accounts.models import Company, Membership, User
from tests.billing.usage.world import NOW, counts, event, on, recorded
from tests.factories import CompanyFactory, MembershipFactory, MetricFactory, ProductAccessFactory

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def test_events_are_kept_with_what_they_name(erp: Product, company: Company, owner: User) -> None:
    by_id = event(2, company=str(company.public_id), member=str(owner.public_id).upper(), value=7, product="erp")
    assert counts(recorded(erp, event(1), by_id)) == (2, 0, [])
    rows = UsageEvent.objects.order_by("event_id").values_list(
        "event_id", "company__slug", "product__slug", "metric__slug", "user__email", "value", "occurred_at", "used_on",
        "received_at",
    )  # fmt: skip
    day = on(18).date()
    assert list(rows) == [
        ("e-1", "savanna-foods", "erp", "payslips", None, 1, on(18), day, NOW),
        ("e-2", "savanna-foods", "erp", "payslips", "owner@savanna.example", 7, on(18), day, NOW),
    ]


def test_an_id_counts_once_and_the_first_stands(erp: Product, sacco: Product) -> None:
    assert counts(recorded(erp, event(1, value=3), event(1, value=9), event(2))) == (2, 1, [])
    assert counts(recorded(erp, event(2, value=50), event(3), event(1))) == (1, 2, [])
    assert dict(UsageEvent.objects.values_list("event_id", "value")) == {"e-1": 3, "e-2": 1, "e-3": 1}
    # Another product has ids of its own.
    other = event(1, company="ridgeline-sacco", metric="storage", value=5)
    assert counts(recorded(sacco, other)) == (1, 0, [])
    assert UsageEvent.objects.filter(event_id="e-1").count() == 2


def test_a_batch_that_is_known_already_leaves_nothing_to_do(erp: Product) -> None:
    recorded(erp, event(1))
    rolling.roll_up()
    assert counts(recorded(erp, event(1))) == (0, 1, [])
    assert not StaleDay.objects.exists()


REFUSED: list[tuple[str, Any]] = [
    ("invalid_event", "an event"),
    ("invalid_event", None),
    ("invalid_event", [1]),
    ("invalid_id", event() | {"id": ""}),
    ("invalid_id", event() | {"id": 5}),
    ("invalid_id", event() | {"id": "x" * 101}),
    ("invalid_id", event() | {"id": "a\x00b"}),
    ("invalid_id", event() | {"id": "\ud800"}),
    ("invalid_company", event() | {"company": None}),
    ("invalid_company", event() | {"company": "a\x00"}),
    ("invalid_metric", event() | {"metric": 3}),
    ("invalid_member", event() | {"member": ["x"]}),
    ("invalid_member", event() | {"member": ""}),
    ("other_product", event() | {"product": "sacco"}),
    ("other_product", event() | {"product": ["erp"]}),
    ("invalid_value", event() | {"value": -1}),
    ("invalid_value", event() | {"value": 1.5}),
    ("invalid_value", event() | {"value": 2.0}),
    ("invalid_value", event() | {"value": True}),
    ("invalid_value", event() | {"value": "3"}),
    ("invalid_value", event() | {"value": None}),
    ("invalid_value", event() | {"value": 10**12 + 1}),
    ("invalid_occurred_at", event() | {"occurred_at": None}),
    ("invalid_occurred_at", event() | {"occurred_at": 1_700_000_000}),
    ("invalid_occurred_at", event() | {"occurred_at": "2026-03-18T09:00:00"}),
    ("invalid_occurred_at", event() | {"occurred_at": "2026-02-30T09:00:00Z"}),
    ("invalid_occurred_at", event() | {"occurred_at": "2026-03-18"}),
    ("invalid_occurred_at", event() | {"occurred_at": "2026-03-18T09:00:00+25:00"}),
    ("too_old", event() | {"occurred_at": "0001-01-01T00:00:00+14:00"}),
    ("in_future", event() | {"occurred_at": "9999-12-31T23:59:59-14:00"}),
    ("unknown_company", event() | {"company": "nobody"}),
    ("unknown_company", event() | {"company": str(uuid4())}),
    # What other companies there are is nothing that a product learns.
    ("unknown_company", event() | {"company": "ridgeline-sacco"}),
    ("unknown_metric", event() | {"metric": "loans"}),
    ("unknown_metric", event() | {"metric": "nonsense"}),
    ("unknown_member", event() | {"member": str(uuid4())}),
    ("unknown_member", event() | {"member": "somebody"}),
]


def test_each_wrong_event_is_named_and_keeps_no_other_from_being_counted(erp: Product, sacco: Product) -> None:
    sacco.metrics.add(MetricFactory.create(slug="loans"))
    sacco.save()
    receipt = recorded(erp, *(wrong for _code, wrong in REFUSED), event("good"))
    assert counts(receipt) == (1, 0, [(index, code) for index, (code, _wrong) in enumerate(REFUSED)])
    assert list(UsageEvent.objects.values_list("event_id", flat=True)) == ["e-good"]
    assert [one.id for one in receipt.rejected[:5]] == [None, None, None, None, None]
    assert receipt.rejected[-1].id == "e-1"
    assert all(one.detail.endswith(".") for one in receipt.rejected)


def test_members_of_other_companies_are_unknown(erp: Product, owner: User, stranger: User) -> None:
    receipt = recorded(erp, event(1, member=str(stranger.public_id)), event(2, member=str(owner.public_id)))
    assert counts(receipt) == (1, 0, [(0, "unknown_member")])


def test_late_events_of_somebody_who_has_left_count(erp: Product, owner: User, viewer: User) -> None:
    recorded(erp, event(1, member=str(viewer.public_id)))
    rolling.roll_up()
    Membership.objects.all().delete()
    receipt = recorded(erp, event(2, member=str(viewer.public_id)), event(3, member=str(owner.public_id)))
    assert counts(receipt) == (1, 0, [(1, "unknown_member")])


def test_late_events_count_on_their_own_day_for_35_days(erp: Product) -> None:
    oldest = NOW - timedelta(days=35)
    receipt = recorded(
        erp,
        event(1, occurred_at=oldest),
        event(2, occurred_at=oldest - SECOND),
        event(3, occurred_at=NOW + timedelta(minutes=10)),
        event(4, occurred_at=NOW + timedelta(minutes=10) + SECOND),
        event(5, occurred_at="2026-03-17t20:59:59.999z"),
        event(6, occurred_at="2026-03-17T21:00:00Z"),
    )
    assert counts(receipt) == (4, 0, [(1, "too_old"), (3, "in_future")])
    days = dict(UsageEvent.objects.values_list("event_id", "used_on"))
    assert {key: f"{day:%m-%d}" for key, day in days.items()} == {
        "e-1": "02-11",
        "e-3": "03-18",
        # The day is that of Nairobi, three hours ahead of UTC.
        "e-5": "03-17",
        "e-6": "03-18",
    }


def test_days_of_which_events_are_gone_take_no_more(erp: Product) -> None:
    EventHorizon.objects.create(pk=1, kept_from_on=on(17).date())
    receipt = recorded(erp, event(1, occurred_at=on(16, 23, 59)), event(2, occurred_at=on(17, 0)))
    assert counts(receipt) == (1, 0, [(0, "too_old")])


def test_a_company_that_had_the_product_once_may_be_late(erp: Product, company: Company) -> None:
    ProductAccess.objects.update(is_open=False)
    assert counts(recorded(erp, event(1))) == (1, 0, [])


def test_an_erased_company_is_unknown(erp: Product, company: Company) -> None:
    Company.objects.filter(pk=company.pk).update(erased_at=NOW)
    assert counts(recorded(erp, event(1))) == (0, 0, [(0, "unknown_company")])


def test_a_slug_that_is_another_companys_id_takes_nothing_from_it(
    erp: Product, company: Company, other_company: Company
) -> None:
    ProductAccessFactory.create(company=other_company, product=erp)
    Company.objects.filter(pk=other_company.pk).update(slug=str(company.public_id))
    named = str(company.public_id)
    assert counts(recorded(erp, event(1, company=named), event(2, company=named.upper().replace("-", "")))) == (
        2,
        0,
        [],
    )
    assert set(UsageEvent.objects.values_list("company", flat=True)) == {company.pk}


def test_a_batch_of_more_than_a_thousand_is_refused_whole(erp: Product) -> None:
    with pytest.raises(recording.TooMany):
        recorded(erp, *(event(number) for number in range(1001)))
    assert not UsageEvent.objects.exists()
    assert counts(recorded(erp, *(event(number) for number in range(1000)))) == (1000, 0, [])


def queries(erp: Product, companies: int, start: int) -> int:
    """How many queries a batch takes, with an event for a member of each of so many companies."""
    events = []
    for number in range(start, start + companies):
        made = CompanyFactory.create()
        ProductAccessFactory.create(company=made, product=erp)
        member = MembershipFactory.create(company=made).user
        events.append(event(number, company=made.slug, member=str(member.public_id)))
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert counts(recorded(erp, *events)) == (companies, 0, [])
    return len(found)


def test_a_batch_of_many_companies_takes_as_many_queries_as_one_of_one(erp: Product) -> None:
    assert queries(erp, 1, 0) == queries(erp, 20, 100)
