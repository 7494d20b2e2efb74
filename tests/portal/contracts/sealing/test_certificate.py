"""What the PDF says: the text, the signatures, all evidence, and the truth about its time stamp."""

import hashlib
import json
import subprocess
from pathlib import Path

import pytest

from portal.accounts.models import ConsentText
from portal.contracts import certificate
from portal.contracts.models import Contract, Signature
from portal.contracts.sealing import typeset
from portal.contracts.services import copies, evidence, sealing
from tests.portal.contracts.sealing.authorities import Server
from tests.portal.contracts.sealing.signed import BROWSER, due, job_of
from tests.portal.contracts.signing.made import HTML

pytestmark = pytest.mark.django_db


def sealed(contract: Contract, folder: Path, step: str = "seal") -> Path:
    """The PDF of a contract, as a file."""
    sealing.work(pk=job_of(contract, step).pk)
    path = folder / f"{step}.pdf"
    path.write_bytes(copies.content_of(copies.newest(contract)))
    return path


def words_of(path: Path) -> str:
    """What stands in a PDF, without spaces: long words are broken over lines."""
    text = subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True, text=True).stdout
    return "".join(text.split())


def bare(text: str) -> str:
    return "".join(text.split())


def test_pdf_names_every_event_with_all_that_is_known_of_it(contract: Contract, tmp_path: Path) -> None:
    words = words_of(sealed(contract, tmp_path))
    events = list(contract.evidence.exclude(kind="sealed").order_by("sequence"))
    assert [event.kind for event in events] == [
        "sent",
        *("opened", "viewed", "consented", "signed"),
        *("opened", "viewed", "consented", "counter_signed"),
        "completed",
    ]
    for event in events:
        facts = [
            f"{event.sequence}.{event.get_kind_display()}",
            event.name,
            event.email,
            event.role,
            event.authentication,
            event.ip_address or "",
            event.user_agent,
            event.time_zone,
            certificate.instant(event.at),
            event.text_sha256,
            event.consent_sha256,
            event.result_sha256,
            event.previous_sha256,
            event.sha256,
        ]
        missing = [fact for fact in facts if bare(fact) not in words]
        assert missing == [], event.kind
    assert bare(BROWSER) in words


def test_pdf_holds_the_text_the_signatures_and_the_way_to_verify(contract: Contract, tmp_path: Path) -> None:
    path = sealed(contract, tmp_path)
    words, text = words_of(path), contract.texts.get()
    for said in ("Savanna pays 5,000 USD.", "It ends on 31 December.", "Certificate of completion", text.sha256):
        assert bare(said) in words, said
    for signature in Signature.objects.all():
        for said in (signature.typed_name, signature.email, signature.sha256, certificate.instant(signature.signed_at)):
            assert bare(said) in words, said
    consent = ConsentText.objects.get(kind="signing")
    assert bare(consent.body) in words
    assert f"version{consent.version}" in words
    assert bare(typeset.verification_url(contract)) in words
    assert contract.verification_code in words
    info = subprocess.run(["pdfinfo", path], check=True, capture_output=True, text=True).stdout
    assert f"{contract.number} {contract.title}" in info
    pages = int(next(line.split()[1] for line in info.splitlines() if line.startswith("Pages:")))
    for page in range(1, pages + 1):
        assert f"Page{page}of{pages}" in words
    assert words.count(f"SHA-256ofthetext{text.sha256}") == pages
    subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)


def test_files_inside_prove_text_and_chain_by_themselves(contract: Contract, tmp_path: Path) -> None:
    path = sealed(contract, tmp_path)
    subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, path], check=True, capture_output=True)
    text = (tmp_path / "contract.html").read_bytes()
    assert (text.decode(), hashlib.sha256(text).hexdigest()) == (HTML, contract.texts.get().sha256)
    rows = json.loads((tmp_path / "evidence.json").read_text())
    head = evidence.BEGINNING
    for row in rows:
        assert hashlib.sha256(row["record"].encode()).hexdigest() == row["sha256"]
        assert json.loads(row["record"])["previous_sha256"] == head
        head = row["sha256"]
    assert len(rows) == 10
    assert head == contract.evidence.get(sequence=10).sha256
    assert head in words_of(path)


STAMPED = "The seal of this document carries a trusted time stamp (RFC 3161)"
PENDING, NONE = "Time stamp pending.", "No trusted time stamp."


def said_of_time(path: Path) -> list[str]:
    words = words_of(path)
    return [said for said in (STAMPED, PENDING, NONE) if bare(said) in words]


def test_certificate_says_that_there_is_no_time_stamp(contract: Contract, tmp_path: Path) -> None:
    assert said_of_time(sealed(contract, tmp_path)) == [NONE]


def test_certificate_says_that_there_is_a_time_stamp(contract: Contract, with_clock: Server, tmp_path: Path) -> None:
    assert said_of_time(sealed(contract, tmp_path)) == [STAMPED]


def test_certificate_says_that_the_time_stamp_is_pending_and_where_to_look(
    contract: Contract, with_clock: Server, tmp_path: Path
) -> None:
    with_clock.mode = "garbage"
    assert said_of_time(sealed(contract, tmp_path)) == [PENDING]
    with_clock.mode = "good"
    due(job_of(contract, "stamp"))
    later = sealed(contract, tmp_path, "stamp")
    # The pages are those of before: what they say is true of this copy as well.
    assert said_of_time(later) == [PENDING]
    assert bare("Whether this copy has one is shown in the signature panel of a PDF reader.") in words_of(later)
    shown = subprocess.run(["pdfsig", later], check=False, capture_output=True, text=True).stdout
    assert "Clock Authority" in shown


def test_what_people_wrote_is_text_and_never_markup(contract: Contract, tmp_path: Path) -> None:
    Contract.objects.filter(pk=contract.pk).update(title="<b>A & B</b>")
    assert bare("<b>A & B</b>") in words_of(sealed(contract, tmp_path))


def test_certificate_takes_as_many_queries_for_many_events(contract: Contract, django_assert_num_queries) -> None:
    with django_assert_num_queries(3):
        certificate.of(contract)
    for _number in range(20):
        evidence.record(contract=contract, kind="reminded", at=contract.signed_at)
    with django_assert_num_queries(3):
        certificate.of(contract)
