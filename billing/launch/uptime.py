"""How a product did lately, as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from billing.catalog.models import Product
from billing.launch.models import HealthDay, Incident, State

DAYS = 90
INCIDENTS = 5
# From so many failures among a day's checks on, the day counts as one on which the product did not work.
BAD_SHARE = Decimal("0.05")
WORDS = {
    State.UP: "no failure",
    State.DEGRADED: "slow or failing now and then",
    State.DOWN: "not working for a time",
    State.UNKNOWN: "not asked",
}


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the bar."""

    day: date
    state: str
    checks: int = 0
    failures: int = 0
    mean_ms: int | None = None

    @property
    def text(self) -> str:
        """The day and how it was."""
        return f"{date_format(self.day, 'j F')}: {WORDS[State(self.state)]}"


@dataclass(frozen=True, slots=True)
class Uptime:
    """The last 90 days: a bar of days, the share of good answers in percent, and the last incidents."""

    days: list[Day]
    percent: Decimal | None
    incidents: list[dict[str, object]]

    @property
    def bad_days(self) -> list[Day]:
        """The days with failures, the last first."""
        return [day for day in reversed(self.days) if day.failures]

    @property
    def summary(self) -> str:
        """The bar in a sentence."""
        if self.percent is None:
            return _("Nothing is known of the last %(days)s days.") % {"days": DAYS}
        shown = f"{self.percent.normalize():f}"
        said = _("%(percent)s %% of all checks of the last %(days)s days were good") % {"percent": shown, "days": DAYS}
        bad = len(self.bad_days)
        return f"{said}; {_('failures on %(count)s of them') % {'count': bad}}." if bad else f"{said}."


def of(product: Product, *, at: datetime) -> Uptime:
    """The last 90 days of a product; two queries."""
    today = timezone.localdate(at)
    first = today - timedelta(days=DAYS - 1)
    known = {row.checked_on: row for row in HealthDay.objects.of(product).filter(checked_on__gte=first)}
    days = [_day(first + timedelta(days=number), known.get(first + timedelta(days=number))) for number in range(DAYS)]
    incidents = Incident.objects.of(product)[:INCIDENTS]
    return Uptime(days, _percent(list(known.values())), [_incident(one, at) for one in incidents])


def _day(day: date, row: HealthDay | None) -> Day:
    if row is None or not row.checks:
        return Day(day, State.UNKNOWN)
    if row.failures >= row.checks * BAD_SHARE:
        state = State.DOWN if row.failures else State.UP
    else:
        state = State.DEGRADED if row.failures or row.degraded * 2 > row.checks else State.UP
    return Day(day, state, row.checks, row.failures, row.mean_ms)


def _percent(rows: Sequence[HealthDay]) -> Decimal | None:
    """Good answers among all checks, rounded down to two decimals, so that 100 means all of them."""
    checks = sum(row.checks for row in rows)
    good = checks - sum(row.failures for row in rows)
    return (Decimal(good) * 100 / checks).quantize(Decimal("0.01"), ROUND_DOWN) if checks else None


def _incident(one: Incident, at: datetime) -> dict[str, object]:
    """An incident as components/timeline.html takes it."""
    lasted = timesince(one.started_at, one.ended_at or at, depth=1)
    text = _("It did not work for %(time)s") if one.ended_at else _("It does not work, since %(time)s ago")
    return {
        "text": text % {"time": lasted},
        "note": one.note,
        "at": one.started_at,
        "when": date_format(timezone.localtime(one.started_at), "j F, H:i"),
        "icon": "circle-check" if one.ended_at else "triangle-alert",
        "kind": "" if one.ended_at else "danger",
    }
