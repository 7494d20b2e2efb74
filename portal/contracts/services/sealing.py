"""Sealing contracts that everybody has signed, and stamping them later where the time stamp server was away.

The row is the job: whatever is killed at whichever point, there is one copy of a contract, and one with a later stamp.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import structlog
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.activity import services as activity
from portal.contracts.models import Contract, EvidenceEvent, SealedCopy, SealJob
from portal.contracts.sealing import certificates
from portal.contracts.sealing.findings import Trust
from portal.contracts.services import copies, evidence, locking, sealed_notices
from portal.core import files
from portal.core.services import jobs

if TYPE_CHECKING:
    from portal.contracts.sealing.pades import Sealed

STAMPED, PENDING, NONE = "stamped", "pending", "none"
logger = structlog.get_logger(__name__)


class NoServer(Exception):
    """A time stamp is waited for, and no server is named any more."""


@dataclass(frozen=True, slots=True)
class Made:
    """A sealed PDF in the storage, of which no row tells yet."""

    name: str
    size: int
    sha256: str
    text_sha256: str
    certificate: str
    time_stamp: str
    made_at: datetime
    stamped_at: datetime | None


def work(*, pk: int) -> bool:
    """Seal or stamp one contract; return whether it was there to be done."""
    is_done = jobs.perform(job_type=SealJob, pk=pk, outside=_outside, record=_record)
    if is_done:
        sealed_notices.tell_of_failure(SealJob.objects.select_related("contract__company").get(pk=pk))
    return is_done


def trust() -> Trust:
    """Which certificates seals and time stamps are held against."""
    return Trust(tuple(certificates.trusted()), tuple(certificates.trusted_for_stamps()))


def _outside(job: SealJob) -> Made:
    return _stamp(job) if job.step == SealJob.Step.STAMP else _seal(job)


def _seal(job: SealJob) -> Made:
    """Typeset and seal; where no time stamp is to be had, the certificate of completion says so instead."""
    # pyHanko takes a second or two to import: only the worker needs it, and with its first contract.
    from portal.contracts.sealing import pades, time_stamps

    contract, server = Contract.objects.select_related("company").get(pk=job.contract_id), time_stamps.server()
    at, own = timezone.now(), certificates.identity()
    made, time_stamp = None, NONE
    if server is not None:
        try:
            made, time_stamp = _sealed(contract, own, at, STAMPED), STAMPED
        except pades.NotStamped as error:
            logger.warning("time_stamp_pending", contract=contract.number, error=str(error))
            time_stamp = PENDING
    made = made or _sealed(contract, own, at, time_stamp)
    return _save(job, contract, made, own.fingerprint, time_stamp, at)


def _sealed(contract: Contract, own: certificates.Identity, at: datetime, time_stamp: str) -> "Sealed":
    """The PDF whose certificate says this of the time stamp, sealed accordingly. Raises NotStamped."""
    from portal.contracts.sealing import pades, time_stamps, typeset

    content = typeset.pdf_of(contract, made_at=at, time_stamp=time_stamp, seal=own.fingerprint)
    words = pades.Words(
        typeset.vendor_name(),
        _("Contract %(number)s, signed by everybody") % {"number": contract.number},
        typeset.verification_url(contract),
    )
    server = time_stamps.server() if time_stamp == STAMPED else None
    return pades.seal(content, own, words, server=server, trust=trust())


def _stamp(job: SealJob) -> Made:
    """Add the time stamp that could not be had before. Raises NoServer, NotStamped, CopyDamaged."""
    from portal.contracts.sealing import pades, time_stamps

    server = time_stamps.server()
    if server is None:
        raise NoServer("TIMESTAMP_URL is not set any more.")
    contract = Contract.objects.get(pk=job.contract_id)
    before = contract.sealed_copies.get(stamped_at=None)
    at = timezone.now()
    made = pades.stamp(copies.content_of(before), server=server, trust=trust())
    return _save(job, contract, made, certificates.identity().fingerprint, STAMPED, at)


def _save(job: SealJob, contract: Contract, made: "Sealed", certificate: str, time_stamp: str, at: datetime) -> Made:
    """Save it; what an attempt before left in the storage is deleted."""
    storage = files.private_storage()
    for attempt in range(1, job.attempts + 1):
        storage.delete(_name(job, contract, attempt))
    name = storage.save(_name(job, contract, job.attempts), ContentFile(made.content))
    return Made(
        name=name,
        size=len(made.content),
        sha256=hashlib.sha256(made.content).hexdigest(),
        text_sha256=contract.texts.latest("version").sha256,
        certificate=certificate,
        time_stamp=time_stamp,
        made_at=at,
        stamped_at=made.stamped_at,
    )


def _name(job: SealJob, contract: Contract, attempt: int) -> str:
    return f"contracts/{contract.public_id.hex}-{job.step}-{attempt}.pdf"


def _record(job: SealJob, made: Made) -> None:
    """Write down what was made, once; of two who made it the second throws its own away."""
    contract = locking.lock(job.contract)
    others = contract.sealed_copies.all()
    if job.step == SealJob.Step.STAMP:
        others = others.exclude(stamped_at=None)
    if others.exists():
        transaction.on_commit(partial(files.private_storage().delete, made.name), robust=True)
        return
    SealedCopy.objects.create(
        contract=contract,
        file=made.name,
        sha256=made.sha256,
        size=made.size,
        made_at=made.made_at,
        stamped_at=made.stamped_at,
    )
    _tell(job, contract, made)


def _tell(job: SealJob, contract: Contract, made: Made) -> None:
    """Evidence, activity, and on sealing everybody's copy; what is still to be stamped becomes the next job."""
    is_stamping = job.step == SealJob.Step.STAMP
    kinds = EvidenceEvent.Kind
    data = {"certificate": made.certificate, "time_stamp": made.time_stamp}
    if made.stamped_at:
        data["stamped_at"] = made.stamped_at.isoformat()
    evidence.record(
        contract=contract,
        kind=kinds.STAMPED if is_stamping else kinds.SEALED,
        at=timezone.now(),
        text_sha256=made.text_sha256,
        result_sha256=made.sha256,
        data=data,
    )
    verb = "contract.stamped" if is_stamping else "contract.sealed"
    activity.record(verb=verb, actor=None, company=contract.company, subject=contract, at=timezone.now())
    if is_stamping:
        return
    if made.time_stamp == PENDING:
        later = made.made_at + jobs.FIRST_RETRY
        jobs.enqueue(job=SealJob(contract=contract, step=SealJob.Step.STAMP, available_at=later), at=made.made_at)
    sealed_notices.tell_everybody(contract, at=timezone.now())
