"""Records for tests, with traits named by what they are."""

import hashlib
from datetime import UTC, date, datetime

import factory
from djmoney.money import Money
from factory.django import DjangoModelFactory

from billing.catalog.models import MeteredComponent, Metric, Plan, PlanFamily, PlanPrice, Product
from billing.subscriptions.models import ProductAccess
from portal.accounts import roles
from portal.accounts.models import Company, Membership, User
from portal.contracts.models import Contract, ContractTemplate, ContractText, Signer
from portal.projects.models import Milestone, Project, ProjectDeveloper, Repository, RepositoryFigures
from portal.teams.models import Agency, Assignment, Developer


class UserFactory(DjangoModelFactory[User]):
    """A person who can sign in with the password "a-long-password"."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    first_name = "Test"
    last_name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password("a-long-password")

    class Params:
        staff = factory.Trait(is_staff=True)


class CompanyFactory(DjangoModelFactory[Company]):
    """A company."""

    class Meta:
        model = Company

    name = factory.Sequence(lambda n: f"Company {n}")
    slug = factory.Sequence(lambda n: f"company-{n}")


class MembershipFactory(DjangoModelFactory[Membership]):
    """A member with the flags that the role starts with."""

    class Meta:
        model = Membership

    company = factory.SubFactory(CompanyFactory)
    user = factory.SubFactory(UserFactory)
    role = "viewer"
    can_approve_developers = factory.LazyAttribute(lambda o: roles.default_flags(o.role)["can_approve_developers"])
    can_sign_contracts = factory.LazyAttribute(lambda o: roles.default_flags(o.role)["can_sign_contracts"])
    can_manage_billing = factory.LazyAttribute(lambda o: roles.default_flags(o.role)["can_manage_billing"])


class ProductFactory(DjangoModelFactory[Product]):
    """A product, made once for each slug."""

    class Meta:
        model = Product
        django_get_or_create = ("slug",)

    slug = "erp"
    name = factory.LazyAttribute(lambda o: o.slug.upper())
    icon = factory.SelfAttribute("slug")


class MetricFactory(DjangoModelFactory[Metric]):
    """Something that is counted, made once for each slug."""

    class Meta:
        model = Metric
        django_get_or_create = ("slug",)

    slug = "users"
    name = factory.LazyAttribute(lambda o: o.slug.capitalize())
    unit = factory.LazyAttribute(lambda o: o.slug.removesuffix("s"))


class PlanFamilyFactory(DjangoModelFactory[PlanFamily]):
    """A family, made once for each slug."""

    class Meta:
        model = PlanFamily
        django_get_or_create = ("slug",)

    slug = "erp"
    name = factory.LazyAttribute(lambda o: o.slug.upper())


class PlanFactory(DjangoModelFactory[Plan]):
    """A plan of ERP for everyone, without prices; `month` and `year` are amounts in KES."""

    class Meta:
        model = Plan
        skip_postgeneration_save = True

    family = factory.SubFactory(PlanFamilyFactory)
    level = factory.Sequence(lambda n: n)
    slug = factory.LazyAttribute(lambda o: f"{o.family.slug}-{o.level}")
    name = factory.LazyAttribute(lambda o: f"Plan {o.level}")

    @factory.post_generation
    def products(self, create: bool, extracted: list[str] | None, **kwargs: object) -> None:
        """Its products, by slug."""
        self.products.set([ProductFactory.create(slug=slug) for slug in extracted or ["erp"]])
        self.save()

    @factory.post_generation
    def month(self, create: bool, extracted: object, **kwargs: object) -> None:
        """The monthly price."""
        if extracted:
            PlanPriceFactory.create(plan=self, amount=Money(extracted, "KES"))

    @factory.post_generation
    def year(self, create: bool, extracted: object, **kwargs: object) -> None:
        """The yearly price."""
        if extracted:
            PlanPriceFactory.create(plan=self, interval="year", amount=Money(extracted, "KES"))

    class Params:
        archived = factory.Trait(archived_at=datetime(2026, 1, 5, tzinfo=UTC))


class PlanPriceFactory(DjangoModelFactory[PlanPrice]):
    """A live monthly price of 4,500 KES."""

    class Meta:
        model = PlanPrice

    plan = factory.SubFactory(PlanFactory)
    amount = Money(4500, "KES")
    created_at = datetime(2026, 1, 5, tzinfo=UTC)


class MeteredComponentFactory(DjangoModelFactory[MeteredComponent]):
    """Payslips: 25 included, 60 KES for each above."""

    class Meta:
        model = MeteredComponent

    plan = factory.SubFactory(PlanFactory)
    metric = factory.SubFactory(MetricFactory, slug="payslips")
    included_quantity = 25
    unit_price = Money(60, "KES")
    created_at = datetime(2026, 1, 5, tzinfo=UTC)


class ProductAccessFactory(DjangoModelFactory[ProductAccess]):
    """A company's open access to a product."""

    class Meta:
        model = ProductAccess

    company = factory.SubFactory(CompanyFactory)
    product = factory.SubFactory(ProductFactory)


