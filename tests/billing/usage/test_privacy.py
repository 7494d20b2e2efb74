"""What archives hold, what an erasure takes, and what the nightly clean-up leaves."""

from datetime import date, timedelta

import pytest
from django.db.models import ProtectedError

from billing.catalog.models import Product
from billing.usage import privacy
from billing.usage.models import DailyTotal, DailyUsage, EventHorizon, StaleDay, UsageEvent
from billing.usage.services import rolling
from portal.accounts.models import Company, User
from portal.accounts.services import cleaning
from portal.core.privacy import Erasing
from tests.billing.usage.world import NOW, added_up, event, figures, on, reckoned, recorded

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 18)


def erasing(owner: Company | User) -> Erasing[object]:
    return Erasing(owner=owner, name="Somebody", addresses=frozenset(), at=NOW)


@pytest.fixture
def used(erp: Product, sacco: Product, owner: User, viewer: User) -> None:
    """Two members and nobody in particular, at one instant; another company too."""
    recorded(
        erp,
        event("b", value=2, metric="storage", member=str(owner.public_id)),
        event("a", value=7, metric="storage"),
        event("c", value=3, member=str(owner.public_id)),
        event("d", value=4, member=str(viewer.public_id)),
    )
    recorded(sacco, event(1, company="ridgeline-sacco", metric="storage", value=12))
    rolling.roll_up()


def test_archives_hold_the_days(used: None, company: Company, owner: User) -> None:
    rows = list(privacy.of_company(company))
    found = sorted((row["metric_slug"], row["total"]) for row in rows if row["member"] == owner.public_id)
    assert (len(rows), found) == (4, [("payslips", 3), ("storage", 2)])
    own = list(privacy.of_person(owner))
    assert sorted((row["metric_slug"], row["company_name"], row["total"]) for row in own) == [
        ("payslips", "Savanna Foods", 3),
        ("storage", "Savanna Foods", 2),
    ]


def test_what_an_erased_person_used_is_nobodys(used: None, owner: User) -> None:
    privacy.erase_person(erasing(owner))
    rolling.roll_up()
    assert [row[2:4] + row[5:9] for row in figures(company__slug="savanna-foods")] == [
        ("payslips", "viewer@savanna.example", 4, 1, 4, 4),
        ("payslips", None, 3, 1, 3, 3),
        ("storage", None, 9, 2, 7, 2),
    ]
    assert not UsageEvent.objects.filter(user=owner).exists()
    before = figures()
    rolling.rebuild(first=DAY, last=DAY)
    rolling.roll_up()
    assert figures() == before


def test_days_without_events_are_added_up_too(used: None, owner: User) -> None:
    UsageEvent.objects.all().delete()
    EventHorizon.objects.create(pk=1, kept_from_on=DAY + timedelta(days=1))
    sums = added_up()
    privacy.erase_person(erasing(owner))
    assert not StaleDay.objects.exists()
    assert added_up() == sums == reckoned(figures())
    assert [row[2:7] for row in figures(metric__slug="storage", company__slug="savanna-foods")] == [
        ("storage", None, DAY, 9, 2)
    ]


def test_what_was_not_rolled_up_yet_is_forgotten_as_well(erp: Product, owner: User) -> None:
    recorded(erp, event(1, member=str(owner.public_id)))
    privacy.erase_person(erasing(owner))
    rolling.roll_up()
    assert [row[3:6] for row in figures()] == [(None, DAY, 1)]


def test_nobody_whose_use_is_known_is_deleted_by_accident(used: None, owner: User) -> None:
    with pytest.raises(ProtectedError):
        owner.delete()
    assert User.objects.filter(pk=owner.pk).exists()


def test_an_erased_company_leaves_nothing_and_the_other_everything(used: None, company: Company) -> None:
    privacy.erase_company(erasing(company))
    assert (DailyUsage.objects.count(), UsageEvent.objects.count(), StaleDay.objects.count()) == (1, 1, 0)
    assert DailyUsage.objects.get().company.slug == DailyTotal.objects.get().company.slug == "ridgeline-sacco"


def test_old_events_go_and_their_figures_stay(erp: Product) -> None:
    recorded(erp, event(1, occurred_at=on(16)), event(2, occurred_at=on(17)), event(3))
    rolling.roll_up()
    recorded(erp, event(4, occurred_at=on(17)))
    before = figures()
    rows = privacy.old_events(on(18))[0]
    # The day of which something waits is left for the next night.
    assert list(rows.values_list("event_id", flat=True)) == ["e-1"]
    rolling.roll_up()
    after = figures()
    assert after != before
    for chunk in privacy.old_events(on(18)):
        privacy.forget_events(chunk)
    assert list(UsageEvent.objects.values_list("event_id", flat=True)) == ["e-3"]
    assert EventHorizon.objects.get().kept_from_on == DAY
    rolling.rebuild(first=date(2026, 1, 1), last=DAY)
    rolling.roll_up()
    assert figures() == after


def test_the_nightly_clean_up_knows_the_rules(erp: Product) -> None:
    recorded(erp, event(1))
    rolling.roll_up()
    cleaning.clean_up(at=NOW + timedelta(days=401))
    assert (UsageEvent.objects.count(), DailyUsage.objects.count(), DailyTotal.objects.count()) == (0, 1, 1)
    cleaning.clean_up(at=NOW + timedelta(days=5 * 365 + 1))
    assert DailyUsage.objects.count() == DailyTotal.objects.count() == 0
