"""The one table of what a member may do in a company. Views, API and templates ask it."""

from enum import StrEnum
from http import HTTPStatus

from django.utils.translation import gettext as _

from portal.accounts.models import Membership
from portal.core.errors import DomainError

Role = Membership.Role


class NotAllowed(DomainError):
    """This member's role does not reach so far."""

    code = "not_allowed"
    status = HTTPStatus.FORBIDDEN


class Permission(StrEnum):
    """What a member may do."""

    VIEW_COMPANY = "view_company"
    OPEN_TICKETS = "open_tickets"
    LAUNCH_PRODUCTS = "launch_products"
    EDIT_COMPANY = "edit_company"
    MANAGE_MEMBERS = "manage_members"
    APPROVE_DEVELOPERS = "approve_developers"
    SIGN_CONTRACTS = "sign_contracts"
    MANAGE_BILLING = "manage_billing"
    VIEW_BILLING = "view_billing"
    GOVERN_COMPANY = "govern_company"


EVERYONE = frozenset(Role)
BY_ROLE: dict[Permission, frozenset[str]] = {
    Permission.VIEW_COMPANY: EVERYONE,
    Permission.OPEN_TICKETS: EVERYONE,
    Permission.LAUNCH_PRODUCTS: EVERYONE,
    Permission.EDIT_COMPANY: frozenset({Role.OWNER, Role.ADMIN}),
    Permission.MANAGE_MEMBERS: frozenset({Role.OWNER, Role.ADMIN}),
    Permission.VIEW_BILLING: frozenset({Role.OWNER, Role.ADMIN, Role.BILLING}),
    Permission.GOVERN_COMPANY: frozenset({Role.OWNER}),
}
# Rights that hang on a flag of the membership; the roles that can hold the flag, and with which default.
BY_FLAG: dict[Permission, tuple[str, dict[str, bool]]] = {
    Permission.APPROVE_DEVELOPERS: (
        "can_approve_developers",
        {Role.OWNER: True, Role.ADMIN: True, Role.BILLING: False, Role.VIEWER: False},
    ),
    Permission.SIGN_CONTRACTS: (
        "can_sign_contracts",
        {Role.OWNER: True, Role.ADMIN: False, Role.BILLING: False, Role.VIEWER: False},
    ),
    Permission.MANAGE_BILLING: ("can_manage_billing", {Role.OWNER: True, Role.ADMIN: False, Role.BILLING: True}),
}


def allows(membership: Membership | None, permission: Permission) -> bool:
    """Whether this membership holds the permission; nobody without one does."""
    if membership is None:
        return False
    if permission in BY_FLAG:
        flag, defaults = BY_FLAG[permission]
        return membership.role in defaults and bool(getattr(membership, flag))
    return membership.role in BY_ROLE[permission]


def demand(membership: Membership | None, permission: Permission) -> None:
    """Raise NotAllowed unless the membership holds the permission."""
    if not allows(membership, permission):
        raise NotAllowed(_("Your role in the company does not allow this. Ask an owner."))


def default_flags(role: str) -> dict[str, bool]:
    """The three flags as a new membership of this role starts with them."""
    return {flag: defaults.get(role, False) for flag, defaults in BY_FLAG.values()}


def may_hold(role: str, flag: str) -> bool:
    """Whether a member of this role can have this flag at all."""
    return any(name == flag and role in defaults for name, defaults in BY_FLAG.values())