class AgencyFactory(DjangoModelFactory[Agency]):
    """An agency without admins."""

    class Meta:
        model = Agency

    name = factory.Sequence(lambda n: f"Agency {n}")
    slug = factory.Sequence(lambda n: f"agency-{n}")


class DeveloperFactory(DjangoModelFactory[Developer]):
    """An independent developer, approved unless a trait says otherwise."""

    class Meta:
        model = Developer

    user = factory.SubFactory(UserFactory)
    status = "approved"
    headline = "Django and PostgreSQL"
    skills = factory.LazyFunction(lambda: ["Python", "Django"])

    class Params:
        pending = factory.Trait(status="pending")
        rejected = factory.Trait(status="rejected")
        of_agency = factory.Trait(agency=factory.SubFactory(AgencyFactory))


class AssignmentFactory(DjangoModelFactory[Assignment]):
    """A proposal that nobody was asked to decide; the traits are the later states."""

    class Meta:
        model = Assignment

    company = factory.SubFactory(CompanyFactory)
    developer = factory.SubFactory(DeveloperFactory)

    class Params:
        active = factory.Trait(status="active", starts_on=date(2026, 1, 5))
        notice = factory.Trait(status="notice", starts_on=date(2026, 1, 5), ends_on=date(2026, 3, 31))
        rejected = factory.Trait(status="rejected")
        ended = factory.Trait(status="ended", starts_on=date(2026, 1, 5), ends_on=date(2026, 3, 31))


class ContractTemplateFactory(DjangoModelFactory[ContractTemplate]):
    """A published template of three clauses, with one merge field of its own."""

    class Meta:
        model = ContractTemplate

    name = factory.Sequence(lambda n: f"Engagement {n}")
    type = "engagement"
    body = factory.LazyFunction(
        lambda: [
            {"type": "heading", "value": {"text": "Terms", "level": "2"}},
            {
                "type": "text",
                "value": "<p>Between {company_name} and {vendor_name}.</p><ol><li>It starts on {starts_on}.</li>"
                "<li>The law of {governing_law} applies.</li></ol>",
            },
            {"type": "page_break", "value": None},
            {"type": "text", "value": "<p>Signed by {signers}.</p>"},
        ]
    )
    fields = factory.LazyFunction(
        lambda: [
            {"type": "field", "value": {"name": "governing_law", "label": "Governing law", "sample": "Kenya"}},
        ]
    )

    class Params:
        onboarding = factory.Trait(type="onboarding")
        maintenance = factory.Trait(type="maintenance", renewal_months=12)
        unpublished = factory.Trait(live=False)


