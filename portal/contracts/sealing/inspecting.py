"""What the seals and time stamps in a PDF prove, whoever sent it.

`python -m portal.contracts.sealing.inspecting` does it in a process of its own, within narrow limits of time and
memory and without the portal's settings: a PDF can be made to keep a reader busy for hours. It reads a line of JSON,
then the PDF, and writes JSON.
"""

import json
import logging
import resource
import sys
from base64 import b64decode
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from io import BytesIO

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel, TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from portal.contracts.sealing.findings import BROKEN, ENCRYPTED, NOT_PDF, Findings, Seal, Stamp, Trust

SECONDS, BYTES = 15, 1024**3
MOST_SEALS = 20
# What later time stamps and what they need change.
ALLOWED = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES)
COVERED = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)
logger = logging.getLogger(__name__)


def inspect(content: bytes, trust: Trust) -> Findings:
    """Look at all seals and time stamps of a PDF; whatever it is, there is an answer."""
    if b"%PDF-" not in content[:1024]:
        return Findings(NOT_PDF)
    try:
        reader = PdfFileReader(BytesIO(content))
        if reader.encrypted:
            return Findings(ENCRYPTED)
        seals, stamps = _found(reader, trust)
    # The edge of a parser: a file made to break it may raise anything.
    except Exception:
        logger.exception("pdf_not_read")
        return Findings(BROKEN)
    return Findings("", seals, stamps)


def _found(reader: PdfFileReader, trust: Trust) -> tuple[list[Seal], list[Stamp]]:
    seals: list[Seal] = []
    stamps: list[Stamp] = []
    for embedded in reader.embedded_signatures[:MOST_SEALS]:
        if embedded.sig_object_type == "/DocTimeStamp":
            stamps.append(_stamp_of_document(embedded, trust))
        else:
            seal, stamp = _seal(embedded, trust)
            seals.append(seal)
            stamps += [stamp] if stamp else []
    return seals, stamps


def _seal(embedded: EmbeddedPdfSignature, trust: Trust) -> tuple[Seal, Stamp | None]:
    by, at = _name(embedded.signer_cert), embedded.self_reported_timestamp
    moment = at if at and at.tzinfo else datetime.now(UTC)
    try:
        # Whether a certificate was good is asked of the day on which it sealed: it may be old, and the seal older.
        status = validate_pdf_signature(
            embedded, _context(trust.for_seals, moment), _context(trust.for_stamps, datetime.now(UTC))
        )
    except SignatureValidationError:
        return Seal(by, moment.isoformat(), is_ours=False, is_intact=False, is_changed_after=True), None
    is_changed = status.modification_level not in ALLOWED or status.coverage not in COVERED
    # Not `trusted`: a seal that was broken is still known to be ours, as what it signed is signed by our key.
    has_path = status.validation_path is not None and status.trust_problem_indic is None
    is_ours = status.valid and has_path and _was_good(embedded.signer_cert, moment)
    seal = Seal(by, moment.isoformat(), is_ours, status.intact and status.valid, is_changed)
    stamp = status.timestamp_validity
    return seal, _stamp(stamp) if stamp else None


def _stamp_of_document(embedded: EmbeddedPdfSignature, trust: Trust) -> Stamp:
    status = validate_pdf_timestamp(embedded, _context(trust.for_stamps, datetime.now(UTC)), skip_diff=True)
    return _stamp(status, is_whole=status.coverage in COVERED)


def _stamp(status: TimestampSignatureStatus, *, is_whole: bool = True) -> Stamp:
    at = status.timestamp.astimezone(UTC).isoformat()
    is_sound = status.intact and status.valid and is_whole
    return Stamp(_name(status.signing_cert), at, is_sound, is_sound and status.trusted)


def _context(roots: tuple[bytes, ...], moment: datetime) -> ValidationContext:
    """Nothing is fetched: what an upload names is not asked."""
    return ValidationContext(
        trust_roots=[x509.Certificate.load(root) for root in roots], moment=moment, allow_fetching=False
    )


def _was_good(certificate: x509.Certificate, moment: datetime) -> bool:
    """Whether a certificate was good then: of one that is trusted by itself pyHanko does not ask that."""
    return bool(certificate.not_valid_before <= moment <= certificate.not_valid_after)


def _name(certificate: x509.Certificate) -> str:
    subject = certificate.subject.native
    return str(subject.get("common_name") or subject.get("organization_name") or certificate.subject.human_friendly)


def main() -> None:
    """Read from standard input, write to standard output."""
    for limit, most in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, BYTES)):
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))
    said = json.loads(sys.stdin.buffer.readline())
    trust = Trust(**{name: tuple(b64decode(root) for root in roots) for name, roots in said.items()})
    json.dump(asdict(inspect(sys.stdin.buffer.read(), trust)), sys.stdout)


if __name__ == "__main__":
    main()
