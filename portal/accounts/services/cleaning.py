"""The nightly clean-up: what each retention rule says has been kept for long enough."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.models import RetentionPeriod
from portal.accounts.models.retention import MOST_DAYS
from portal.core.privacy import RetentionRule, retention_rules

BATCH = 1000
DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Line:
    """What one rule came to: how many rows ended before `limit`, and went or would go."""

    label: str
    days: int
    limit: datetime
    rows: int


def complete() -> None:
    """Make a row for each rule, so that staff find it."""
    missing = [RetentionPeriod(rule=code, days=retention_rules.get(code).days) for code in retention_rules]
    RetentionPeriod.objects.bulk_create(missing, ignore_conflicts=True)


def days_of(code: str) -> int:
    """The period of a rule, in days: the staff's, but never below the rule's minimum. Raises NotRegistered."""
    return _days(code, dict(RetentionPeriod.objects.filter(rule=code).values_list("rule", "days")))


def periods() -> list[tuple[str, str]]:
    """What is kept for how long, for people to read."""
    set_by_staff = dict(RetentionPeriod.objects.values_list("rule", "days"))
    return [(retention_rules.get(code).label, in_words(_days(code, set_by_staff))) for code in retention_rules]


def in_words(days: int) -> str:
    """A period in years where it comes to whole ones, else in days."""
    years = round(days / DAYS_A_YEAR)
    if not days:
        return _("not at all")
    if years and math.ceil(years * DAYS_A_YEAR) == days:
        return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def clean_up(*, at: datetime, dry_run: bool = False) -> list[Line]:
    """Delete what has been kept for long enough, in small transactions; a dry run counts it and changes nothing.

    It may be stopped and run again, and run twice at once.
    """
    set_by_staff = dict(RetentionPeriod.objects.values_list("rule", "days"))
    lines = []
    for code in retention_rules:
        rule, days = retention_rules.get(code), _days(code, set_by_staff)
        limit = at - timedelta(days=days)
        found = rule.expired(limit)
        rows = sum(expired.count() if dry_run else sum(_delete(rule, expired)) for expired in found)
        lines.append(Line(rule.label, days, limit, rows))
    return lines


def _days(code: str, set_by_staff: dict[str, int]) -> int:
    rule = retention_rules.get(code)
    return min(max(set_by_staff.get(code, rule.days), rule.least), MOST_DAYS)


def _delete(rule: RetentionRule, expired: QuerySet[Any]) -> Iterator[int]:
    """Delete batch by batch, in the order of keys, so that a row that stays is not met again."""
    rows, last = expired.order_by("pk"), None
    while batch := list((rows if last is None else rows.filter(pk__gt=last)).values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            rule.delete(expired.filter(pk__in=batch))
        yield len(batch)
        last = batch[-1]