class ContractFactory(DjangoModelFactory[Contract]):
    """A draft without signers; the traits are later states, without the texts and evidence that services write."""

    class Meta:
        model = Contract

    company = factory.SubFactory(CompanyFactory)
    template = factory.SubFactory(ContractTemplateFactory)
    type = factory.SelfAttribute("template.type")
    title = "Engagement of two developers"
    values = factory.LazyFunction(lambda: {"governing_law": "Kenya"})
    currency = "USD"
    starts_on = date(2026, 3, 1)
    ends_on = date(2027, 3, 1)
    created_at = datetime(2026, 1, 5, tzinfo=UTC)

    class Params:
        numbered = factory.Trait(
            number=factory.Sequence(lambda n: f"CT-2026-9{n:05d}"),
            verification_code=factory.Sequence(lambda n: f"TEST-{n:04d}-TEST-TEST"),
            sent_at=datetime(2026, 1, 6, tzinfo=UTC),
        )
        sent = factory.Trait(status="sent", offer_ends_on=date(2026, 2, 5), numbered=True)
        signed = factory.Trait(status="signed", signed_at=datetime(2026, 1, 10, tzinfo=UTC), numbered=True)
        active = factory.Trait(status="active", signed_at=datetime(2026, 1, 10, tzinfo=UTC), numbered=True)


class SignerFactory(DjangoModelFactory[Signer]):
    """The first of the company's signers, who is not asked yet; `contract` is to be given, or is a draft of its own."""

    class Meta:
        model = Signer

    contract = factory.SubFactory(ContractFactory)
    user = factory.LazyAttribute(lambda o: MembershipFactory.create(company=o.contract.company, role="owner").user)
    side = "company"
    position = 1
    title = "Managing director"

    class Params:
        vendor = factory.Trait(
            side="vendor", position=2, title="Director", user=factory.SubFactory(UserFactory, staff=True)
        )
        invited = factory.Trait(status="invited", invited_at=datetime(2026, 1, 6, tzinfo=UTC))


class ContractTextFactory(DjangoModelFactory[ContractText]):
    """The first version of what a contract says."""

    class Meta:
        model = ContractText

    contract = factory.SubFactory(ContractFactory)
    version = 1
    html = '<article class="contract-text"><section class="contract-page"><p>It is agreed.</p></section></article>\n'
    sha256 = factory.LazyAttribute(lambda o: hashlib.sha256(o.html.encode()).hexdigest())
    made_at = datetime(2026, 1, 6, tzinfo=UTC)


class ProjectFactory(DjangoModelFactory[Project]):
    """A project in planning; the traits are the later states."""

    class Meta:
        model = Project

    company = factory.SubFactory(CompanyFactory)
    name = factory.Sequence(lambda n: f"Project {n}")
    type = "custom"

    class Params:
        active = factory.Trait(status="active")
        paused = factory.Trait(status="paused")
        completed = factory.Trait(status="completed")


class MilestoneFactory(DjangoModelFactory[Milestone]):
    """A milestone that is not reached."""

    class Meta:
        model = Milestone

    project = factory.SubFactory(ProjectFactory)
    name = factory.Sequence(lambda n: f"Milestone {n}")
    due_on = date(2026, 12, 1)


class ProjectDeveloperFactory(DjangoModelFactory[ProjectDeveloper]):
    """A developer of the company's team on a project."""

    class Meta:
        model = ProjectDeveloper

    project = factory.SubFactory(ProjectFactory)
    assignment = factory.SubFactory(AssignmentFactory, company=factory.SelfAttribute("..project.company"), active=True)
    since_on = date(2026, 1, 5)


class RepositoryFactory(DjangoModelFactory[Repository]):
    """A repository that was not looked at."""

    class Meta:
        model = Repository

    project = factory.SubFactory(ProjectFactory)
    full_name = factory.Sequence(lambda n: f"octo/repository-{n}")


class RepositoryFiguresFactory(DjangoModelFactory[RepositoryFigures]):
    """Figures of a repository."""

    class Meta:
        model = RepositoryFigures

    repository = factory.SubFactory(RepositoryFactory, state="ok", synced_at=datetime(2026, 11, 20, 2, 40, tzinfo=UTC))
    commits = 1204
    open_pull_requests = 3
    merged_pull_requests = 210
    open_issues = 17
    contributors = 6
    commits_this_week = 9
    weeks = factory.LazyFunction(lambda: [*[4] * 51, 9])
    taken_at = datetime(2026, 11, 20, 2, 40, tzinfo=UTC)
