"""What /verify/ says of codes and files, and what it never says."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from portal.accounts.models import Company, User
from portal.contracts import codes
from portal.contracts.models import Contract
from portal.contracts.sealing import pades
from portal.contracts.services import copies, inspection, sealing, verifying
from portal.contracts.services.verifying import Verdict
from portal.core import files
from tests.portal.contracts.sealing.authorities import Pair, Server, pair
from tests.portal.contracts.sealing.signed import due, job_of
from tests.portal.contracts.signing.made import offer

pytestmark = pytest.mark.django_db
ASKS = 'name="code"'


@pytest.fixture
def sealed(contract: Contract) -> bytes:
    sealing.work(pk=job_of(contract).pk)
    return copies.content_of(copies.newest(contract))


def with_revision(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.root["/Lang"] = generic.TextStringObject("fr")
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def uploaded(content: bytes, name: str = "contract.pdf"):
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    return Client().post("/verify/", {"code": "", "file": file})


def page_of(code: str) -> tuple[int, str]:
    answer = Client().get(f"/verify/{code}/")
    return answer.status_code, answer.content.decode()


def test_code_shows_number_state_dates_and_digests_and_nobodys_name(contract: Contract, sealed: bytes) -> None:
    status, page = page_of(contract.verification_code)
    copy = copies.newest(contract)
    assert status == 200
    for shown in (contract.number, copy.sha256, contract.texts.get().sha256, "2026-11-10 18:00:00", "None"):
        assert shown in page, shown
    for name in ("Savanna", "Test Person", "owner@savanna.example", contract.title, "5,000 USD", "192.0.2."):
        assert name not in page, name


def test_code_is_taken_as_people_type_it(contract: Contract) -> None:
    typed = contract.verification_code.lower().replace("-", " ")
    answer = Client().post("/verify/", {"code": f" {typed} "})
    assert answer.status_code == 302
    assert Client().get(answer["Location"]).status_code == 200


def test_codes_that_are_none_all_get_the_same_answer(contract: Contract) -> None:
    code = contract.verification_code
    other = "0" if code[-1] != "0" else "1"
    answers = [page_of(wrong) for wrong in (code[:-1] + other, code[:-1], codes.new(), "nonsense", "1")]
    # Each page has a token of its own.
    ((status, page),) = {(status, page.split("csrfmiddlewaretoken")[0]) for status, page in answers}
    assert (status, "No document has this code" in page) == (404, True)


def test_contract_that_waits_for_signatures_says_so(company: Company, owner: User) -> None:
    waiting = offer(company, people=[owner], vendor=[], verification_code=codes.new())
    status, page = page_of(waiting.verification_code)
    assert (status, "Not yet" in page, "Waiting for signatures" in page) == (200, True, True)
    assert "Savanna" not in page


def test_sealed_file_is_known_and_shows_who_signed(contract: Contract, sealed: bytes) -> None:
    answer = uploaded(sealed)
    page = answer.content.decode()
    assert answer.status_code == 200
    for shown in ("This is the document that we sealed", contract.number, "Savanna Foods", "Seal of Tamarind Seals"):
        assert shown in page, shown
    assert "It holds: nothing was changed. Sealed with our certificate." in page
    assert contract.signers.first().user.get_full_name() in page
    assert "5,000 USD" not in page
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_first_copy_and_stamped_copy_are_both_known(contract: Contract, with_clock: Server) -> None:
    with_clock.mode = "down"
    sealing.work(pk=job_of(contract).pk)
    first = copies.content_of(copies.newest(contract))
    with_clock.mode = "good"
    due(job_of(contract, "stamp"))
    sealing.work(pk=job_of(contract, "stamp").pk)
    second = copies.content_of(copies.newest(contract))
    before, after = verifying.by_file(first), verifying.by_file(second)
    assert (before.outcome, before.proof.is_newest, before.findings.stamps) == ("known", False, [])
    assert (after.outcome, after.proof.is_newest) == ("known", True)
    assert [stamp.is_trusted for stamp in after.findings.stamps] == [True]
    assert "There is a later copy" in uploaded(first).content.decode()


def test_files_that_were_changed_or_are_none_of_ours(sealed: bytes, contract: Contract, tmp_path: Path) -> None:
    changed = bytearray(sealed)
    changed[len(sealed) // 4] ^= 1
    stranger, plain = pair("Somebody"), sealed[: sealed.index(b"%%EOF") + 6]
    identity = sealing.certificates.Identity(stranger.key_der, stranger.der)
    trust = sealing.Trust((stranger.der,))
    foreign = pades.seal(plain, identity, pades.Words("x", "x", "x"), server=None, trust=trust).content
    (tmp_path / "plain.pdf").write_bytes(plain)
    locked = tmp_path / "locked.pdf"
    subprocess.run(
        ["qpdf", "--encrypt", "a", "b", "256", "--", tmp_path / "plain.pdf", locked], check=True, capture_output=True
    )
    given = {
        "extended": with_revision(sealed),
        "extended by junk": sealed + b"\n%\n" * 1000,
        "changed": bytes(changed),
        "foreign": foreign,
        "unsealed": plain,
        "encrypted": locked.read_bytes(),
        "half": sealed[: len(sealed) // 2],
        "not a PDF": b"Dear Sir or Madam",
        "empty": b"",
    }
    verdicts = {name: verifying.by_file(content) for name, content in given.items()}
    assert {name: verdict.outcome for name, verdict in verdicts.items()} == {
        "extended": "extended",
        "extended by junk": "extended",
        "changed": "changed",
        "foreign": "foreign",
        "unsealed": "unsealed",
        "encrypted": "encrypted",
        "half": "broken",
        "not a PDF": "not_pdf",
        "empty": "not_pdf",
    }
    assert {name for name, verdict in verdicts.items() if verdict.proof} == {"extended", "extended by junk"}
    assert [seal.is_changed_after for seal in verdicts["extended"].findings.seals] == [True]


def test_seal_of_ours_in_a_file_that_we_do_not_know(sealed: bytes, contract: Contract, vendor_seal: Pair) -> None:
    plain = sealed[: sealed.index(b"%%EOF") + 6]
    other = pades.seal(
        plain, sealing.certificates.identity(), pades.Words("x", "x", "x"), server=None, trust=sealing.trust()
    ).content
    assert verifying.by_file(other).outcome == "unknown"


def test_known_file_is_known_whatever_becomes_of_the_certificate(sealed: bytes, settings) -> None:
    new = pair("Tamarind Seals 2027")
    settings.SEAL_CERTIFICATE, settings.SEAL_KEY = new.pem, new.key_pem()
    found = verifying.by_file(sealed)
    assert (found.outcome, found.findings.seals[0].is_ours) == ("known", False)
    settings.SEAL_CERTIFICATE = ""
    settings.DEVELOPMENT = False
    assert verifying.by_file(sealed).outcome == "known"


def test_reader_that_does_not_come_to_an_end_is_ended(sealed: bytes, monkeypatch) -> None:
    monkeypatch.setattr(inspection, "SECONDS", 0.01)
    assert verifying.by_file(sealed).outcome == "known"
    assert verifying.by_file(b"%PDF-1.7\n" + sealed[9:-1]) == Verdict("too_hard")


def test_reader_gets_no_secret_and_dies_of_too_much(sealed: bytes, monkeypatch) -> None:
    asked = {}

    def run(*args: object, **options: object) -> None:
        asked.update(options)
        raise subprocess.CalledProcessError(137, "python")

    monkeypatch.setattr(subprocess, "run", run)
    assert inspection.look(sealed) is None
    assert set(asked["env"]) == {"PATH"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Dear Sir or Madam", "not a file of a kind that is taken"),
        (b"", "empty"),
        (b"%PDF-1.7\n" + b"0" * files.MOST_BYTES, "at most"),
    ],
)
def test_uploads_that_are_refused_say_why(content: bytes, words: str) -> None:
    answer = uploaded(content)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_broken_pdf_has_a_clear_sentence(db: None) -> None:
    answer = uploaded(b"%PDF-1.7\nstartxref\n99999999\n%%EOF\n")
    assert (answer.status_code, "This file cannot be read" in answer.content.decode()) == (200, True)


@pytest.mark.parametrize("given", [{}, {"code": "  "}, {"code": "§§"}])
def test_one_of_the_two_is_asked_for(given: dict[str, str]) -> None:
    answer = Client().post("/verify/", given)
    page = answer.content.decode()
    assert (answer.status_code, "one of the two" in page, ASKS in page) == (422, True, True)


def test_address_is_asked_to_wait_whoever_is_signed_in(owner: User, settings) -> None:
    settings.EVERYBODY_A_MINUTE = {"verify": 3}
    cache.clear()
    client = Client()
    client.force_login(owner)
    answers = [client.get(f"/verify/{codes.new()}/").status_code for _number in range(5)]
    assert answers == [404, 404, 404, 429, 429]
    assert client.post("/verify/", {"code": "x"}).status_code == 429
    assert client.get("/verify/").status_code == 200


def test_web_process_does_not_import_pyhanko() -> None:
    program = (
        "import django, sys; django.setup(); import portal.urls; from django.urls import get_resolver;"
        "get_resolver().url_patterns; sys.exit('pyhanko' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_few_files_are_looked_at_at_once(sealed: bytes, monkeypatch) -> None:
    asked: list[int] = []

    def look(content: bytes) -> None:
        # While a file of this address is looked at, another comes from it.
        asked.append(uploaded(sealed).status_code if not asked else 0)

    monkeypatch.setattr(inspection, "look", look)
    assert uploaded(sealed).status_code == 200
    assert asked == [503]
    assert uploaded(sealed).status_code == 200
