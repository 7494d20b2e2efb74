"""Seals and time stamps: what pyHanko, Poppler and qpdf say of them, before and after a change."""

import subprocess
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.timestamps import TimestampRequestError

from portal.contracts.sealing import findings, inspecting, pades
from portal.contracts.sealing.certificates import Identity
from portal.contracts.sealing.findings import Trust
from portal.contracts.sealing.pades import Words
from portal.contracts.sealing.time_stamps import TimeStampServer
from portal.core import typesetting
from tests.portal.contracts.sealing import authorities
from tests.portal.contracts.sealing.authorities import STAMPED_AT, Pair, Server, pair

WORDS = Words("Tamarind", "Contract CT-2026-000001", "https://portal.example/verify/")
TSA = "Clock Authority"


def identity_of(found: Pair, *chain: Pair) -> Identity:
    return Identity(found.key_der, found.der, tuple(above.der for above in chain))


@pytest.fixture(scope="module")
def plain() -> bytes:
    html = '<!doctype html><html lang="en"><title>A contract</title><h1>A contract</h1><p>Between us and you.</p>'
    return typesetting.typeset(html, style_sheet="css/paper.css", pdf_variant="pdf/a-3b")


@pytest.fixture(scope="module")
def vendor() -> Pair:
    return pair("Tamarind Seals")


@pytest.fixture(scope="module")
def trust(vendor: Pair) -> Trust:
    return Trust((vendor.der,), (pair(TSA, for_stamps=True).der,))


@pytest.fixture(scope="module")
def sealed(plain: bytes, vendor: Pair, trust: Trust) -> bytes:
    return pades.seal(plain, identity_of(vendor), WORDS, server=None, trust=trust).content


def signature_of(pdf: bytes, folder: Path) -> str:
    """What Poppler says of the seal."""
    path = folder / "contract.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdfsig", path], check=False, capture_output=True, text=True).stdout


