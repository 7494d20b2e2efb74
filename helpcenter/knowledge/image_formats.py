"""How pictures within rich text are shown; Wagtail looks for a module of this name."""

from typing import Any

from wagtail.images.formats import Format, register_image_format


class LazyFormat(Format):
    """A picture that is fetched when the reader comes near it."""

    def image_to_html(self, image: Any, alt_text: str, extra_attributes: dict[str, Any] | None = None) -> str:
        """The element, with what the editor or the text adds to it."""
        html: str = super().image_to_html(image, alt_text, {**(extra_attributes or {}), "loading": "lazy"})
        return html


# Twice as many dots as it is wide in a cell, for screens of twice the density.
register_image_format(LazyFormat("cell", "In a cell of a table", "cell-picture", "max-640x640|format-webp"))
