"""Companies come into being."""

from django.db import transaction

from portal.accounts.models import Company, Membership, User
from portal.accounts.services import members
from portal.activity import services as activity


@transaction.atomic
def register(*, name: str, slug: str, owner: User, country: str = "KE", currency: str = "KES") -> Company:
    """Make a company with its first owner.

    Raises django.db.IntegrityError when the slug is taken.
    """
    company = Company.objects.create(name=name, slug=slug, country=country, currency=currency)
    activity.record(verb="company.registered", actor=owner, company=company, subject=company)
    members.add(company=company, user=owner, role=Membership.Role.OWNER, by=owner)
    return company


def member_ids(company: Company) -> list[int]:
    """Ids of the people who are members."""
    return list(Membership.objects.filter(company=company).values_list("user_id", flat=True))
