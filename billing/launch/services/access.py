"""Whether a member may open a product now: one rule, asked wherever something is opened or kept open.

Pages, authorization, every exchange of a code or refresh token, userinfo and the sweep over open sessions ask it. It is
an expression of the database, so that one session and ten thousand are decided by the same words.
"""

from dataclasses import dataclass

from django.db import models
from django.db.models import Case, CharField, Exists, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf

from billing.catalog.models import Product
from billing.subscriptions.models import ProductAccess, ProductGrant
from portal.accounts.models import Company, Membership, User

Reference = int | OuterRef


class Closed(models.TextChoices):
    """Why a product is closed to a member."""

    NOT_OFFERED = "not_offered", "It is not offered"
    NOT_A_MEMBER = "not_a_member", "Not a member of the company"
    NOT_SUBSCRIBED = "not_subscribed", "The company has no plan with it"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    NOT_IN_PLAN = "not_in_plan", "Not in the plan any more"
    CLOSED = "closed"
    NOT_VERIFIED = "not_verified", "The company is not verified"
    NOT_GRANTED = "not_granted", "Not granted to the member"


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the member may open the product: `closed` says why not, and is None where it is open."""

    product: Product
    closed: Closed | None
    role: str

    @property
    def is_open(self) -> bool:
        """Whether it may be opened."""
        return self.closed is None


def decide(*, user: User, company: Company, product: Product) -> Decision:
    """Ask the database as it is at this moment; one query."""
    names = {"user": user.pk, "company": company.pk}
    row = Company.objects.filter(pk=company.pk).annotate(
        closed=why_closed(**names, product=product.pk), role=role_of(**names)
    )
    found = row.values_list("closed", "role").first()
    closed, role = found or (Closed.NOT_A_MEMBER.value, None)
    return Decision(product, Closed(closed) if closed else None, role or "")


def why_closed(*, user: Reference, company: Reference, product: Reference) -> Case:
    """The word of `Closed`, or "" while it is open; each by its key, or as a reference to the outer row."""
    offered = Product.objects.offered().filter(pk=product, client__isnull=False).exclude(launch_url="")
    member = Membership.objects.filter(company=company, user=user, user__is_active=True, company__is_active=True)
    access = ProductAccess.objects.filter(company=company, product=product)
    verified = Company.objects.filter(pk=company, verification=Company.Verification.VERIFIED)
    demanding = Product.objects.filter(pk=product, needs_verification=True)
    grants = ProductGrant.objects.filter(membership__company=company, membership__user=user, product=product)
    reason = NullIf(Subquery(access.values("closed_reason")[:1]), Value(""))
    return Case(
        When(~Exists(offered), then=Value(Closed.NOT_OFFERED.value)),
        When(~Exists(member), then=Value(Closed.NOT_A_MEMBER.value)),
        When(~Exists(access), then=Value(Closed.NOT_SUBSCRIBED.value)),
        When(~Exists(access.open()), then=Coalesce(reason, Value(Closed.CLOSED.value))),
        When(Exists(demanding) & ~Exists(verified), then=Value(Closed.NOT_VERIFIED.value)),
        When(~Exists(grants), then=Value(Closed.NOT_GRANTED.value)),
        default=Value(""),
        output_field=CharField(),
    )


def role_of(*, user: Reference, company: Reference) -> Subquery:
    """The member's role; NULL for whoever is none."""
    return Subquery(Membership.objects.filter(company=company, user=user).values("role")[:1])
