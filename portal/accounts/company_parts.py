"""What other apps tell staff of a company, on its page in the admin."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.core.registry import Registry

if TYPE_CHECKING:
    from portal.accounts.models import Company


@dataclass(frozen=True, slots=True)
class Part:
    """Plain lines below a heading."""

    label: str
    lines: "Callable[[Company], Iterable[str]]"


parts: Registry[Part] = Registry("parts of a company's page in the admin")
