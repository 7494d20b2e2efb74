"""PAdES: seals and time stamps by pyHanko.

Importing pyHanko takes a second or two, so only those who seal import this module, and not when they start.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TypeVar

from asn1crypto import keys, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, SimpleSigner
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.contracts.sealing import inspecting
from portal.contracts.sealing.certificates import Identity
from portal.contracts.sealing.findings import Trust

T = TypeVar("T")
FIELD = "Seal"
DIGEST = "sha256"
# Hexadecimal digits left free for a seal: certificates of a chain and a time stamp with its own take 10 kB at most.
RESERVED = 2 * 16 * 1024


class NotStamped(Exception):
    """There is no time stamp to be had now; the message says why."""


class NotSound(Exception):
    """What came out is not what was meant, so it is not kept; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a PDF reader shows of a seal."""

    name: str
    reason: str
    contact: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed PDF; `stamped_at` is the time of the authority."""

    content: bytes
    stamped_at: datetime | None = None


def seal(content: bytes, identity: Identity, words: Words, *, server: TimeStamper | None, trust: Trust) -> Sealed:
    """Certify a PDF: no change but further time stamps is allowed from here on. Raises NotStamped, NotSound."""
    about = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        name=words.name,
        reason=words.reason,
        contact_info=words.contact,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
    )
    signer = PdfSigner(about, signer=_signer(identity), timestamper=server)

    def sign() -> bytes:
        out: BytesIO = signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(content)), bytes_reserved=RESERVED)
        return out.getvalue()

    return _looked_at(_apart(sign), trust, is_stamped=server is not None)


def stamp(content: bytes, *, server: TimeStamper, trust: Trust) -> Sealed:
    """Append a document time stamp to a sealed PDF, whose bytes stay as they are. Raises NotStamped, NotSound."""

    def append() -> bytes:
        writer = IncrementalPdfFileWriter(BytesIO(content))
        out: BytesIO = PdfTimeStamper(server).timestamp_pdf(writer, DIGEST, bytes_reserved=RESERVED)
        return out.getvalue()

    return _looked_at(_apart(append), trust, is_stamped=True)


def _signer(identity: Identity) -> SimpleSigner:
    store = SimpleCertificateStore()
    store.register_multiple(x509.Certificate.load(above) for above in identity.chain)
    return SimpleSigner(
        signing_cert=x509.Certificate.load(identity.certificate),
        signing_key=keys.PrivateKeyInfo.load(identity.key),
        cert_registry=store,
    )


def _apart(work: Callable[[], T]) -> T:
    """Work in a thread of its own: pyHanko runs an event loop, and the caller may have one. Raises NotStamped."""
    with ThreadPoolExecutor(1) as pool:
        try:
            return pool.submit(work).result()
        except TimestampRequestError as error:
            raise NotStamped(str(error)) from error


def _looked_at(content: bytes, trust: Trust, *, is_stamped: bool) -> Sealed:
    """What was made, once a reader of its own finds it sound."""
    found = inspecting.inspect(content, trust)
    if found.problem or len(found.seals) != 1 or not found.seals[0].is_sound:
        raise NotSound(f"The seal does not hold: {found}")
    if not is_stamped:
        return Sealed(content)
    stamps = found.stamps
    if not stamps or not stamps[-1].is_sound or (trust.for_stamps and not stamps[-1].is_trusted):
        raise NotStamped("The time stamp does not hold, or it is of an authority that is not trusted.")
    return Sealed(content, datetime.fromisoformat(stamps[-1].at))
