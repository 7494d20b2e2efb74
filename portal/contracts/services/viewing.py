"""What somebody who is asked to sign has seen of the text."""

from datetime import datetime

from django.db import transaction

from portal.accounts.models import User
from portal.activity import services as activity
from portal.contracts.models import EvidenceEvent, Signer
from portal.contracts.services import evidence, inviting, turns
from portal.contracts.services.evidence import Trace

Kind = EvidenceEvent.Kind


@transaction.atomic
def opened(*, signer: Signer, by: User, at: datetime, text_sha256: str, trace: Trace) -> Signer:
    """Note that the text was shown to one who is asked to sign it; the first time counts.

    Raises what `turns.take` raises, and TextReplaced.
    """
    turn = turns.take(signer=signer, by=by, at=at)
    text = turns.check_text(turn.contract, text_sha256)
    mine = turn.signer
    if mine.opened_at is None:
        mine.opened_at = at
        mine.save(update_fields=["opened_at"])
        _record(mine, Kind.OPENED, at, text.sha256, trace)
        activity.record(verb="contract.opened", actor=by, company=turn.contract.company, subject=turn.contract, at=at)
    return mine


@transaction.atomic
def viewed(*, signer: Signer, by: User, at: datetime, text_sha256: str, trace: Trace) -> Signer:
    """Note that all of the text was seen, to its end; the first time counts.

    Raises what `turns.take` raises, and TextReplaced.
    """
    mine = opened(signer=signer, by=by, at=at, text_sha256=text_sha256, trace=trace)
    if mine.viewed_at is None:
        mine.viewed_at = at
        mine.save(update_fields=["viewed_at"])
        _record(mine, Kind.VIEWED, at, text_sha256, trace)
    return mine


def _record(signer: Signer, kind: str, at: datetime, text_sha256: str, trace: Trace) -> None:
    evidence.record(
        contract=signer.contract,
        kind=kind,
        at=at,
        user=signer.user,
        role=inviting.role_of(signer),
        trace=trace,
        text_sha256=text_sha256,
    )
