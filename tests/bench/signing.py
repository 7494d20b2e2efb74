"""Signing without the PDF: queries of the request, and signatures a second beside the bare rows of one."""

import time
from datetime import date

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts.models import Company, ConsentText
from portal.contracts.models import Contract, ContractTemplate, EvidenceEvent, Signature, Signer
from portal.contracts.services import drafting, evidence, sending, signing, viewing
from portal.contracts.services.drafting import NewSigner
from tests.bench.report import Report
from tests.bench.worlds import Worlds

NUMBER = 100
PASSWORD = "demo-portal-pass"
TRACE = evidence.Trace("192.0.2.7", "Mozilla/5.0", "Africa/Nairobi", "password")


def measure(report: Report, worlds: Worlds) -> None:
    """Sign by the page once, then many by the service; last the same rows without any rule."""
    with worlds.scratch():
        signers = [offered() for _ in range(NUMBER + 1)]
        report.add("queries of the request that signs", queries(signers.pop()), most=14)
        signed = seconds(signers)
        bare = bare_seconds()
        report.add("signatures a second, without PDF", NUMBER / signed, "/s")
        report.add("four bare rows of evidence, a second", NUMBER / bare, "/s")
        report.add("signing against four bare rows", signed / bare, "times")


def offered() -> Signer:
    """A contract that waits for the owner, who has read it."""
    people, company = get_user_model(), Company.objects.get(slug="savanna-foods")
    owner, staff = (people.objects.get(email=email) for email in ("owner@savanna.example", "staff@portal.example"))
    body = [{"type": "text", "value": "<p>It is agreed between {company_name} and {vendor_name}.</p>"}]
    template, _ = ContractTemplate.objects.get_or_create(name="Bench", defaults={"type": "maintenance", "body": body})
    contract = drafting.create(
        company=company,
        template=template,
        title="Bench",
        by=staff,
        at=timezone.now(),
        starts_on=date(2026, 12, 1),
        signers=[NewSigner(owner, "company"), NewSigner(staff, "vendor")],
    )
    contract = sending.send(contract=contract, by=staff, at=timezone.now())
    signer = contract.signers.select_related("user", "contract").get(user=owner)
    return viewing.viewed(signer=signer, by=owner, at=timezone.now(), text_sha256=digest_of(contract), trace=TRACE)


def digest_of(contract: Contract) -> str:
    """The hash of the text that can be signed."""
    return contract.texts.latest("version").sha256


def queries(signer: Signer) -> int:
    """How many the page's POST takes, with those that begin and end transactions."""
    consent = ConsentText.objects.current("signing").get()
    form = {
        "name": "Grace Njeri",
        "consent": "on",
        "proof": PASSWORD,
        "text_sha256": digest_of(signer.contract),
        "consent_id": consent.pk,
    }
    client, address = Client(HTTP_HOST="127.0.0.1"), f"/customer/contracts/{signer.contract.public_id}/sign/"
    client.force_login(signer.user)
    with override_settings(ALLOWED_HOSTS=["*"]):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            if client.post(address, form).status_code != 302:
                raise SystemExit("Nothing was signed.")
    return len(asked)


def seconds(signers: list[Signer]) -> float:
    """How long all of them take to sign."""
    consent = ConsentText.objects.current("signing").get()
    digests = [digest_of(signer.contract) for signer in signers]
    started = time.perf_counter()
    for signer, digest in zip(signers, digests, strict=True):
        signing.sign(
            signer=signer,
            by=signer.user,
            at=timezone.now(),
            text_sha256=digest,
            typed_name="Grace Njeri",
            consent_id=consent.pk,
            trace=TRACE,
        )
    return time.perf_counter() - started


def bare_seconds() -> float:
    """How long four rows of evidence take alone, in one transaction for each signature."""
    made = list(Signature.objects.order_by("pk")[:NUMBER])
    events = list(EvidenceEvent.objects.filter(kind="signed").order_by("pk")[:NUMBER])
    started = time.perf_counter()
    for signature, event in zip(made, events, strict=True):
        with transaction.atomic():
            rows = [
                EvidenceEvent(
                    contract_id=event.contract_id,
                    sequence=1000 + number,
                    kind="signed",
                    at=event.at,
                    user_id=event.user_id,
                    sha256=signature.sha256,
                    previous_sha256=event.sha256,
                )
                for number in range(4)
            ]
            EvidenceEvent.objects.bulk_create(rows)
    return time.perf_counter() - started
