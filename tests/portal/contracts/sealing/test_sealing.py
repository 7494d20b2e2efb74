"""One sealed copy of each contract, whatever happens on the way, and everybody has it."""

import hashlib
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.contracts import tasks
from portal.contracts.models import Contract, EvidenceEvent, SealedCopy, SealJob
from portal.contracts.sealing import inspecting, pades, typeset
from portal.contracts.services import copies, evidence, sealing
from portal.core import files
from portal.core.services import jobs
from portal.notifications.models import Delivery, Notification
from portal.notifications.services import deliveries
from tests.cast import member
from tests.portal.contracts.sealing.authorities import STAMPED_AT, Pair, Server, pair
from tests.portal.contracts.sealing.signed import due, job_of, signed

pytestmark = pytest.mark.django_db


def kept(contract: Contract) -> list[str]:
    """The PDFs of a contract in the storage, which other tests use as well."""
    try:
        names = files.private_storage().listdir("contracts")[1]
    except FileNotFoundError:
        return []
    return sorted(f"contracts/{name}" for name in names if name.startswith(contract.public_id.hex))


def seal(contract: Contract, step: str = "seal") -> SealJob:
    """Let the worker do the job."""
    tasks.seal(job_of(contract, step).pk)
    return job_of(contract, step)


def newest(contract: Contract) -> EvidenceEvent:
    return contract.evidence.latest("sequence")


