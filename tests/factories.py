"""Records for tests, with traits named by what they are."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from billing.catalog.models import Product
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
