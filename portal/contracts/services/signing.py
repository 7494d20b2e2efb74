"""Signing: `signing.sign(…)`. Whoever calls it has asked for password or second factor just before."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import ConsentText, User
from portal.activity import services as activity
from portal.contracts import facts
from portal.contracts.models import Contract, ContractText, EvidenceEvent, SealJob, Signature, Signer
from portal.contracts.models.signers import Side
from portal.contracts.services import ending, evidence, inviting, turns
from portal.contracts.services.evidence import Trace
from portal.contracts.services.turns import Turn
from portal.core.errors import Conflict, DomainError
from portal.core.services import jobs

Kind = EvidenceEvent.Kind
CONSENT = JSONObject(id="id", version="version", body="body")
SHORTEST_NAME, LONGEST_NAME = 2, 120


class NameMissing(DomainError):
    """A signature is a name, typed in full."""

    code = "name_missing"


class ConsentReplaced(Conflict):
    """What was agreed to is not the text in force."""

    code = "consent_replaced"


class NotViewed(Conflict):
    """The text was not seen to its end."""

    code = "not_viewed"


@transaction.atomic
def sign(
    *, signer: Signer, by: User, at: datetime, text_sha256: str, typed_name: str, consent_id: int, trace: Trace
) -> Signature:
    """Sign a contract in one's place; `trace.authentication` says by which proof. The last one completes it.

    Raises what `turns.take` raises, and TextReplaced, NotViewed, ConsentReplaced, NameMissing.
    """
    turn = turns.take(signer=signer, by=by, at=at)
    in_force = ConsentText.objects.current(ConsentText.Kind.SIGNING)
    text = turns.check_text(turn.contract, text_sha256, consent=Subquery(in_force.values(found=CONSENT)))
    if turn.signer.viewed_at is None:
        raise NotViewed(_("Read the contract to its end before you sign it."))
    signature = _signature(turn, text, _consent(vars(text)["consent"], consent_id), _name(typed_name), at, trace)
    signature.save(force_insert=True)
    turn.signer.sign()
    _go_on(turn, signature, trace)
    return signature


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME or not any(character.isalpha() for character in name):
        raise NameMissing(_("Type your full name: it is your signature."), field="name")
    return name


def _consent(in_force: dict[str, Any] | None, key: int) -> ConsentText:
    """The text in force, which was read with that of the contract, where it is the one that was agreed to."""
    if in_force is None or in_force["id"] != key:
        raise ConsentReplaced(
            _("What you agree to when signing was changed, and nothing was signed. Read it again."), field="consent"
        )
    return ConsentText(kind=ConsentText.Kind.SIGNING, **in_force)


def _signature(
    turn: Turn, text: ContractText, consent: ConsentText, name: str, at: datetime, trace: Trace
) -> Signature:
    signer = turn.signer
    signature = Signature(
        signer=signer,
        text=text,
        user=signer.user,
        typed_name=name,
        email=signer.user.email,
        side=signer.side,
        title=signer.title,
        authentication=Signature.Authentication(trace.authentication),
        ip_address=trace.ip_address,
        user_agent=trace.user_agent,
        time_zone=trace.time_zone,
        signed_at=at,
        text_sha256=text.sha256,
        consent_text=consent,
        consent_sha256=evidence.sha256_of_text(consent.body),
    )
    signature.sha256 = evidence.sha256_of_signature(signature)
    return signature


def _go_on(turn: Turn, signature: Signature, trace: Trace) -> None:
    """Write what follows from a signature: the evidence, whose turn is next, or that nobody is left."""
    contract, at = turn.contract, signature.signed_at
    is_last = all(one.status not in Signer.OPEN for one in turn.signers)
    asked = inviting.ask(contract, turn.signers, at)
    Signer.objects.bulk_update([turn.signer, *asked], ["status", "invited_at"])
    events = [*_events(signature, trace), *(inviting.event_of(one, at) for one in asked)]
    if is_last:
        events.append(evidence.event(kind=Kind.COMPLETED, at=at, text_sha256=signature.text_sha256))
    end = vars(signature.text)
    evidence.append(contract=contract, events=events, after=(end["end_sequence"], end["end_sha256"]))
    begins = is_last and _complete(contract, at)
    by = turn.signer.user
    verbs: list[tuple[str, User | None]] = [("contract.signed", by), *([("contract.completed", by)] if is_last else [])]
    verbs += [("contract.began", None)] if begins else []
    activity.record_many(
        [
            activity.event(verb=verb, actor=actor, company=contract.company, subject=contract, at=at)
            for verb, actor in verbs
        ]
    )
    if begins or not is_last:
        inviting.tell_later(contract, at, signature=None if is_last else signature)
    if is_last:
        facts.contract_completed.send(sender=Contract, contract=contract, at=at)


def _complete(contract: Contract, at: datetime) -> bool:
    """Everybody has signed; return whether it is in force at once, as its first day has come."""
    contract.complete(at=at)
    begins = ending.has_come(contract, timezone.localdate(at))
    if begins:
        contract.begin()
    contract.save(update_fields=["status", "signed_at"])
    job = SealJob(contract=contract, created_at=at, available_at=at, queued_at=at)
    job.save(force_insert=True)
    jobs.send_on_commit(job=job)
    return begins


def _events(signature: Signature, trace: Trace) -> list[EvidenceEvent]:
    signed = Kind.COUNTERSIGNED if signature.side == Side.VENDOR else Kind.SIGNED
    same: dict[str, Any] = {
        "at": signature.signed_at,
        "user": signature.user,
        "role": inviting.role_of(signature.signer),
        "trace": trace,
        "text_sha256": signature.text_sha256,
        "consent_sha256": signature.consent_sha256,
    }
    version = signature.consent_text.version
    return [
        evidence.event(kind=Kind.CONSENTED, data={"consent_version": version}, **same),
        evidence.event(
            kind=signed,
            result_sha256=signature.sha256,
            data={"typed_name": signature.typed_name, "signature": str(signature.public_id)},
            **same,
        ),
    ]
