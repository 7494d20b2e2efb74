"""The cast of all tests: people named by what they are, of two companies: `company` and the stranger's."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils.text import slugify

from home.models import HomePage
from home.setup import groups, site
from portal.accounts.models import Company, User
from portal.teams.models import Agency, Developer
from resellers.models import Reseller
from tests.factories import CompanyFactory, MembershipFactory, ProductAccessFactory, ProductFactory, UserFactory
from tests.plugins.standing import Standing

CAST = [
    "anonymous",
    "owner",
    "company_admin",
    "billing_member",
    "viewer",
    "stranger",
    "developer",
    "agency_admin",
    "reseller",
    "support",
    "finance",
    "staff",
    "editor",
]

SITE = Standing("portal_site", site.create, is_begun=HomePage.objects.exists)
GROUPS = Standing("portal_groups", groups.create, is_begun=Group.objects.filter(name="Content editors").exists)


def using(product: str, name: str) -> Company:
    """A company of this name that uses a product."""
    company = CompanyFactory.create(name=name, slug=slugify(name))
    ProductAccessFactory.create(company=company, product=ProductFactory.create(slug=product))
    return company


def savanna() -> Company:
    """The company that owner, admin, billing member and viewer belong to; it uses ERP."""
    return using("erp", "Savanna Foods")


def ridgeline() -> Company:
    """The stranger's company; it uses SACCO."""
    return using("sacco", "Ridgeline SACCO")


@pytest.fixture
def company(db: None) -> Company:
    return savanna()


@pytest.fixture
def other_company(db: None) -> Company:
    return ridgeline()


def member(company: Company, role: str, email: str) -> User:
    """A member of a company."""
    return MembershipFactory.create(company=company, role=role, user=UserFactory.create(email=email)).user


@pytest.fixture
def owner(company: Company) -> User:
    return member(company, "owner", "owner@savanna.example")


@pytest.fixture
def company_admin(company: Company) -> User:
    return member(company, "admin", "admin@savanna.example")


@pytest.fixture
def billing_member(company: Company) -> User:
    return member(company, "billing", "billing@savanna.example")


@pytest.fixture
def viewer(company: Company) -> User:
    return member(company, "viewer", "viewer@savanna.example")


@pytest.fixture
def stranger(other_company: Company) -> User:
    return member(other_company, "owner", "owner@ridgeline.example")


@pytest.fixture
def developer(db: None) -> User:
    user = UserFactory.create(email="developer@talent.example")
    Developer.objects.create(user=user, status=Developer.Status.APPROVED)
    return user


@pytest.fixture
def agency_admin(db: None) -> User:
    user = UserFactory.create(email="agency@talent.example")
    Agency.objects.create(name="Talent Works", slug="talent").admins.add(user)
    return user


@pytest.fixture
def reseller(db: None) -> User:
    user = UserFactory.create(email="reseller@partners.example")
    Reseller.objects.create(user=user, business_name="Mwangi Partners", status=Reseller.Status.APPROVED)
    return user


@pytest.fixture
def portal_groups(db: None) -> None:
    """The groups of those who work in the admin."""
    GROUPS.stand()


def in_group(email: str, group: str, *, staff: bool) -> User:
    """A person of one of the groups."""
    user = UserFactory.create(email=email, is_staff=staff)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def support(portal_groups: None) -> User:
    return in_group("support@portal.example", "Support", staff=True)


@pytest.fixture
def finance(portal_groups: None) -> User:
    return in_group("finance@portal.example", "Finance", staff=True)


@pytest.fixture
def editor(portal_groups: None) -> User:
    return in_group("editor@portal.example", "Content editors", staff=False)


@pytest.fixture
def staff(db: None) -> User:
    return UserFactory.create(email="staff@portal.example", is_staff=True, is_superuser=True)


@pytest.fixture
def anonymous() -> None:
    """Nobody: a visitor who has not signed in."""


def client_of(user: User | None) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


@pytest.fixture
def clients(request: pytest.FixtureRequest) -> dict[str, Client]:
    """A browser for each of the cast."""
    return {name: client_of(request.getfixturevalue(name)) for name in CAST}


@pytest.fixture
def portal_site(db: None) -> None:
    """Home page, help center and dashboards."""
    SITE.stand()
