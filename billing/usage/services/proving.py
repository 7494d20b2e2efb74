"""Proof that what all members used together is what each of them used, added up: charges for use are made of it."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, F, Max, OuterRef, Q, Subquery, Sum

from billing.usage.models import DailyTotal, DailyUsage

NAMES = ("metric__slug", "product__slug", "company__slug", "used_on")
KEPT = ("total", "events", "highest")
PLACE = ("company", "product", "metric", "used_on")
# More than the database can hold is kept as the most that it can.
MOST = 2**63 - 1


def totals_agree() -> Iterator[str]:
    """Each day's total is the sum of its members' rows, with as many events and the same highest; none is missing."""
    same = {name: OuterRef(name) for name in PLACE}
    members = DailyUsage.objects.filter(**same).order_by().values(*PLACE)
    sums = {"all": Sum("total"), "number": Sum("events"), "most": Max("highest")}
    read = {name: Subquery(members.annotate(one=sum_of).values("one")) for name, sum_of in sums.items()}
    agreed = Q(total=F("all"), events=F("number"), highest=F("most"))
    rows = DailyTotal.objects.annotate(**read).filter(Q(all=None) | ~agreed)
    for *place, kept, events, highest, total, number, most in rows.values_list(*NAMES, *KEPT, *sums).iterator():
        if total is None or (min(total, MOST), number, most) != (kept, events, highest):
            yield f"{_named(*place)} has a total of {kept}, and its members' figures make {total or 0}"
    without = DailyUsage.objects.exclude(Exists(DailyTotal.objects.filter(**same)))
    for place in without.values_list(*NAMES).iterator():
        yield f"{_named(*place)} has figures of members and no total"


def _named(metric: str, product: str, company: str, day: date) -> str:
    return f"{metric} of {product} at {company} on {day}"
