"""What apps above tell on the page of a product: its help articles, its training."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing.catalog.models import Product
from portal.core.registry import Registry

if TYPE_CHECKING:
    from portal.core.http import MemberRequest


@dataclass(frozen=True, slots=True)
class Line:
    """Something to read or to do: `note` says what it is."""

    title: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Lines under a title; `more_url` leads to the rest of them, in the words of `more_label`."""

    title: str
    lines: Sequence[Line]
    more_label: str = ""
    more_url: str = ""


# What an app knows of a product that whoever asks may see; None where that is nothing.
product_parts: "Registry[Callable[[MemberRequest, Product], Part | None]]" = Registry("parts of products' pages")


def parts_of(request: "MemberRequest", product: Product) -> list[Part]:
    """What the apps above know of a product, in the order in which they came."""
    return [part for read in product_parts.all() if (part := read(request, product)) is not None]
