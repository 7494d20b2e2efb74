"""Demo people and companies (interface.md, Demo world)."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.utils import timezone

from billing.catalog import demo as catalog
from billing.invoicing import demo as invoicing
from billing.launch import demo as launch
from billing.launch import demo_reports
from billing.payments import demo as payments
from billing.subscriptions import demo as subscriptions
from home.demo import contracts, notices, using
from portal.accounts import demo as accounts
from portal.accounts.models import Company, User
from portal.accounts.services import companies, members
from portal.projects import demo as projects
from portal.teams import demo as teams
from resellers.models import Reseller

PASSWORD = "demo-portal-pass"

COMPANIES = [
    ("savanna-foods", "Savanna Foods", "KES"),
    ("ridgeline-sacco", "Ridgeline SACCO", "KES"),
    ("northwind-labs", "Northwind Labs", "USD"),
]
SLUGS = [slug for slug, *_rest in COMPANIES]


@dataclass(frozen=True, slots=True)
class Person:
    """A demo account."""

    email: str
    first_name: str
    last_name: str
    company: str = ""
    role: str = ""
    is_staff: bool = False
    is_superuser: bool = False
    group: str = ""


PEOPLE = [
    Person("owner@savanna.example", "Wanjiru", "Kamau", "savanna-foods", "owner"),
    Person("admin@savanna.example", "Brian", "Otieno", "savanna-foods", "admin"),
    Person("billing@savanna.example", "Fatuma", "Ali", "savanna-foods", "billing"),
    Person("viewer@savanna.example", "Kevin", "Mutua", "savanna-foods", "viewer"),
    Person("owner@ridgeline.example", "Grace", "Chebet", "ridgeline-sacco", "owner"),
    Person("owner@northwind.example", "Daniel", "Reyes", "northwind-labs", "owner"),
    Person("developer@talent.example", "Amina", "Hassan"),
    Person("junior@talent.example", "Peter", "Njoroge"),
    Person("agency@talent.example", "Ruth", "Adeyemi"),
    Person("naomi@talent.example", "Naomi", "Achieng"),
    Person("tariq@talent.example", "Tariq", "Omar"),
    Person("reseller@partners.example", "Joseph", "Mwangi"),
    Person("editor@portal.example", "Lucy", "Wairimu", group="Content editors"),
    Person("support@portal.example", "Samuel", "Kiprono", is_staff=True, group="Support"),
    Person("finance@portal.example", "Esther", "Nduta", is_staff=True, group="Finance"),
    Person("staff@portal.example", "Moses", "Barasa", is_staff=True, is_superuser=True),
]


def create() -> None:
    """Make what is missing of products, companies and people."""
    catalog.create()
    launch.prepare()
    people = {person.email: account(person) for person in PEOPLE}
    for slug, name, currency in COMPANIES:
        owner = next(person for person in PEOPLE if person.company == slug and person.role == "owner")
        company = Company.objects.filter(slug=slug).first() or companies.register(
            name=name, slug=slug, currency=currency, owner=people[owner.email]
        )
        for person in PEOPLE:
            if person.company == slug:
                members.add(company=company, user=people[person.email], role=person.role, by=people[owner.email])
    partners()


def account(person: Person) -> User:
    """Make one account with its group; an existing one is left as it is."""
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(
            person.email,
            PASSWORD,
            first_name=person.first_name,
            last_name=person.last_name,
            is_staff=person.is_staff,
            is_superuser=person.is_superuser,
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if person.group:
        user.groups.add(Group.objects.get(name=person.group))
    return user


def partners() -> None:
    """Make what companies say of themselves, the developers, the agency and the reseller."""
    by_email = {user.email: user for user in User.objects.filter(email__in=[person.email for person in PEOPLE])}
    by_slug = {company.slug: company for company in Company.objects.filter(slug__in=SLUGS)}
    accounts.create(by_email, by_slug)
    teams.create(by_email, by_slug)
    projects.create(by_email, by_slug)
    invoicing.create(by_slug)
    using.create(by_email, by_slug, now=timezone.now())
    subscriptions.create(by_email, by_slug)
    payments.create(by_email, by_slug)
    contracts.create(by_email, by_slug)
    demo_reports.create(by_slug, now=timezone.now())
    notices.create(by_email, by_slug)
    reseller = {"business_name": "Mwangi Partners", "status": Reseller.Status.APPROVED}
    Reseller.objects.get_or_create(user=by_email["reseller@partners.example"], defaults=reseller)
