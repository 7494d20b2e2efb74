"""Line items of a contract that is billed: paused, resumed, and completed before their time."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from portal.activity import services as activity
from portal.contracts import facts, reckoning
from portal.contracts.models import BillingPeriod, BillingPeriodLine, Contract, ContractLineItem
from portal.contracts.services import billing, costs, locking, periods
from portal.contracts.services.periods import Sheet

if TYPE_CHECKING:
    from portal.accounts.models import User

RECURRING = ContractLineItem.Schedule.RECURRING
Change = Callable[[Contract, ContractLineItem, list[Sheet], datetime], None]


def pause(*, item: ContractLineItem, by: "User", at: datetime) -> ContractLineItem:
    """Charge nothing more of an item until it is resumed; what an invoice or a draft has drawn stays.

    Raises InvalidTransition, NotInForce.
    """
    return _change(item, "pause", _withdraw_all, by, at)


def resume(*, item: ContractLineItem, by: "User", at: datetime) -> ContractLineItem:
    """Go on with an item that was paused.

    Months of a recurring item that came due meanwhile are not charged. An amount in all is owed in all: what came due
    of it meanwhile goes onto its own period where that still waits, else onto the next one. Raises InvalidTransition,
    NotInForce.
    """
    return _change(item, "resume", _bring_back, by, at)


def complete(*, item: ContractLineItem, by: "User", at: datetime) -> ContractLineItem:
    """Charge nothing of an item that is not due yet, for good. Raises InvalidTransition, NotInForce."""
    return _change(item, "complete", _withdraw_later, by, at)


@transaction.atomic
def complete_ended(*, today: date) -> int:
    """Complete items that are over and of which nothing waits any more; return how many."""
    waiting = BillingPeriodLine.objects.standing().filter(
        item=OuterRef("pk"), period__status=BillingPeriod.Status.PENDING
    )
    items_over = ContractLineItem.objects.filter(status=ContractLineItem.Status.ACTIVE, ends_on__lte=today)
    # These go on with their contract, be it that its renewal is late; with its end they end.
    renewing = ContractLineItem.objects.going_on().filter(
        Q(renewed_months__gt=0) | Q(contract__in=Contract.objects.renewing())
    )
    over = items_over.exclude(Exists(waiting)).exclude(pk__in=renewing.values("pk"))
    items = list(over.order_by("pk").select_for_update(skip_locked=True))
    for item in items:
        item.complete()
    ContractLineItem.objects.bulk_update(items, ["status"])
    return len(items)


@transaction.atomic
def _change(item: ContractLineItem, move: str, change: Change, by: "User", at: datetime) -> ContractLineItem:
    contract = locking.lock_charged(item.contract)
    billing.check_in_force(contract)
    locked = ContractLineItem.objects.select_for_update().get(pk=item.pk)
    locked.contract = contract
    getattr(locked, move)()
    locked.save(update_fields=["status"])
    change(contract, locked, periods.sheets(contract), at)
    activity.record(
        verb=f"contract.item_{locked.status}" if move != "resume" else "contract.item_resumed",
        actor=by,
        company=contract.company,
        subject=contract,
        data={"item": locked.description},
        at=at,
    )
    facts.charges_changed.send(Contract, contract=contract, at=at)
    return locked


def _lines(item: ContractLineItem, found: Sequence[Sheet]) -> list[BillingPeriodLine]:
    lines = [line for sheet in found for line in sheet.lines if line.item_id == item.pk]
    return sorted(lines, key=lambda line: line.number)


def _withdraw_all(contract: Contract, item: ContractLineItem, found: list[Sheet], at: datetime) -> None:
    periods.withdraw(contract, _lines(item, found), found, at=at)


def _withdraw_later(contract: Contract, item: ContractLineItem, found: list[Sheet], at: datetime) -> None:
    today = timezone.localdate(at)
    periods.withdraw(contract, [line for line in _lines(item, found) if line.period.due_on > today], found, at=at)


def _bring_back(contract: Contract, item: ContractLineItem, found: list[Sheet], at: datetime) -> None:
    today, changed = timezone.localdate(at), {}
    for line in _lines(item, found):
        own = next(sheet for sheet in found if sheet.period is line.period)
        is_missed = item.schedule == RECURRING and own.period.due_on < today
        if not line.is_withdrawn or is_missed:
            continue
        sheet = own if own.is_open else _next_open(contract, found, today)
        line.is_withdrawn = False
        if sheet is not own:
            own.lines.remove(line)
            sheet.lines.append(line)
            line.period = sheet.period
        changed[sheet.period.pk] = sheet
    for sheet in changed.values():
        periods.postpone(sheet.period, today=today)
    periods.reckon(contract, list(changed.values()), at=at)


def _next_open(contract: Contract, found: list[Sheet], today: date) -> Sheet:
    """The first period to come that may still be charged; one of a day after the last where there is none."""
    for sheet in found:
        if sheet.is_open and sheet.period.due_on >= today:
            return sheet
    last = found[-1].period
    starts_on = max(today, last.ends_on)
    period = BillingPeriod.objects.create(
        contract=contract,
        sequence=last.sequence + 1,
        starts_on=starts_on,
        ends_on=starts_on + reckoning.DAY,
        due_on=today,
        amount=0,
    )
    made = Sheet(period)
    if contract.discount_percent:
        made.lines.append(costs.discount_line(contract, period))
        made.lines[0].save(force_insert=True)
    found.append(made)
    return made