def with_revision(pdf: bytes) -> bytes:
    """The file with something appended, as programs that edit PDFs do."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.root["/Lang"] = generic.TextStringObject("fr")
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_seal_is_sound_to_pyhanko_poppler_and_qpdf(sealed: bytes, trust: Trust, tmp_path: Path) -> None:
    found = inspecting.inspect(sealed, trust)
    assert (found.problem, found.stamps) == ("", [])
    (seal,) = found.seals
    assert (seal.by, seal.is_ours, seal.is_intact, seal.is_changed_after) == ("Tamarind Seals", True, True, False)
    assert abs(datetime.fromisoformat(seal.at) - datetime.now(UTC)) < timedelta(minutes=5)
    said = signature_of(sealed, tmp_path)
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    subprocess.run(["qpdf", "--check", tmp_path / "contract.pdf"], check=True, capture_output=True)


def test_changed_byte_breaks_the_seal(sealed: bytes, trust: Trust, tmp_path: Path) -> None:
    place = sealed.index(b"A contract") if b"A contract" in sealed else sealed.index(b"/Title")
    changed = bytearray(sealed)
    changed[place + 2] ^= 1
    (seal,) = inspecting.inspect(bytes(changed), trust).seals
    assert (seal.is_intact, seal.is_sound) == (False, False)
    assert "Digest Mismatch" in signature_of(bytes(changed), tmp_path)


def test_appended_revision_shows_as_a_change(sealed: bytes, trust: Trust, tmp_path: Path) -> None:
    changed = with_revision(sealed)
    assert changed.startswith(sealed)
    (seal,) = inspecting.inspect(changed, trust).seals
    assert (seal.is_intact, seal.is_changed_after, seal.is_sound) == (True, True, False)
    assert "Not total document signed" in signature_of(changed, tmp_path)


def test_stamp_within_the_seal(plain: bytes, vendor: Pair, trust: Trust, clock: Server, tmp_path: Path) -> None:
    made = pades.seal(plain, identity_of(vendor), WORDS, server=TimeStampServer(clock.url, ("me", "pw")), trust=trust)
    assert made.stamped_at == STAMPED_AT
    found = inspecting.inspect(made.content, trust)
    assert [(stamp.authority, stamp.is_sound, stamp.is_trusted) for stamp in found.stamps] == [(TSA, True, True)]
    assert found.seals[0].is_sound
    assert "Signature is Valid." in signature_of(made.content, tmp_path)
    # One request, by RFC 3161, with the account of the settings.
    (asked,) = clock.asked
    assert (asked["Content-Type"], asked["Authorization"]) == ("application/timestamp-query", "Basic bWU6cHc=")


def test_stamp_that_comes_later_leaves_all_bytes_before_it(sealed: bytes, trust: Trust, clock: Server, tmp_path: Path):
    made = pades.stamp(sealed, server=TimeStampServer(clock.url), trust=trust)
    assert made.stamped_at == STAMPED_AT
    assert made.content.startswith(sealed)
    found = inspecting.inspect(made.content, trust)
    assert found.seals[0].is_sound, "a time stamp is no change"
    assert [(stamp.authority, stamp.is_trusted) for stamp in found.stamps] == [(TSA, True)]
    assert "Signature is Valid." in signature_of(made.content, tmp_path)
    subprocess.run(["qpdf", "--check", tmp_path / "contract.pdf"], check=True, capture_output=True)
    (seal,) = inspecting.inspect(with_revision(made.content), trust).seals
    assert seal.is_changed_after


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("down", "answered 503"),
        ("page", "text/html"),
        ("garbage", "is none"),
        ("huge", "too much"),
        ("refusal", "rejection Too many."),
        ("other digest", "something else"),
        ("other nonce", "another question"),
        ("slow", "too slowly"),
    ],
)
def test_server_that_fails_gives_no_stamp(
    plain: bytes, sealed: bytes, vendor: Pair, trust: Trust, clock: Server, mode: str, words: str
) -> None:
    clock.mode = mode
    server = TimeStampServer(clock.url, seconds=1)
    with pytest.raises(pades.NotStamped, match=words):
        pades.seal(plain, identity_of(vendor), WORDS, server=server, trust=trust)
    with pytest.raises(pades.NotStamped, match=words):
        pades.stamp(sealed, server=server, trust=trust)


def test_server_that_is_not_there_gives_no_stamp(sealed: bytes, trust: Trust) -> None:
    with authorities.running() as gone:
        pass
    with pytest.raises(pades.NotStamped, match="not reached"):
        pades.stamp(sealed, server=TimeStampServer(gone.url), trust=trust)
    assert issubclass(TimestampRequestError, OSError)


def test_stamp_of_an_authority_that_is_not_trusted_is_none(sealed: bytes, vendor: Pair, clock: Server) -> None:
    others = Trust((vendor.der,), (pair("Another Clock", for_stamps=True).der,))
    with pytest.raises(pades.NotStamped, match="not trusted"):
        pades.stamp(sealed, server=TimeStampServer(clock.url), trust=others)
    nobody = Trust((vendor.der,))
    assert pades.stamp(sealed, server=TimeStampServer(clock.url), trust=nobody).stamped_at == STAMPED_AT


def test_certificate_that_is_exchanged_or_expired_leaves_old_seals_sound(plain: bytes, sealed: bytes, vendor: Pair):
    new = pair("Tamarind Seals 2027")
    assert inspecting.inspect(sealed, Trust((new.der, vendor.der))).seals[0].is_sound
    assert not inspecting.inspect(sealed, Trust((new.der,))).seals[0].is_ours
    ends = datetime.now(UTC) - timedelta(days=1)
    old = pair("Tamarind Seals 2020", starts_at=ends - timedelta(days=30), days=30)
    with pytest.raises(pades.NotSound):
        pades.seal(plain, identity_of(old), WORDS, server=None, trust=Trust((old.der,)))


def test_chain_of_an_authority_is_trusted_by_its_root(plain: bytes) -> None:
    root, leaf = pair("Root", is_authority=True), pair("Leaf", above="Root")
    trust = Trust((leaf.der, root.der))
    made = pades.seal(plain, identity_of(leaf, root), WORDS, server=None, trust=trust)
    assert inspecting.inspect(made.content, Trust((root.der,))).seals[0].is_sound
    other = Trust((pair("Other root", is_authority=True).der,))
    (seal,) = inspecting.inspect(made.content, other).seals
    assert (seal.by, seal.is_ours, seal.is_intact) == ("Leaf", False, True)


def test_uploads_that_are_no_sealed_pdf_have_an_answer(plain: bytes, sealed: bytes, trust: Trust, tmp_path: Path):
    (tmp_path / "plain.pdf").write_bytes(plain)
    encrypt = ["qpdf", "--encrypt", "secret", "secret", "256", "--", tmp_path / "plain.pdf", tmp_path / "locked.pdf"]
    subprocess.run(encrypt, check=True, capture_output=True)
    xref = plain.rindex(b"startxref")
    answers = {
        "text": inspecting.inspect(b"Dear Sir or Madam", trust).problem,
        "empty": inspecting.inspect(b"", trust).problem,
        "head": inspecting.inspect(b"%PDF-1.7\n", trust).problem,
        "locked": inspecting.inspect((tmp_path / "locked.pdf").read_bytes(), trust).problem,
        "no xref": inspecting.inspect(plain[:xref] + b"startxref\n999999999\n%%EOF\n", trust).problem,
        "half": inspecting.inspect(sealed[: len(sealed) // 2], trust).problem,
        "plain": inspecting.inspect(plain, trust),
    }
    broken = findings.BROKEN
    assert answers == {
        "text": findings.NOT_PDF,
        "empty": findings.NOT_PDF,
        "head": broken,
        "locked": findings.ENCRYPTED,
        "no xref": broken,
        "half": broken,
        "plain": findings.Findings(),
    }
