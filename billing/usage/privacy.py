"""What archives hold of use, what an erasure takes of it, and for how long events and figures are kept."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Max, QuerySet
from django.utils import timezone

from billing.usage.models import DailyTotal, DailyUsage, EventHorizon, StaleDay, UsageEvent
from billing.usage.services import checking, rolling
from portal.accounts.models import Company, User
from portal.core.privacy import Eraser, Erasing, Exporter, Record, RetentionRule

FIGURES = ("used_on", "total", "events", "highest", "last", "last_at")
WORDS = {"product_slug": F("product__slug"), "metric_slug": F("metric__slug")}


def of_company(company: Company) -> Iterable[Record]:
    """What the company used, day by day; members by their id."""
    rows = DailyUsage.objects.for_company(company).order_by("used_on", "pk")
    return rows.values(*FIGURES, **WORDS, member=F("user__public_id")).iterator()


def of_person(user: User) -> Iterable[Record]:
    """What the person used, day by day, at each company."""
    rows = DailyUsage.objects.filter(user=user).order_by("used_on", "pk")
    return rows.values(*FIGURES, **WORDS, company_name=F("company__name")).iterator()


def erase_company(erasing: Erasing[Company]) -> None:
    """Forget all use; what was charged for it stands on invoices."""
    for model in (StaleDay, UsageEvent, DailyUsage, DailyTotal):
        model._default_manager.filter(company=erasing.owner).delete()


def erase_person(erasing: Erasing[User]) -> None:
    """Leave to the companies what was used, and forget who it was."""
    rolling.forget(user_id=erasing.owner.pk)


def old_events(limit: datetime) -> Sequence[QuerySet[Any]]:
    """Events of days before then that are in the daily figures."""
    return [UsageEvent.objects.before(timezone.localdate(limit))]


def forget_events(rows: QuerySet[Any]) -> None:
    """Delete events; from now on the figures of their days stay as they are."""
    last = UsageEvent.objects.filter(pk__in=rows.values("pk")).aggregate(day=Max("used_on"))["day"]
    if last:
        horizon = EventHorizon.objects.select_for_update().first() or EventHorizon(pk=1, kept_from_on=last)
        horizon.kept_from_on = max(horizon.kept_from_on, last + timedelta(days=1))
        horizon.save()
    rows.delete()


def old_figures(limit: datetime) -> Sequence[QuerySet[Any]]:
    """Daily figures of days before then."""
    return [model._default_manager.filter(used_on__lt=timezone.localdate(limit)) for model in (DailyUsage, DailyTotal)]


COMPANY = {"usage": Exporter(of_company)}
PERSON = {"usage": Exporter(of_person)}
COMPANY_ERASER = Eraser("What was used of the products", erase_company)
PERSON_ERASER = Eraser("That it was you who used products; how much was used stays with the company.", erase_person)
RULES = {
    "usage_events": RetentionRule(
        "Events of use, of which the daily figures are made",
        days=400,
        expired=old_events,
        least=2 * checking.LATE.days,
        why="Events may come 35 days late, and a day is reckoned from all of its events.",
        delete=forget_events,
    ),
    "usage_figures": RetentionRule(
        "Daily figures of use",
        days=5 * 365,
        expired=old_figures,
        least=2 * 365,
        why="Charges for use and trends against the year before are reckoned from them.",
    ),
}
