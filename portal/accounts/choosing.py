"""Who may look companies up by name in the admin: each app names the right for whose work it is needed."""

from typing import TYPE_CHECKING

from portal.core.registry import Registry

if TYPE_CHECKING:
    from portal.accounts.models import User

rights: Registry[str] = Registry("rights to look companies up")


def may_choose(user: "User") -> bool:
    """Whether the person holds one of them."""
    return any(user.has_perm(right) for right in rights.all())
