"""The icons that editors choose from: the symbols of static/icons/sprite.svg."""

import re
from functools import cache
from typing import Any

from django.conf import settings
from wagtail import blocks


@cache
def names() -> tuple[str, ...]:
    """Names of all icons, as the sprite lists them."""
    return tuple(re.findall(r'<symbol id="([\w-]+)"', (settings.BASE_DIR / "static/icons/sprite.svg").read_text()))


def choices() -> list[tuple[str, str]]:
    """Icons as a list to choose from."""
    return [(name, name.replace("-", " ").capitalize()) for name in names()]


def choices_or_none() -> list[tuple[str, str]]:
    """The same, where a thing may go without."""
    return [("", "None"), *choices()]


class IconBlock(blocks.ChoiceBlock):
    """The choice of an icon; migrations know it as a choice without the list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"help_text": "Drawn beside the words.", **kwargs, "choices": choices})

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Leave out the choices, as the sprite grows, and what editors read beside them."""
        path, args, kwargs = super().deconstruct()
        kwargs.pop("help_text", None)
        return path, args, {**kwargs, "choices": []}
