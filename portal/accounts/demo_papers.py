"""Papers of the demo world, as a scanner would have made them."""

from datetime import date
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

from portal.accounts.models import Company, VerificationDocument

SIZE, MARGIN = (900, 1270), 90
INK, PALE, SHEET = "#1f2937", "#6b7280", "#fdfdfb"
PICTURED = VerificationDocument.Kind.ADDRESS


def scanned(*, kind: VerificationDocument.Kind, company: Company, on: date) -> SimpleUploadedFile:
    """A paper of this kind: the proof of address is a photograph, everything else a PDF."""
    ending, content_type = ("PNG", "image/png") if kind == PICTURED else ("PDF", "application/pdf")
    content = BytesIO()
    page(kind.label, company, on).save(content, format=ending, resolution=108)
    return SimpleUploadedFile(f"{kind}.{ending.lower()}", content.getvalue(), content_type)


def page(title: str, company: Company, on: date) -> Image.Image:
    """One sheet."""
    sheet = Image.new("RGB", SIZE, SHEET)
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((40, 40, SIZE[0] - 40, SIZE[1] - 40), outline=PALE, width=3)
    lines = [
        ("Republic of Example", 26, PALE, 130),
        (title, 54, INK, 190),
        ("This is to say that the files of this office know", 26, PALE, 380),
        (company.legal_name or company.name, 28, INK, 430),
        (company.registration_number or "Number 0000/0000", 30, INK, 500),
        (", ".join(company.billing_lines) or "Address as on file", 26, INK, 560),
        (f"Issued on {on:%-d %B %Y}", 26, INK, 700),
        ("A sample, made for the demo world", 26, PALE, 1130),
    ]
    for text, size, colour, top in lines:
        draw.text((MARGIN, top), text, fill=colour, font=ImageFont.load_default(size))
    return sheet
