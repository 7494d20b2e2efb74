"""The roles table of product.md, cell by cell."""

import pytest

from portal.accounts import roles
from portal.accounts.roles import Permission
from tests.factories import MembershipFactory

# Permission: owner, admin, billing, viewer, with the flags that each role starts with.
TABLE = {
    Permission.VIEW_COMPANY: (True, True, True, True),
    Permission.OPEN_TICKETS: (True, True, True, True),
    Permission.LAUNCH_PRODUCTS: (True, True, True, True),
    Permission.EDIT_COMPANY: (True, True, False, False),
    Permission.MANAGE_MEMBERS: (True, True, False, False),
    Permission.APPROVE_DEVELOPERS: (True, True, False, False),
    Permission.SIGN_CONTRACTS: (True, False, False, False),
    Permission.MANAGE_BILLING: (True, False, True, False),
    Permission.VIEW_BILLING: (True, True, True, False),
    Permission.GOVERN_COMPANY: (True, False, False, False),
}
ROLES = ("owner", "admin", "billing", "viewer")
# With every flag switched on: only a viewer's billing flag means nothing.
WITH_FLAGS = {
    Permission.APPROVE_DEVELOPERS: (True, True, True, True),
    Permission.SIGN_CONTRACTS: (True, True, True, True),
    Permission.MANAGE_BILLING: (True, True, True, False),
}
FLAGS = ("can_approve_developers", "can_sign_contracts", "can_manage_billing")


def test_every_permission_is_in_the_table() -> None:
    assert set(TABLE) == set(Permission)


@pytest.mark.parametrize("permission", Permission)
def test_roles_start_with_the_rights_of_the_table(permission: Permission) -> None:
    allowed = tuple(roles.allows(MembershipFactory.build(role=role), permission) for role in ROLES)
    assert allowed == TABLE[permission]


@pytest.mark.parametrize("permission", WITH_FLAGS)
def test_flags_switch_their_right_on(permission: Permission) -> None:
    flags = dict.fromkeys(FLAGS, True)
    allowed = tuple(roles.allows(MembershipFactory.build(role=role, **flags), permission) for role in ROLES)
    assert allowed == WITH_FLAGS[permission]


@pytest.mark.parametrize("permission", WITH_FLAGS)
def test_flags_switch_their_right_off_even_for_owners(permission: Permission) -> None:
    membership = MembershipFactory.build(role="owner", **dict.fromkeys(FLAGS, False))
    assert not roles.allows(membership, permission)


@pytest.mark.parametrize("permission", Permission)
def test_nobody_without_a_membership_may_anything(permission: Permission) -> None:
    assert not roles.allows(None, permission)
