"""What apps above show on the page of a project: each registers a section in `ready()`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.core.registry import Registry

if TYPE_CHECKING:
    from portal.projects.models import Project


@dataclass(frozen=True, slots=True)
class Section:
    """A card of rows as components/link_list.html takes them, at a company's desk; without rows it is left out."""

    title: str
    items: "Callable[[Project], Sequence[dict[str, Any]]]"


sections: Registry[Section] = Registry("sections of a project's page")
