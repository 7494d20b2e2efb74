"""What companies decide of products."""

from billing.launch.services import asking_for_access
from portal.accounts import roles
from portal.accounts.models import Membership
from portal.approvals.registry import Kind
from portal.approvals.telling import in_turn, tell_asker, tell_deciders


def may_give(membership: Membership) -> bool:
    """Whether a member says which members may open what."""
    return roles.allows(membership, roles.Permission.MANAGE_MEMBERS)


KINDS = {
    asking_for_access.KIND: Kind(
        "Access to a product",
        "accounts.override_company",
        icon="package",
        member_may=may_give,
        four_eyes=True,
        on_ask=tell_deciders(),
        on_approve=in_turn(asking_for_access.grant, tell_asker()),
        on_reject=tell_asker(),
    )
}
