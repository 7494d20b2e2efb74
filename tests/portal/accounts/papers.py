"""Files as people upload them."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


def pdf(name: str = "paper.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def picture(name: str = "logo.png", size: tuple[int, int] = (600, 300), kind: str = "PNG") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return SimpleUploadedFile(name, out.getvalue(), "image/png")
