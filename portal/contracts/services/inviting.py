"""Asking those to sign whose turn it is."""

from datetime import datetime

from portal.contracts import addresses
from portal.contracts.models import Contract, EvidenceEvent, Signature, Signer, TurnJob
from portal.contracts.models.signers import Side
from portal.contracts.services import evidence, locking, telling
from portal.core.services import jobs
from portal.notifications.services import notices
from portal.notifications.services.notices import Telling


def invite_next(contract: Contract, at: datetime, *, signers: list[Signer] | None = None) -> list[Signer]:
    """Ask those whose turn has come to sign a contract that is locked; return them.

    The company's come first, one after another or all at once, then the vendor's. `signers` are those of
    `locking.lock_signers`, where they are at hand.
    """
    asked = ask(contract, locking.lock_signers(contract) if signers is None else signers, at)
    if asked:
        Signer.objects.bulk_update(asked, ["status", "invited_at"])
        evidence.append(contract=contract, events=[event_of(signer, at) for signer in asked])
        tell_later(contract, at)
    return asked


def ask(contract: Contract, signers: list[Signer], at: datetime) -> list[Signer]:
    """Invite those of these whose turn has come, without saving; return them."""
    asked = due(contract, signers)
    for signer in asked:
        signer.invite(at=at)
    return asked


def due(contract: Contract, signers: list[Signer]) -> list[Signer]:
    """Those of these, in their order, whose turn has come and who were not asked yet."""
    left = [signer for signer in signers if signer.status in Signer.OPEN]
    together = [signer for signer in left if signer.side == left[0].side]
    if contract.signing_order == Contract.SigningOrder.IN_TURN:
        together = together[:1]
    return [signer for signer in together if signer.status == Signer.Status.WAITING]


def event_of(signer: Signer, at: datetime) -> EvidenceEvent:
    """The event that somebody was asked."""
    return evidence.event(kind=EvidenceEvent.Kind.INVITED, at=at, user=signer.user, role=role_of(signer))


def role_of(signer: Signer) -> str:
    """For which side somebody signs, and as what, in the words of the evidence."""
    side = Side(signer.side).label
    return f"{side}, {signer.title}" if signer.title else str(side)


def tell_later(contract: Contract, at: datetime, *, signature: Signature | None = None) -> None:
    """Leave telling them to the worker, so that whoever signs does not wait for it."""
    job = TurnJob(contract=contract, signature=signature, created_at=at, available_at=at, queued_at=at)
    job.save(force_insert=True)
    jobs.send_on_commit(job=job)


def tell(job: TurnJob) -> None:
    """Tell those who are asked to sign, each once, and ours that somebody has signed while others have yet to.

    Where nobody has, as the last one signed on its first day or later, tell both sides that it is in force.
    """
    contract = job.contract
    if contract.status == Contract.Status.ACTIVE:
        # The last signature put it in force at once.
        telling.tell_both_sides(contract, kind="contract_began", key=f"contract {contract.pk}", at=job.created_at)
    if contract.status != Contract.Status.SENT:
        return
    words, tellings = telling.words_of(contract), []
    for signer in contract.signers.filter(status=Signer.Status.INVITED).select_related("user").in_order():
        key = f"signer {signer.pk} {signer.invited_at}"
        company = contract.company if signer.side == Side.COMPANY else None
        signer.contract = contract
        tellings.append(
            Telling("contract_to_sign", [signer.user], key, job.created_at, words, addresses.signing(signer), company)
        )
    if job.signature and contract.created_by:
        fields = {**words, "person": str(job.signature.user)}
        key, url = f"signature {job.signature.pk}", addresses.in_admin(contract)
        tellings.append(Telling("contract_partly_signed", [contract.created_by], key, job.created_at, fields, url))
    notices.notify_many(tellings)
