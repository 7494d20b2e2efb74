"""Contracts begin and end: by themselves on their day, or because somebody says so.

What is due is done by `begin_due`, `end_due` and `expire_offers`: each contract in a transaction of its own, so that
they may be stopped and run again, late, or twice at once.
"""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.models import Company, User
from portal.activity import services as activity
from portal.contracts import facts
from portal.contracts.models import Contract, EvidenceEvent
from portal.contracts.models.contracts import ContractQuerySet
from portal.contracts.services import evidence, locking, telling
from portal.contracts.services.sending import OURS
from portal.core.errors import DomainError

Status = Contract.Status
Step = Callable[[Contract], bool]


class ReasonMissing(DomainError):
    """Whoever ends a contract says why."""

    code = "reason_missing"


@transaction.atomic
def cancel(*, contract: Contract, by: User, at: datetime, reason: str = "") -> Contract:
    """Withdraw a contract that not everybody has signed; one that was sent needs a reason.

    Raises InvalidTransition, ReasonMissing.
    """
    contract = locking.lock(contract)
    _cancel(contract, by, at, reason)
    if contract.sent_at:
        tell(contract, "contract_cancelled", at, reason=contract.reason)
    return contract


@transaction.atomic
def cancel_all(*, company: Company, at: datetime, reason: str) -> None:
    """Withdraw whatever nobody can sign any more, as its company is no more, without a word to anybody."""
    unsigned = Contract.objects.for_company(company).filter(status__in=[Status.DRAFT, Status.SENT])
    for pk in unsigned.order_by("pk").values_list("pk", flat=True):
        contract = locking.lock(Contract(pk=pk))
        if contract.status in (Status.DRAFT, Status.SENT):
            _cancel(contract, None, at, reason)


def _cancel(contract: Contract, by: User | None, at: datetime, reason: str) -> None:
    contract.cancel(at=at, reason=reason.strip())
    if contract.sent_at is None:
        contract.save(update_fields=["status", "closed_at", "reason"])
        activity.record(verb="contract.discarded", actor=by, company=contract.company, subject=contract, at=at)
        return
    _demand_reason(contract)
    contract.save(update_fields=["status", "closed_at", "reason"])
    _closed(contract, EvidenceEvent.Kind.CANCELLED, by, at)
    activity.record(verb="contract.cancelled", actor=by, company=contract.company, subject=contract, at=at)
    facts.contract_cancelled.send(Contract, contract=contract, at=at)


@transaction.atomic
def terminate(*, contract: Contract, by: User, at: datetime, reason: str) -> Contract:
    """End a signed contract before its time. Raises InvalidTransition, ReasonMissing."""
    contract = locking.lock_charged(contract)
    contract.terminate(at=at, reason=reason.strip())
    _demand_reason(contract)
    contract.save(update_fields=["status", "closed_at", "reason"])
    _closed(contract, EvidenceEvent.Kind.TERMINATED, by, at)
    activity.record(verb="contract.terminated", actor=by, company=contract.company, subject=contract, at=at)
    tell(contract, "contract_terminated", at, reason=contract.reason)
    facts.contract_ended.send(Contract, contract=contract, at=at)
    return contract


def expire_offers(*, today: date, at: datetime) -> int:
    """End the offers whose last day is over; return how many."""

    def step(contract: Contract) -> bool:
        if contract.status != Status.SENT or contract.can_be_signed(today=today):
            return False
        _expire(contract, at, verb="contract.offer_expired")
        last = contract.offer_ends_on
        tell(contract, "contract_offer_expired", at, date=date_format(last, telling.DAY) if last else "")
        facts.contract_cancelled.send(Contract, contract=contract, at=at)
        return True

    return each(Contract.objects.offered().filter(offer_ends_on__lt=today), step)


def begin_due(*, today: date, at: datetime) -> int:
    """Put those in force whose first day has come; return how many."""

    def step(contract: Contract) -> bool:
        return begin(contract=contract, at=at, today=today)

    return each(Contract.objects.filter(status=Status.SIGNED, starts_on__lte=today), step)


def begin(*, contract: Contract, at: datetime, today: date | None = None) -> bool:
    """Put a locked contract in force if everybody has signed and its first day has come."""
    if not has_come(contract, today or timezone.localdate(at)):
        return False
    contract.begin()
    contract.save(update_fields=["status"])
    activity.record(verb="contract.began", actor=None, company=contract.company, subject=contract, at=at)
    tell(contract, "contract_began", at)
    return True


def has_come(contract: Contract, today: date) -> bool:
    """Whether everybody has signed a contract that is not in force yet, and its first day has come."""
    return contract.status == Status.SIGNED and contract.starts_on <= today


def end_due(*, today: date, at: datetime) -> int:
    """End those in force whose last day is over and that are not renewed; return how many."""

    def step(contract: Contract) -> bool:
        is_over = contract.ends_on is not None and contract.ends_on <= today
        if contract.status != Status.ACTIVE or contract.renewal_months or not is_over:
            return False
        _expire(contract, at, verb="contract.expired")
        tell(contract, "contract_expired", at)
        facts.contract_ended.send(Contract, contract=contract, at=at)
        return True

    return each(Contract.objects.in_force().filter(ends_on__lte=today, renewal_months=0), step)


def each(contracts: ContractQuerySet, step: Step) -> int:
    """Take one step with each of these, locked, in a transaction of its own; return how many took it."""
    return sum(_one(pk, step) for pk in contracts.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _one(pk: int, step: Step) -> bool:
    return step(locking.lock_charged(Contract(pk=pk)))


def _demand_reason(contract: Contract) -> None:
    if not contract.reason:
        raise ReasonMissing(_("Say why: both sides read it."), field="reason")


def _expire(contract: Contract, at: datetime, *, verb: str) -> None:
    contract.expire(at=at)
    contract.save(update_fields=["status", "closed_at"])
    _closed(contract, EvidenceEvent.Kind.EXPIRED, None, at)
    activity.record(verb=verb, actor=None, company=contract.company, subject=contract, at=at)


def _closed(contract: Contract, kind: str, by: User | None, at: datetime) -> None:
    data = {"reason": contract.reason} if contract.reason else {}
    evidence.record(contract=contract, kind=kind, at=at, user=by, role=OURS if by else "", data=data)


def tell(contract: Contract, kind: str, at: datetime, **fields: str) -> None:
    """Tell both sides once."""
    telling.tell_both_sides(contract, kind=kind, key=f"contract {contract.pk}", at=at, fields=fields)
