"""A contract on paper: the text as it was signed, the signatures, and the certificate of completion."""

from datetime import datetime
from io import BytesIO
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from weasyprint import Attachment

from portal.contracts import certificate, registry
from portal.contracts.certificate import Certificate
from portal.contracts.models import Contract
from portal.core import typesetting

STYLE = "css/contract-paper.css"
TEXT, EVIDENCE = "contract.html", "evidence.json"


def pdf_of(contract: Contract, *, made_at: datetime, time_stamp: str, seal: str) -> bytes:
    """Typeset it; `time_stamp` says whether the seal is to have one, `seal` is the fingerprint of the certificate.

    The text of exactly the signed bytes and the evidence as it was hashed are inside as files (PDF/A-3). A time stamp
    is "stamped", "pending" or "none".
    """
    found = certificate.of(contract)
    context = _context(contract, found, made_at, time_stamp, seal)
    html = "".join(
        (
            render_to_string("contracts/paper/head.html", context),
            # What was signed, unchanged: it was made of escaped words and cleaned before it was frozen.
            found.text.html,
            render_to_string("contracts/paper/certificate.html", context),
        )
    )
    return typesetting.typeset(
        html,
        style_sheet=STYLE,
        pdf_variant="pdf/a-3b",
        attachments=[
            _attachment(TEXT, found.text.html, "The text that was signed, to the byte", made_at),
            _attachment(EVIDENCE, found.records, "The evidence, as it was hashed", made_at),
        ],
        finisher=_list_once,
    )


def vendor_name() -> str:
    """Who we are, by our legal name."""
    return registry.vendors.get("vendor")().name


def verification_url(contract: Contract) -> str:
    """Where anybody can verify it."""
    return f"{settings.BASE_URL}{reverse('verify-code', args=[contract.verification_code])}"


def _context(contract: Contract, found: Certificate, made_at: datetime, time_stamp: str, seal: str) -> dict[str, Any]:
    address = verification_url(contract)
    return {
        "contract": contract,
        "certificate": found,
        "vendor": vendor_name(),
        "vendor_address": registry.vendors.get("vendor")().address,
        "made_at": certificate.instant(made_at),
        "sent_at": certificate.instant(contract.sent_at) if contract.sent_at else "",
        "signed_at": certificate.instant(contract.signed_at) if contract.signed_at else "",
        "created": made_at.isoformat(),
        "time_stamp": time_stamp,
        "seal": seal,
        "address": address,
        "verify": f"{settings.BASE_URL}{reverse('verify')}",
        "picture": segno.make(address, error="m").svg_data_uri(border=0),
    }


def _attachment(name: str, content: str, description: str, at: datetime) -> Attachment:
    return Attachment(
        file_obj=BytesIO(content.encode()),
        name=name,
        description=description,
        created=at,
        modified=at,
        relationship="Source",
    )


def _list_once(_document: object, pdf: Any) -> None:
    # WeasyPrint lists each attachment twice.
    pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])
