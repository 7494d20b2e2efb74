"""Saying no to a contract."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.activity import services as activity
from portal.contracts import facts
from portal.contracts.models import Contract, EvidenceEvent, Signer
from portal.contracts.services import evidence, inviting, telling, turns
from portal.contracts.services.evidence import Trace
from portal.core.errors import DomainError


class ReasonMissing(DomainError):
    """Who declines says why."""

    code = "reason_missing"


@transaction.atomic
def decline(*, signer: Signer, by: User, at: datetime, reason: str, trace: Trace) -> Contract:
    """Decline to sign: nobody can sign the contract any more, and both sides are told why.

    Raises what `turns.take` raises, and ReasonMissing.
    """
    turn = turns.take(signer=signer, by=by, at=at)
    contract, mine, why = turn.contract, turn.signer, reason.strip()
    if not why:
        raise ReasonMissing(_("Say why, so that we can offer you something better."), field="reason")
    mine.decline()
    mine.save(update_fields=["status"])
    contract.decline(at=at, reason=why)
    contract.save(update_fields=["status", "closed_at", "reason"])
    evidence.record(
        contract=contract,
        kind=EvidenceEvent.Kind.DECLINED,
        at=at,
        user=by,
        role=inviting.role_of(mine),
        trace=trace,
        data={"reason": why},
    )
    activity.record(verb="contract.declined", actor=by, company=contract.company, subject=contract, at=at)
    fields = {"person": str(by), "reason": why}
    key = f"contract {contract.pk} {at.isoformat()}"
    telling.tell_both_sides(contract, kind="contract_declined", key=key, at=at, fields=fields)
    facts.contract_cancelled.send(sender=Contract, contract=contract, at=at)
    return contract