def test_contract_is_sealed_once_and_the_evidence_says_so(contract: Contract, vendor_seal: Pair) -> None:
    head = newest(contract)
    assert seal(contract).state == "done"
    copy = SealedCopy.objects.get(contract=contract)
    content = copies.content_of(copy)
    assert (copy.size, copy.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (copy.stamped_at, kept(contract)) == (None, [copy.file.name])
    found = inspecting.inspect(content, sealing.trust())
    assert (found.seals[0].is_sound, found.stamps) == (True, [])
    told = newest(contract)
    assert (told.kind, told.sequence, told.previous_sha256) == ("sealed", head.sequence + 1, head.sha256)
    assert (told.result_sha256, told.text_sha256) == (copy.sha256, contract.texts.get().sha256)
    fingerprint = hashlib.sha256(vendor_seal.der).hexdigest()
    assert told.data == {"certificate": fingerprint, "time_stamp": "none"}
    assert evidence.verify(contract) == told.sequence
    assert not SealJob.objects.filter(step="stamp").exists()
    # A message that comes twice does nothing.
    tasks.seal(job_of(contract).pk)
    assert (SealedCopy.objects.count(), newest(contract)) == (1, told)


def test_everybody_gets_the_pdf_by_mail_and_hears_of_it_once(
    contract: Contract, company: Company, owner: User, staff: User, viewer: User, stranger: User
) -> None:
    second = member(company, "owner", "second@savanna.example")
    seal(contract)
    told = Notification.objects.filter(kind="contract_signed")
    assert {row.recipient for row in told} == {owner, second, staff}
    assert told.get(recipient=owner).url == f"/customer/contracts/{contract.public_id}/"
    assert told.get(recipient=staff).url == f"/admin/snippets/contracts/contract/inspect/{contract.pk}/"
    assert (told.get(recipient=owner).company, told.get(recipient=staff).company) == (company, None)
    for delivery in Delivery.objects.filter(notification__in=told):
        assert deliveries.send(delivery.pk)
    assert {message.to[0] for message in mail.outbox} == {owner.email, second.email, staff.email}
    content = copies.content_of(copies.newest(contract))
    for message in mail.outbox:
        (file,) = message.attachments
        assert (file.filename, file.mimetype, file.content) == (f"{contract.number}.pdf", "application/pdf", content)
    event = ActivityEvent.objects.get(verb="contract.sealed")
    assert (event.company, event.actor) == (company, None)


def test_mail_waits_while_the_file_is_damaged(contract: Contract, owner: User) -> None:
    seal(contract)
    copy = copies.newest(contract)
    with files.private_storage().open(copy.file.name, "r+b") as stored:
        stored.write(b"%PDF-0")
    delivery = Delivery.objects.get(notification__recipient=owner, notification__kind="contract_signed")
    deliveries.send(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, mail.outbox) == ("queued", 1, [])
    assert delivery.error.startswith("CopyDamaged")


class Killed(BaseException):
    """The worker's process ends, here and now."""


@pytest.mark.parametrize("place", ["typeset", "sealed", "saved", "recorded", "told"])
def test_worker_killed_at_any_point_leaves_one_copy(contract: Contract, monkeypatch, place: str) -> None:
    module, name = {
        "typeset": (typeset, "pdf_of"),
        "sealed": (pades, "seal"),
        "saved": (sealing, "_save"),
        "recorded": (sealing, "_tell"),
        "told": (sealing.sealed_notices, "tell_everybody"),
    }[place]
    right = getattr(module, name)

    def kill(*args: object, **options: object) -> None:
        right(*args, **options)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(module, name, kill)
        with pytest.raises(Killed):
            seal(contract)
    assert not SealedCopy.objects.exists()
    assert not Notification.objects.filter(kind="contract_signed").exists()
    assert newest(contract).kind == "completed"
    # The lease runs out, and the sweeper gives the job to another.
    SealJob.objects.update(lease_ends_at=timezone.now() - timedelta(seconds=1))
    jobs.sweep(at=timezone.now())
    due(job_of(contract))
    assert seal(contract).state == "done"
    copy = SealedCopy.objects.get()
    assert (kept(contract), newest(contract).kind) == ([copy.file.name], "sealed")
    assert copies.content_of(copy)[:5] == b"%PDF-"


def test_worker_that_lost_its_lease_throws_its_own_away(contract: Contract, monkeypatch) -> None:
    right, others = sealing._save, []

    def slow(*args: object, **options: object) -> object:
        made = right(*args, **options)
        if not others:
            others.append(made)
            SealJob.objects.update(state="queued", lease_ends_at=None, available_at=timezone.now())
            assert seal(contract).state == "done"
        return made

    monkeypatch.setattr(sealing, "_save", slow)
    seal(contract)
    copy = SealedCopy.objects.get()
    assert copy.sha256 != others[0].sha256
    assert (copies.content_of(copy)[:5], job_of(contract).state) == (b"%PDF-", "done")
    assert list(contract.evidence.values_list("kind", flat=True)).count("sealed") == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_copy(contract: Contract) -> None:
    pk, gate, done = job_of(contract).pk, threading.Barrier(4), []

    def work() -> None:
        gate.wait()
        done.append(sealing.work(pk=pk))
        connection.close()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, False, False, True]
    assert (SealedCopy.objects.count(), len(kept(contract))) == (1, 1)
    assert list(contract.evidence.values_list("kind", flat=True)).count("sealed") == 1


def test_seal_is_stamped_where_a_server_is_named(contract: Contract, with_clock: Server) -> None:
    seal(contract)
    copy = SealedCopy.objects.get()
    assert copy.stamped_at == STAMPED_AT
    (stamp,) = inspecting.inspect(copies.content_of(copy), sealing.trust()).stamps
    assert (stamp.authority, stamp.is_trusted) == ("Clock Authority", True)
    assert newest(contract).data["time_stamp"] == "stamped"
    assert newest(contract).data["stamped_at"] == STAMPED_AT.isoformat()
    assert not SealJob.objects.filter(step="stamp").exists()


