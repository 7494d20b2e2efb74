"""Contracts that everybody has signed, made row by row: what sealing starts from."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from portal.accounts.models import Company, ConsentText, User
from portal.contracts import codes
from portal.contracts.models import Contract, EvidenceEvent, SealJob, Signature
from portal.contracts.services import evidence
from portal.contracts.services.evidence import Trace
from tests.portal.contracts.signing import made
from tests.portal.contracts.signing.made import AT

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def signed(company: Company, people: list[User], vendor: list[User], **fields: Any) -> Contract:
    """A contract under which all of them have put their names; its seal job waits."""
    contract = made.offer(company, people=people, vendor=vendor, **{"verification_code": codes.new()} | fields)
    for hours, signer in enumerate(contract.signers.in_order(), start=1):
        _sign(contract, signer, hours)
    ends = AT + timedelta(hours=9)
    evidence.record(contract=contract, kind=EvidenceEvent.Kind.COMPLETED, at=ends)
    contract.complete(at=ends)
    contract.save()
    SealJob.objects.create(contract=contract)
    return contract


def _sign(contract: Contract, signer: Any, hours: int) -> None:
    at, text = AT + timedelta(hours=hours, microseconds=123456), contract.texts.latest("version")
    consent = ConsentText.objects.get(kind="signing")
    trace = Trace(f"192.0.2.{hours}", BROWSER, "Africa/Nairobi", Signature.Authentication.PASSWORD.label)
    agreed = evidence.sha256_of_text(consent.body)
    signature = Signature(
        signer=signer,
        text=text,
        user=signer.user,
        typed_name=signer.user.get_full_name(),
        email=signer.user.email,
        side=signer.side,
        title="Director",
        authentication="password",
        ip_address=trace.ip_address,
        user_agent=BROWSER,
        time_zone="Africa/Nairobi",
        signed_at=at,
        text_sha256=text.sha256,
        consent_text=consent,
        consent_sha256=agreed,
    )
    signature.sha256 = evidence.sha256_of_signature(signature)
    signature.save()
    contract.signers.filter(pk=signer.pk).update(status="signed", invited_at=AT, viewed_at=at)
    role = f"{signer.get_side_display()}, Director"
    steps = ["opened", "viewed", "consented", "signed" if signer.side == "company" else "counter_signed"]
    for kind in steps:
        facts = {"consent_sha256": agreed} if kind == "consented" else {}
        if kind == steps[-1]:
            facts["result_sha256"] = signature.sha256
        evidence.record(
            contract=contract,
            kind=kind,
            at=at,
            user=signer.user,
            role=role,
            trace=trace,
            text_sha256=text.sha256,
            **facts,
        )


def job_of(contract: Contract, step: str = "seal") -> SealJob:
    """The job of this step, as it is now."""
    return SealJob.objects.get(contract=contract, step=step)


def due(job: SealJob) -> None:
    """Let the time come at which the job is tried again."""
    SealJob.objects.filter(pk=job.pk).update(available_at=timezone.now() - timedelta(seconds=1))
