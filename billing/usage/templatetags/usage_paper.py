"""How rows of a chart are told apart on paper."""

from django import template

register = template.Library()
TINTS = ("1", "0.55", "0.3", "0.75", "0.15")


@register.filter
def tint(place: int) -> str:
    """How dark the row of this place is, counted from 1."""
    return TINTS[(place - 1) % len(TINTS)]