def test_stamp_that_is_not_to_be_had_comes_later(contract: Contract, with_clock: Server, owner: User) -> None:
    with_clock.mode = "down"
    assert seal(contract).state == "done"
    first = SealedCopy.objects.get()
    before = copies.content_of(first)
    assert (first.stamped_at, newest(contract).data["time_stamp"]) == (None, "pending")
    assert Notification.objects.filter(kind="contract_signed", recipient=owner).count() == 1

    for attempt in (1, 2, 3):
        due(job_of(contract, "stamp"))
        waiting = seal(contract, "stamp")
        assert (waiting.state, waiting.attempts) == ("queued", attempt)
        assert "answered 503" in waiting.error
    assert SealedCopy.objects.count() == 1

    with_clock.mode = "good"
    due(waiting)
    assert seal(contract, "stamp").state == "done"
    second = copies.newest(contract)
    assert (second.stamped_at, SealedCopy.objects.count()) == (STAMPED_AT, 2)
    after = copies.content_of(second)
    assert after.startswith(before), "those who have the first copy have a part of the second"
    found = inspecting.inspect(after, sealing.trust())
    assert (found.seals[0].is_sound, found.stamps[0].is_trusted) == (True, True)
    assert (newest(contract).kind, newest(contract).result_sha256) == ("stamped", second.sha256)
    assert evidence.verify(contract) == contract.evidence.count()
    # Nobody is sent a second PDF.
    assert Notification.objects.filter(kind="contract_signed", recipient=owner).count() == 1


def test_pauses_between_attempts_grow_to_an_hour_and_end_with_a_word_to_staff(
    contract: Contract, with_clock: Server, staff: User
) -> None:
    with_clock.mode = "down"
    seal(contract)
    pauses = []
    for attempts in (0, 1, 5, 198):
        SealJob.objects.filter(step="stamp").update(attempts=attempts)
        due(job_of(contract, "stamp"))
        started = timezone.now()
        pauses.append(round((seal(contract, "stamp").available_at - started) / timedelta(seconds=15)))
    assert pauses == [1, 2, 32, 240]
    assert not Notification.objects.filter(kind="contract_not_sealed").exists()
    due(job_of(contract, "stamp"))
    assert seal(contract, "stamp").state == "failed"
    told = Notification.objects.get(kind="contract_not_sealed", recipient=staff)
    assert "answered 503" in told.body


def test_missing_certificate_is_tried_again_and_told_to_staff(contract: Contract, staff: User, settings) -> None:
    right = settings.SEAL_KEY
    settings.SEAL_KEY = pair("Somebody").key_pem()
    for attempt in range(1, 6):
        due(job_of(contract))
        assert seal(contract).attempts == attempt
        assert Notification.objects.filter(kind="contract_not_sealed").exists() == (attempt == 5)
    told = Notification.objects.get(kind="contract_not_sealed")
    assert (told.recipient, "SEAL_KEY is not the key" in told.body) == (staff, True)
    assert (SealedCopy.objects.exists(), kept(contract)) == (False, [])
    settings.SEAL_KEY = right
    due(job_of(contract))
    assert seal(contract).state == "done"
    assert SealedCopy.objects.count() == 1


def test_old_copy_stays_valid_after_the_certificate_was_exchanged(
    contract: Contract, company: Company, owner: User, staff: User, vendor_seal: Pair, settings
) -> None:
    seal(contract)
    new = pair("Tamarind Seals 2027")
    settings.SEAL_CERTIFICATE, settings.SEAL_KEY = new.pem + vendor_seal.pem, new.key_pem()
    other = signed(company, [owner], [staff])
    seal(other)
    names = []
    for found in (contract, other):
        (one,) = inspecting.inspect(copies.content_of(copies.newest(found)), sealing.trust()).seals
        names.append((one.by, one.is_sound))
    assert names == [("Tamarind Seals", True), ("Tamarind Seals 2027", True)]


def test_contract_that_nobody_sealed_has_no_copy(contract: Contract, owner: User) -> None:
    with pytest.raises(copies.NotSealedYet):
        copies.hand_out(contract=contract, by=owner)
    assert not ActivityEvent.objects.filter(verb="file.downloaded").exists()
