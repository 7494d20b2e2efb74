"""What can be decided: each app registers its kinds of approval in `ready()`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from portal.core.registry import Registry

if TYPE_CHECKING:
    from portal.accounts.models import Membership
    from portal.approvals.models import Approval


@dataclass(frozen=True, slots=True)
class Preview:
    """A file that staff look at inside the page: where it is shown, and how it stands in words."""

    url: str
    is_picture: bool
    state: str
    has_ended: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what a decider reads about a subject; `url` leads to the thing itself, or is empty.

    What has a `heading` stands under it, beside what has none.
    """

    label: str
    value: str
    url: str = ""
    heading: str = ""
    preview: Preview | None = None


Effect = Callable[["Approval", datetime], None]


def nothing(approval: "Approval", at: datetime) -> None:
    """No effect."""


def no_facts(approval: "Approval") -> Iterable[Fact]:
    """Nothing to tell beside the subject's name."""
    return ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of approval.

    `permission` is the Django permission that lets staff decide. With `member_may` the company decides: it says whether
    a member may, without a query; staff with the permission then override, for which a reason is required.
    `four_eyes`: whoever asked may not decide. The effects (`on_ask`, `on_approve`, `on_reject`, `on_cancel`) run in the
    transaction of the decision, write to the database only, and may raise DomainError to refuse it: then nothing
    changes. `portal.approvals.telling` has effects ready that tell people. `facts` are what a decider reads.
    """

    label: str
    permission: str
    icon: str = "circle-check"
    member_may: "Callable[[Membership], bool] | None" = None
    four_eyes: bool = False
    on_ask: Effect = nothing
    on_approve: Effect = nothing
    on_reject: Effect = nothing
    on_cancel: Effect = nothing
    facts: "Callable[[Approval], Iterable[Fact]]" = no_facts


kinds: Registry[Kind] = Registry("kinds of approval")
