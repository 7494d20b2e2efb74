"""The vendor's certificate: from the settings, or made once in development; what is wrong with it is said."""

import hashlib
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core import checks

from portal.contracts.checks import seal as check
from portal.contracts.sealing import certificates
from portal.contracts.sealing.certificates import NoSeal
from tests.portal.contracts.sealing.authorities import pair

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_set(settings, tmp_path) -> None:
    settings.SEAL_CERTIFICATE = settings.SEAL_KEY = settings.SEAL_KEY_PASSPHRASE = ""
    settings.VAR_DIR = tmp_path


def test_development_makes_a_certificate_once_and_keeps_it_to_itself(settings, tmp_path: Path) -> None:
    made = certificates.identity()
    assert certificates.identity() == made
    assert certificates.trusted() == [made.certificate]
    assert made.fingerprint == hashlib.sha256(made.certificate).hexdigest()
    path = tmp_path / certificates.FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in tmp_path.iterdir()] == [certificates.FILE]


def test_served_portal_makes_none(settings, tmp_path: Path) -> None:
    settings.DEVELOPMENT = False
    with pytest.raises(NoSeal, match="are not set"):
        certificates.identity()
    with pytest.raises(NoSeal, match="are not set"):
        certificates.trusted()
    assert list(tmp_path.iterdir()) == []


def test_settings_hold_pem_or_name_files_of_it(settings, tmp_path: Path) -> None:
    found = pair("Tamarind Seals")
    wanted = (found.key_der, found.der, ())
    texts = {
        "as it is": (found.pem, found.key_pem()),
        "escaped": (found.pem.replace("\n", "\\n"), found.key_pem().replace("\n", "\\n")),
    }
    certificate, key = tmp_path / "seal.crt", tmp_path / "seal.key"
    certificate.write_text(found.pem)
    key.write_text(found.key_pem())
    texts["files"] = (str(certificate), str(key))
    for name, (settings.SEAL_CERTIFICATE, settings.SEAL_KEY) in texts.items():
        made = certificates.identity()
        assert (made.key, made.certificate, made.chain) == wanted, name
    settings.SEAL_KEY, settings.SEAL_KEY_PASSPHRASE = found.key_pem("open sesame"), "open sesame"
    assert certificates.identity().key == found.key_der


def test_chain_goes_up_from_the_first_and_leaves_out_those_of_before(settings) -> None:
    root, leaf, old = pair("Root", is_authority=True), pair("Leaf", above="Root"), pair("Tamarind Seals 2020")
    settings.SEAL_CERTIFICATE, settings.SEAL_KEY = leaf.pem + old.pem + root.pem, leaf.key_pem()
    assert certificates.identity().chain == (root.der,)
    assert certificates.trusted() == [leaf.der, old.der, root.der]


def test_stamps_are_held_against_their_own_certificates(settings) -> None:
    assert certificates.trusted_for_stamps() == []
    found = pair("Clock Authority", for_stamps=True)
    settings.TIMESTAMP_CERTIFICATES = found.pem
    assert certificates.trusted_for_stamps() == [found.der]


def wrong() -> list[tuple[str, str, str, str]]:
    found, other = pair("Tamarind Seals"), pair("Somebody")
    over = pair("Over", starts_at=datetime.now(UTC) - timedelta(days=60), days=30)
    return [
        ("key of another", found.pem, other.key_pem(), "is not the key of the first certificate"),
        ("no key", found.pem, "-----BEGIN NOTHING-----", "SEAL_KEY cannot be read"),
        ("key with a passphrase", found.pem, found.key_pem("x"), "SEAL_KEY cannot be read"),
        ("no file", "/no/such/file.pem", found.key_pem(), "SEAL_CERTIFICATE names a file that cannot be read"),
        ("half a certificate", found.pem[:90] + "-----END CERTIFICATE-----", found.key_pem(), "cannot be read"),
        ("expired", over.pem, over.key_pem(), "is good until"),
    ]


def test_what_is_wrong_is_said_by_sealing_and_by_the_check(settings) -> None:
    for name, settings.SEAL_CERTIFICATE, settings.SEAL_KEY, words in wrong():
        with pytest.raises(NoSeal, match=words):
            certificates.identity()
        (said,) = check()
        assert (said.id, said.level, words in said.msg) == ("contracts.E001", checks.ERROR, True), name
        assert "BEGIN" not in said.msg, "a key is never shown"


def test_check_says_what_is_missing_and_what_ends_soon(settings) -> None:
    settings.DEVELOPMENT = False
    (said,) = check()
    assert (said.id, said.level) == ("contracts.I001", checks.INFO)
    found = pair("Tamarind Seals")
    settings.SEAL_CERTIFICATE, settings.SEAL_KEY = found.pem, found.key_pem()
    assert check() == []
    soon = pair("Soon over", starts_at=datetime.now(UTC) - timedelta(days=20), days=30)
    settings.SEAL_CERTIFICATE, settings.SEAL_KEY = soon.pem, soon.key_pem()
    (said,) = check()
    assert (said.id, said.level) == ("contracts.W001", checks.WARNING)
