"""Records for tests, with traits named by what they are."""

from datetime import UTC, date, datetime

import factory
from djmoney.money import Money
from factory.django import DjangoModelFactory

from billing.catalog.models import MeteredComponent, Metric, Plan, PlanFamily, PlanPrice, Product
from billing.subscriptions.models import ProductAccess
from portal.accounts import roles
from portal.accounts.models import Company, Membership, User
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
