"""Billing periods: reckoned anew when their lines change, and in step with their invoices."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db.models import Max
from djmoney.money import Money

from portal.contracts import reckoning
from portal.contracts.charging import charging
from portal.contracts.models import BillingPeriod, BillingPeriodLine, Contract
from portal.contracts.reckoning import Part, Planned
from portal.contracts.services import costs

Status = BillingPeriod.Status


@dataclass(slots=True)
class Sheet:
    """A period with its lines, under lock; `is_drawn` says that an invoice or a draft has some of them."""

    period: BillingPeriod
    lines: list[BillingPeriodLine] = field(default_factory=list)
    is_drawn: bool = False

    @property
    def discount(self) -> BillingPeriodLine | None:
        """Its discount line."""
        return next((line for line in self.lines if line.item_id is None), None)

    @property
    def charged(self) -> list[BillingPeriodLine]:
        """The lines of items that stand."""
        return [line for line in self.lines if line.item_id is not None and not line.is_withdrawn]

    @property
    def is_open(self) -> bool:
        """Whether lines may still be withdrawn from it, and come back."""
        period = self.period
        return not self.is_drawn and (
            period.status == Status.PENDING or (period.status == Status.CANCELLED and not period.invoice_number)
        )


def sheets(contract: Contract) -> list[Sheet]:
    """All periods of a locked contract with their lines, in order and under lock."""
    rows = BillingPeriod.objects.filter(contract=contract).order_by("sequence").select_for_update()
    found = {row.pk: Sheet(row) for row in rows}
    lines = BillingPeriodLine.objects.filter(period__in=found).order_by("pk")
    for line in lines:
        sheet = found[line.period_id]
        line.period, sheet.period.contract = sheet.period, contract
        sheet.lines.append(line)
    drawn = {key for way in charging.all() for key in way.drawn(list(lines))}
    for sheet in found.values():
        sheet.is_drawn = any(line.pk in drawn for line in sheet.lines)
    return list(found.values())


def reckon(contract: Contract, changed: Sequence[Sheet], *, at: datetime) -> None:
    """Save open periods whose lines have changed: sums, discounts and states, and what is charged of them."""
    for sheet in changed:
        _add_up(contract, sheet)
    BillingPeriodLine.objects.bulk_update(
        [line for sheet in changed for line in sheet.lines], ["period", "amount", "is_withdrawn"]
    )
    BillingPeriod.objects.bulk_update([sheet.period for sheet in changed], ["amount", "status", "due_on"])
    lines = list(chain.from_iterable(sheet.lines for sheet in changed))
    for way in charging.all():
        way.withdraw(lines)
        way.charge(contract, [line for line in lines if not line.is_withdrawn], at=at)


def create(contract: Contract, plan: Sequence[Planned], *, at: datetime) -> list[BillingPeriodLine]:
    """Add periods to a locked contract, after those it has, and have them charged as they come due."""
    last = contract.billing_periods.order_by("sequence").last()
    rows = list(_rows(contract, plan, last))
    counted = dict(
        BillingPeriodLine.objects.filter(item__contract=contract).values_list("item").annotate(last=Max("number"))
    )
    lines = []
    for period, planned in zip(BillingPeriod.objects.bulk_create(rows), plan, strict=True):
        lines += [_line(period, part, counted.get(part.item.pk, 0)) for part in planned.parts]
        if contract.discount_percent:
            lines.append(costs.discount_line(contract, period, planned.discount))
    made = BillingPeriodLine.objects.bulk_create(lines)
    for way in charging.all():
        way.charge(contract, made, at=at)
    return made


def _rows(contract: Contract, plan: Sequence[Planned], last: BillingPeriod | None) -> Iterator[BillingPeriod]:
    """The periods one after another: what something moved to, beyond the days that were planned, keeps its days."""
    for number, planned in enumerate(plan, start=last.sequence + 1 if last else 1):
        starts_on = max(planned.starts_on, last.ends_on) if last else planned.starts_on
        last = BillingPeriod(
            contract=contract,
            sequence=number,
            starts_on=starts_on,
            ends_on=max(planned.ends_on, starts_on + reckoning.DAY),
            due_on=planned.due_on,
            amount=planned.total.amount,
        )
        yield last


def _line(period: BillingPeriod, part: Part, before: int) -> BillingPeriodLine:
    return BillingPeriodLine(
        period=period,
        item=part.item,
        number=before + part.number,
        description=part.description,
        amount=part.amount.amount,
        starts_on=part.starts_on,
        ends_on=part.ends_on,
    )


def postpone(period: BillingPeriod, *, today: date) -> None:
    """What is charged again has been due before and is due today: no invoice is dated back."""
    period.due_on = max(period.due_on, today)


def withdraw(contract: Contract, lines: Iterable[BillingPeriodLine], found: Sequence[Sheet], *, at: datetime) -> None:
    """Take lines out of open periods, of which these are all of the contract's."""
    gone = {line.pk for line in lines}
    changed = [sheet for sheet in found if sheet.is_open and any(line.pk in gone for line in sheet.charged)]
    for sheet in changed:
        for line in sheet.charged:
            line.is_withdrawn = line.is_withdrawn or line.pk in gone
    reckon(contract, changed, at=at)


