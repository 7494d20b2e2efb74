"""Logos: whatever picture was sent, drawn anew as a small PNG that holds nothing else."""

import io
from typing import Any

from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from portal.core.files import FileRefused

LARGEST = 256
MOST_PIXELS = 25_000_000


def redraw(picture: "File[Any]") -> "ContentFile[bytes]":
    """Return the picture, at most 256 pixels high and wide. Raises FileRefused for one that cannot be drawn."""
    try:
        with Image.open(picture, formats=["PNG", "JPEG", "WEBP"]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise FileRefused(_("This picture has too many pixels."), "too_many_pixels", field="logo")
            drawn = opened.convert("RGBA")
            drawn.thumbnail((LARGEST, LARGEST))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise FileRefused(_("This picture cannot be read."), "file_kind", field="logo") from None
    out = io.BytesIO()
    drawn.save(out, "PNG", optimize=True)
    return ContentFile(out.getvalue(), "logo.png")
