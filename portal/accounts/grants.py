"""What members are given one by one, beside their role: products, say. Each app registers what it has to give."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from portal.core.registry import Registry

if TYPE_CHECKING:
    from portal.accounts.models import Company, Membership, User


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to give; `key` is stable."""

    key: str
    label: str


class Source(Protocol):
    """A kind of thing that members are given."""

    label: str

    def options(self, company: "Company") -> Iterable[Option]:
        """What the company has to give."""

    def held(self, membership: "Membership") -> Iterable[str]:
        """Keys of what a member has."""

    def give(
        self, membership: "Membership", keys: Iterable[str], *, by: "User", as_far_as_there_is: bool = False
    ) -> None:
        """Let the member have exactly these, in the open transaction; keys that the company lacks are left out.

        Raises a DomainError where there is not enough of something, or leaves it out.
        """


sources: Registry[Source] = Registry("things that members are given")


def give_all(
    membership: "Membership", chosen: Mapping[str, list[str]], *, by: "User", as_far_as_there_is: bool = False
) -> None:
    """Hand each source what was chosen of it; a source that is not named stays as it is. Raises as `Source.give`."""
    for name, keys in chosen.items():
        if name in sources:
            sources.get(name).give(membership, keys, by=by, as_far_as_there_is=as_far_as_there_is)
