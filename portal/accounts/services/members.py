"""People join companies."""

from django.db import transaction

from portal.accounts import roles
from portal.accounts.models import Company, Membership, User
from portal.activity import services as activity


@transaction.atomic
def add(*, company: Company, user: User, role: str, by: User | None) -> Membership:
    """Make somebody a member with the flags that the role starts with; a member already stays as it is."""
    membership, made = Membership.objects.get_or_create(
        company=company, user=user, defaults={"role": role, **roles.default_flags(role)}
    )
    if made:
        data = {"role": membership.get_role_display()}
        activity.record(verb="member.joined", actor=by, company=company, subject=user, data=data)
    return membership
