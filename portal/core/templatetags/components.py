"""What components need and Django's own filters do not give."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import template
from djmoney.money import Money

from portal.core.money import figures, words

register = template.Library()

# Colour and icon of every state of the product; what stands nowhere is neutral.
STATES_BY_KIND = {
    "success": "active approved paid completed won verified signed solved published live succeeded",
    "warning": "pending trialing proposed on_hold scheduled notice in_review needs_action",
    "danger": "overdue past_due suspended failed rejected terminated lost clawed_back urgent",
    "info": "new open sent issued processing contacted qualified proposal requested",
}
KINDS = {state: kind for kind, states in STATES_BY_KIND.items() for state in states.split()}
ICONS = {"warning": "clock", "": "circle-dashed"}


@register.filter
def status_look(status: object) -> dict[str, str]:
    """How badge.html shows a state: kind, icon, and its words where none are given."""
    kind = KINDS.get(str(status), "")
    return {"kind": kind, "icon": ICONS.get(kind, ""), "label": str(status).replace("_", " ").capitalize()}


@register.filter
def money(amount: Money) -> str:
    """An amount for people: "KES 1,234.50"."""
    return words(amount)


@register.filter
def bare(amount: Money) -> str:
    """An amount in a column whose currency is known: "1,234.50"."""
    return figures(amount)


@register.filter
def plain(number: Decimal) -> str:
    """A number without zeros that say nothing: "16", "2.5"."""
    return f"{number.normalize():,f}"


@register.filter
def beside(first: Iterable[Any], second: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Pairs of two lists by their places, as long as the shorter one."""
    return list(zip(first or [], second or [], strict=False))


@register.filter
def initials(name: object) -> str:
    """First letters of the first and the last word of a name; of an e-mail address, its first letter."""
    words = str(name or "").partition("@")[0].split()
    return "".join(word[0] for word in (words if len(words) < 2 else (words[0], words[-1]))).upper()
