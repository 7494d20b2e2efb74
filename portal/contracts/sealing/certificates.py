"""The vendor's certificate, with which contracts are sealed, and those that seals are held against.

`SEAL_CERTIFICATE` holds PEM, or names a file of it: first the certificate of `SEAL_KEY`, then the chain above it and
those that sealed before. Where none is set, in development alone, one is made once and kept in the var folder.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.core.kept_files import kept
from portal.notifications import letters

FILE = "seal.pem"
PEM = re.compile(r"-----BEGIN ([A-Z ]+)-----.+?-----END \1-----", re.DOTALL)
FEWEST_BITS = 2048
# As long as papers are to be kept, and some more: nobody renews the certificate of a demo.
YEARS_IN_DEVELOPMENT = 20
# RFC 5280, 4.1.2.5: what begins now has begun for those whose clocks are a little behind.
SLACK = timedelta(hours=1)


class NoSeal(ImproperlyConfigured):
    """There is no certificate to seal with, or it is of no use; the message says why, for who operates the portal."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What the vendor seals with: private key and certificate as DER (PKCS #8, X.509), and the chain above it."""

    key: bytes
    certificate: bytes
    chain: tuple[bytes, ...] = ()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in hexadecimal."""
        return fingerprint(self.certificate)


def identity() -> Identity:
    """What is sealed with now. Raises NoSeal."""
    found = _certificates()
    key = _key(_pem_of("SEAL_KEY"), settings.SEAL_KEY_PASSPHRASE)
    first = found[0]
    if not first.not_valid_before_utc <= datetime.now(UTC) <= first.not_valid_after_utc:
        raise NoSeal(f"The certificate in SEAL_CERTIFICATE is good until {first.not_valid_after_utc:%Y-%m-%d} only.")
    if _public(key.public_key()) != _public(first.public_key()):
        raise NoSeal("SEAL_KEY is not the key of the first certificate in SEAL_CERTIFICATE.")
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Identity(private, _der(first), tuple(_der(above) for above in _chain(first, found[1:])))


def trusted() -> list[bytes]:
    """Certificates, as DER, whose seals are the vendor's: of today and of before. Raises NoSeal."""
    return [_der(certificate) for certificate in _certificates()]


def trusted_for_stamps() -> list[bytes]:
    """Certificates of time stamp authorities that the vendor trusts, as DER; none where none were named."""
    return [_der(found) for found in _read_all(_pem_of("TIMESTAMP_CERTIFICATES"), "TIMESTAMP_CERTIFICATES")]


def ends_at() -> datetime:
    """When the certificate that is sealed with expires. Raises NoSeal."""
    return _certificates()[0].not_valid_after_utc


def is_set() -> bool:
    """Whether a certificate and its key were named at all."""
    return bool(settings.SEAL_CERTIFICATE and settings.SEAL_KEY)


def fingerprint(certificate: bytes) -> str:
    """SHA-256 of a certificate in DER, in hexadecimal."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(certificate)
    return digest.finalize().hex()


def _certificates() -> list[x509.Certificate]:
    found = _read_all(_pem_of("SEAL_CERTIFICATE"), "SEAL_CERTIFICATE")
    if not found:
        raise NoSeal("SEAL_CERTIFICATE and SEAL_KEY are not set, so contracts cannot be sealed.")
    return found


def _pem_of(name: str) -> str:
    """The PEM that a setting holds or leads to; in development, what was made once."""
    said = str(getattr(settings, name)).replace("\\n", "\n").strip()
    if said and "-----BEGIN" not in said:
        try:
            return Path(said).read_text("ascii")
        except (OSError, ValueError) as error:
            raise NoSeal(f"{name} names a file that cannot be read: {error}") from error
    if not said and settings.DEVELOPMENT and name.startswith("SEAL_") and not is_set():
        return kept(Path(settings.VAR_DIR) / FILE, _new)
    return said


@cache
def _read_all(pem: str, name: str) -> list[x509.Certificate]:
    blocks = [found[0] for found in PEM.finditer(pem) if found[1] == "CERTIFICATE"]
    try:
        return [x509.load_pem_x509_certificate(block.encode()) for block in blocks]
    except ValueError as error:
        raise NoSeal(f"{name} holds a certificate that cannot be read: {error}") from error


@cache
def _key(pem: str, passphrase: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    """Read a key once a process: that takes a while."""
    block = next((found[0] for found in PEM.finditer(pem) if found[1].endswith("PRIVATE KEY")), "")
    try:
        key = serialization.load_pem_private_key(block.encode(), password=passphrase.encode() or None)
    except (ValueError, TypeError) as error:
        raise NoSeal(f"SEAL_KEY cannot be read: {error}") from error
    if isinstance(key, ec.EllipticCurvePrivateKey) or (
        isinstance(key, rsa.RSAPrivateKey) and key.key_size >= FEWEST_BITS
    ):
        return key
    raise NoSeal(f"SEAL_KEY takes RSA keys of {FEWEST_BITS} bits or more, and keys of elliptic curves.")


def _chain(first: x509.Certificate, others: list[x509.Certificate]) -> list[x509.Certificate]:
    """Those above a certificate, from its issuer up."""
    chain = [first]
    while above := next((other for other in others if other not in chain and _has_issued(other, chain[-1])), None):
        chain.append(above)
    return chain[1:]


def _has_issued(above: x509.Certificate, below: x509.Certificate) -> bool:
    try:
        below.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _public(key: CertificatePublicKeyTypes) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _new() -> bytes:
    """A key and a certificate that it has signed itself, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=FEWEST_BITS)
    vendor = letters.letterhead().name
    certificate = self_signed(key, f"{vendor} (development)", starts_at=datetime.now(UTC) - SLACK)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM) + private


def self_signed(key: rsa.RSAPrivateKey, name: str, *, starts_at: datetime) -> x509.Certificate:
    """A certificate of this name for signing documents, signed by its own key."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = dict.fromkeys(
        ["key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"], False
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(starts_at)
        .not_valid_after(starts_at + timedelta(days=365 * YEARS_IN_DEVELOPMENT))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, content_commitment=True, encipher_only=False, decipher_only=False, **usage
            ),
            critical=True,
        )
    )
    return builder.sign(key, hashes.SHA256())
