"""Files as people upload them, and hand them in."""

import io
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse
from django.utils import timezone
from PIL import Image

from portal.accounts.models import Company, User, VerificationDocument
from portal.accounts.services import verifications
from portal.approvals.models import Approval

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
Kind = VerificationDocument.Kind
REQUIRED = (Kind.REGISTRATION, Kind.TAX, Kind.ADDRESS)


def pdf(name: str = "paper.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def picture(name: str = "logo.png", size: tuple[int, int] = (600, 300), kind: str = "PNG") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def upload(company: Company, by: User, kind: str, *, expires_on: date | None = None) -> VerificationDocument:
    return verifications.add_document(
        company=company, kind=kind, upload=pdf(), by=by, at=timezone.now(), expires_on=expires_on
    )


def hand_in(company: Company, by: User, *, expires_on: date | None = None) -> Approval:
    for kind in REQUIRED:
        upload(company, by, kind, expires_on=expires_on if kind == Kind.TAX else None)
    verifications.submit(company=company, by=by, at=timezone.now())
    return Approval.objects.pending().get()


def body(answer: object) -> bytes:
    assert isinstance(answer, FileResponse)
    return answer.getvalue()
