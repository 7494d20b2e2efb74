"""Which parts of a contract's line items are due when: pure reckoning, to the cent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from djmoney.money import Money

from portal.contracts.days import months_later
from portal.contracts.models import BillingTerms, ContractLineItem
from portal.core import money

Schedule = ContractLineItem.Schedule
STEPS = {BillingTerms.Frequency.MONTHLY.value: 1, BillingTerms.Frequency.QUARTERLY.value: 3}
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a line item: the `number`th, for the days `starts_on` <= day < `ends_on`."""

    item: ContractLineItem
    number: int
    description: str
    starts_on: date
    ends_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Planned:
    """What is due on one day, and the days until something is due again; the discount is not above nothing."""

    starts_on: date
    ends_on: date
    due_on: date
    parts: tuple[Part, ...]
    discount: Money

    @property
    def total(self) -> Money:
        """What it charges, without tax."""
        return money.total([*(part.amount for part in self.parts), self.discount], self.discount.currency)


def end_of(*, schedule: str, starts_on: date, months: int) -> date:
    """The first day after a line item."""
    return starts_on + DAY if schedule == Schedule.ONE_OFF else months_later(starts_on, months)


def discount_on(amounts: Sequence[Money], percent: Decimal, currency: str) -> Money:
    """What a discount takes off, rounded half up: nothing, or less than nothing."""
    whole = money.total(amounts, currency)
    return money.round_half_up(-whole * percent / 100)


def plan(
    items: Sequence[ContractLineItem], terms: BillingTerms, *, percent: Decimal, currency: str
) -> tuple[Planned, ...]:
    """All periods of these line items, in their order; together they charge each item wholly and exactly."""
    if terms.frequency == BillingTerms.Frequency.CUSTOM:
        spans = _custom_spans(items, terms.days)
        groups = _given(items, spans, terms.amounts) if terms.amounts else _shared(items, spans)
    else:
        parts = [part for item in items for part in _parts(item, STEPS[terms.frequency])]
        spans, groups = _spans(parts), _by_day(parts)
    return _periods(spans, groups, percent, currency)


def plan_renewal(
    items: Sequence[ContractLineItem], terms: BillingTerms, *, months: int, percent: Decimal, currency: str
) -> tuple[Planned, ...]:
    """The periods of so many months more of recurring items, which go on where they end now; parts count anew.

    Terms of days of their own have none.
    """
    parts: list[Part] = []
    for item in items:
        done = item.months + item.renewed_months
        parts += _cut(item, STEPS[terms.frequency], done, done + months)
    return _periods(_spans(parts), _by_day(parts), percent, currency)


def _periods(
    spans: Sequence[tuple[date, date, date]], groups: Mapping[date, Sequence[Part]], percent: Decimal, currency: str
) -> tuple[Planned, ...]:
    return tuple(
        Planned(start, end, due, tuple(found), discount_on([part.amount for part in found], percent, currency))
        for start, end, due in spans
        if (found := [part for part in groups.get(due, ()) if part.amount.amount])
    )


def _parts(item: ContractLineItem, step: int) -> Iterator[Part]:
    """An item month by month, or several months at once; what is charged once is one part."""
    if item.schedule == Schedule.ONE_OFF:
        yield Part(item, 1, item.description, item.starts_on, item.ends_on, item.price)
        return
    signed = list(_cut(item, step, 0, item.months))
    yield from signed
    # What renewals have added begins anew with whole steps.
    yield from _cut(item, step, item.months, item.months + item.renewed_months, after=len(signed))


def _cut(item: ContractLineItem, step: int, first: int, last: int, *, after: int = 0) -> Iterator[Part]:
    """The months `first` <= month < `last` of an item, so many at once, after so many other parts."""
    is_split = item.schedule == Schedule.INSTALMENTS
    by_month = money.split(item.price, item.months) if is_split else [item.price] * last
    count = -(-(last - first) // step)
    for number in range(1, count + 1):
        start, end = first + (number - 1) * step, min(first + number * step, last)
        yield Part(
            item,
            after + number,
            _named(item, number, count),
            months_later(item.starts_on, start),
            months_later(item.starts_on, end),
            money.total(by_month[start:end], item.price.currency),
        )


def _named(item: ContractLineItem, number: int, count: int) -> str:
    """Of recurring charges the days say which they are; of an amount in parts, the number does."""
    if count == 1 or item.schedule != Schedule.INSTALMENTS:
        return item.description
    return f"{item.description}, {number} of {count}"


def _by_day(parts: Sequence[Part]) -> dict[date, list[Part]]:
    return {day: [part for part in parts if part.starts_on == day] for day in _days(parts)}


def _days(parts: Sequence[Part]) -> list[date]:
    return sorted({part.starts_on for part in parts})


def _spans(parts: Sequence[Part]) -> list[tuple[date, date, date]]:
    """A period begins on each day on which something is due; it ends with what it charges, or where the next begins."""
    days, spans = _days(parts), []
    for place, day in enumerate(days):
        end = max(part.ends_on for part in parts if part.starts_on <= day)
        following = days[place + 1] if place + 1 < len(days) else end
        spans.append((day, min(end, following), day))
    return spans


def _custom_spans(items: Sequence[ContractLineItem], days: Sequence[date]) -> list[tuple[date, date, date]]:
    """From each day of the terms to the next; the first reaches back, and the last on, as far as there are items."""
    first = min([days[0], *(item.starts_on for item in items)])
    end = max([days[-1] + DAY, *(item.ends_on for item in items)])
    starts, ends = [first, *days[1:]], [*days[1:], end]
    return list(zip(starts, ends, days, strict=True))


def _shared(items: Sequence[ContractLineItem], spans: Sequence[tuple[date, date, date]]) -> dict[date, list[Part]]:
    """Each item split alike over the periods in which it runs."""
    groups: dict[date, list[Part]] = {due: [] for _start, _end, due in spans}
    for item in items:
        last = item.starts_on + DAY if item.schedule == Schedule.ONE_OFF else item.ends_on
        met = [span for span in spans if span[0] < last and item.starts_on < span[1]]
        shares = money.split(item.total, len(met))
        for number, ((start, end, due), share) in enumerate(zip(met, shares, strict=True), start=1):
            days = max(start, item.starts_on), min(end, item.ends_on)
            groups[due].append(Part(item, number, _counted(item, number, len(met)), *days, share))
    return groups


def _given(
    items: Sequence[ContractLineItem], spans: Sequence[tuple[date, date, date]], amounts: Sequence[Decimal]
) -> dict[date, list[Part]]:
    """Amounts as they were agreed, taken from the items in their order."""
    groups: dict[date, list[Part]] = {due: [] for _start, _end, due in spans}
    left = {item.pk: item.total for item in items}
    numbers = dict.fromkeys(left, 0)
    for (start, end, due), amount in zip(spans, amounts, strict=True):
        wanted = amount
        for item in items:
            taken = min(wanted, left[item.pk].amount)
            if taken:
                numbers[item.pk] += 1
                share = money.round_half_up(Money(taken, item.price.currency))
                groups[due].append(Part(item, numbers[item.pk], item.description, start, end, share))
                left[item.pk] -= share
                wanted -= taken
    return groups


def _counted(item: ContractLineItem, number: int, count: int) -> str:
    return item.description if count == 1 else f"{item.description}, {number} of {count}"
