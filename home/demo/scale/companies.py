"""Companies for load tests, each with three members who can sign in as the demo people can."""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from billing.catalog.models import Product
from billing.subscriptions.models import ProductAccess
from home.demo.people import PASSWORD
from portal.accounts import roles
from portal.accounts.models import Company, Membership, User

# Companies for every thousand articles.
A_THOUSAND_ARTICLES = 100
PREFIX = "load-"
ROLES = ("owner", "billing", "viewer")
CHUNK = 1000


def create(number: int) -> None:
    """Make the companies up to this number that are missing."""
    known = set(Company.objects.filter(slug__startswith=PREFIX).values_list("slug", flat=True))
    slugs = [slug for slug in map(slug_of, range(number)) if slug not in known]
    password = make_password(PASSWORD)
    for start in range(0, len(slugs), CHUNK):
        add(slugs[start : start + CHUNK], password)


def slug_of(number: int) -> str:
    """Slug of a company, the same in every run."""
    return f"{PREFIX}{number + 1:05}"


@transaction.atomic
def add(slugs: list[str], password: str) -> None:
    """Make these companies with members, addresses and products."""
    names = (f"Load Company {slug.removeprefix('load-')}" for slug in slugs)
    made = Company.objects.bulk_create([Company(name=name, slug=slug) for name, slug in zip(names, slugs, strict=True)])
    users = User.objects.bulk_create([member_of(company, role, password) for company in made for role in ROLES])
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users]
    )
    places = ((company, role) for company in made for role in ROLES)
    Membership.objects.bulk_create(
        [
            Membership(company=company, user=user, role=role, **roles.default_flags(role))
            for (company, role), user in zip(places, users, strict=True)
        ]
    )
    products = list(Product.objects.offered())
    ProductAccess.objects.bulk_create(
        [ProductAccess(company=company, product=products[company.pk % len(products)]) for company in made if products]
    )


def member_of(company: Company, role: str, password: str) -> User:
    """A member's account, unsaved."""
    email = f"{role}@{company.slug}.example"
    return User(email=email, password=password, first_name=role.title(), last_name=company.name)
