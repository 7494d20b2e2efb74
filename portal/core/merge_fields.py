"""Texts that people write with named gaps, such as "Dear {name}": filled from given values and nothing else.

Unlike str.format, nothing can be reached through a name: no attributes, no indexes, no format codes.
"""

import re
from collections.abc import Collection, Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

GAP = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def names_in(text: str) -> list[str]:
    """The names of the gaps, each once, in the order in which they come."""
    return list(dict.fromkeys(GAP.findall(text)))


def merge(text: str, values: Mapping[str, object]) -> str:
    """Fill the gaps; one whose name has no value stays as it is written."""
    return GAP.sub(lambda gap: str(values.get(gap[1], gap[0])), text)


def listed(names: Collection[str]) -> str:
    """Gaps as they are written, or that there are none."""
    return ", ".join(f"{{{name}}}" for name in names) or str(_("none"))


def check(text: str, known: Collection[str]) -> None:
    """Raise ValidationError where something is no gap, or one that nothing can fill; it names those that can be."""
    if re.search(r"[{}]", GAP.sub("", text)):
        raise ValidationError(
            _("Braces are for merge fields alone, each in one pair. These can be used: %(known)s."),
            code="stray_brace",
            params={"known": listed(known)},
        )
    unknown = [name for name in names_in(text) if name not in known]
    if unknown:
        raise ValidationError(
            _("Unknown merge fields: %(unknown)s. These can be used: %(known)s."),
            code="unknown_merge_field",
            params={
                "unknown": listed(unknown),
                "known": listed(known),
            },
        )
