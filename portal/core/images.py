"""The admin's form of a picture, which refuses broken files in words."""

import struct
import zlib
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

# What Pillow raises on files that begin as a picture and go on as something else.
BROKEN = (OSError, SyntaxError, ValueError, TypeError, IndexError, struct.error, zlib.error)


class MeasuredImageField(WagtailImageField):
    """Wagtail knows a picture by its first bytes; what follows may be anything, and Pillow fails on it."""

    def check_image_pixel_size(self, f: Any) -> None:
        """Measure the picture. Raises ValidationError where it is too large or nothing that can be measured."""
        try:
            super().check_image_pixel_size(f)
        except BROKEN as error:
            raise ValidationError(self.error_messages["invalid_image"], code="invalid_image") from error


class ImageForm(BaseImageForm):
    """The form of one picture; see WAGTAILIMAGES_IMAGE_FORM_BASE."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.fields.get("file")
        if known is not None:
            self.fields["file"] = MeasuredImageField(label=known.label, required=known.required, widget=known.widget)