def _add_up(contract: Contract, sheet: Sheet) -> None:
    period, charged = sheet.period, sheet.charged
    amounts = [Money(line.amount, contract.currency) for line in charged]
    whole = sum((line.amount for line in charged), Decimal(0))
    if sheet.discount:
        off = reckoning.discount_on(amounts, contract.discount_percent, contract.currency)
        sheet.discount.amount, sheet.discount.is_withdrawn = off.amount, not charged
        whole += off.amount
    period.amount = whole
    if charged and period.status == Status.CANCELLED:
        period.reinstate()
    elif not charged and period.status == Status.PENDING:
        period.withdraw()


@dataclass(frozen=True, slots=True)
class Invoiced:
    """An issued invoice that has lines of a period: `state` is what it does to the period (`STATES`)."""

    number: str
    state: str


# What invoices do to a period, the strongest first: one that is late makes it overdue, whatever the others are.
STATES = (Status.OVERDUE, Status.INVOICED, Status.PAID, Status.CANCELLED)


def state_of(invoices: Iterable[Invoiced]) -> str:
    """The state of a period that is on these invoices; pending where there is none."""
    states = {invoice.state for invoice in invoices}
    return next((str(state) for state in STATES if state in states), str(Status.PENDING))


def follow(invoices: Mapping[int, Sequence[Invoiced]]) -> None:
    """Bring periods, by their keys, in step with the issued invoices that have their lines, the last one last.

    What is in step already stays as it is, so it may be called again.
    """
    rows = BillingPeriod.objects.filter(pk__in=list(invoices)).order_by("pk").select_for_update()
    changed = []
    for period in rows:
        found = invoices[period.pk]
        state, number = state_of(found), found[-1].number if found else ""
        if found and (state, number) != (period.status, period.invoice_number):
            period.invoice_number = number
            _move(period, state)
            changed.append(period)
    BillingPeriod.objects.bulk_update(changed, ["status", "invoice_number"])


def _move(period: BillingPeriod, state: str) -> None:
    moves = {
        Status.INVOICED: period.invoice,
        Status.PAID: period.settle,
        Status.OVERDUE: period.fall_overdue,
        Status.CANCELLED: period.withdraw,
    }
    if state != period.status:
        moves[Status(state)]()


def fall_overdue(numbers: Any) -> int:
    """Mark periods whose invoices, of these numbers or this query of them, are late; return how many are new."""
    rows = BillingPeriod.objects.filter(status=Status.INVOICED, invoice_number__in=numbers).order_by("pk")
    late = list(rows.select_for_update(skip_locked=True))
    for period in late:
        period.fall_overdue()
    BillingPeriod.objects.bulk_update(late, ["status"])
    return len(late)
