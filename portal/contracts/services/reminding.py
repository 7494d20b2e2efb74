"""Those who were asked to sign and have not are reminded: three and seven days later, and before the offer ends."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from portal.contracts.models import Contract, EvidenceEvent, Signer
from portal.contracts.services import evidence, inviting, locking, telling

AFTER_INVITATION = (timedelta(days=3), timedelta(days=7))
BEFORE_THE_END = timedelta(days=2)


def remind(*, today: date, at: datetime) -> int:
    """Remind those for whom a reminder is due; return how many. What was missed becomes one reminder."""
    waiting = Signer.objects.filter(status=Signer.Status.INVITED, contract__status=Contract.Status.SENT)
    rows = waiting.select_related("contract").order_by("pk")
    found = [signer for signer in rows if due_on(signer, today=today)]
    return sum(_remind(signer, today, at) for signer in found)


def due_on(signer: Signer, *, today: date) -> date | None:
    """The day of the reminder that this signer is to get, of those that have come and were not told; None for none."""
    if signer.invited_at is None:
        return None
    invited_on = timezone.localdate(signer.invited_at)
    told_on = timezone.localdate(signer.reminded_at) if signer.reminded_at else invited_on
    planned = [invited_on + wait for wait in AFTER_INVITATION]
    if signer.contract.offer_ends_on:
        planned.append(signer.contract.offer_ends_on - BEFORE_THE_END)
    return max((day for day in planned if told_on < day <= today), default=None)


@transaction.atomic
def _remind(signer: Signer, today: date, at: datetime) -> bool:
    contract = locking.lock(signer.contract)
    signer = Signer.objects.select_for_update(of=("self",)).select_related("user").get(pk=signer.pk)
    signer.contract = contract
    if signer.status != Signer.Status.INVITED or not contract.can_be_signed(today=today):
        return False
    day = due_on(signer, today=today)
    if day is None:
        return False
    signer.reminded_at = at
    signer.save(update_fields=["reminded_at"])
    role = inviting.role_of(signer)
    evidence.record(contract=contract, kind=EvidenceEvent.Kind.REMINDED, at=at, user=signer.user, role=role)
    telling.ask(signer, contract=contract, kind="contract_reminder", key=f"signer {signer.pk} {day}", at=at)
    return True
