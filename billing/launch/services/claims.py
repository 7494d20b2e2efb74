"""What a product is told of the member who opens it, by scope (OpenID Connect Core, 5.4)."""

from collections.abc import Collection
from typing import Any

from allauth.account.models import EmailAddress

from billing.launch.models import ProductSession
from billing.subscriptions.models import ProductAccess, Subscription
from portal.accounts.models import User

SUPPORTED = (
    "sub", "sid", "auth_time", "name", "given_name", "family_name", "email", "email_verified",
    "company", "role", "product", "plan", "features", "limits",
)  # fmt: skip


def of(*, session: ProductSession, scopes: Collection[str]) -> dict[str, Any]:
    """The claims of these scopes, as they are now; the session's user, company and product are at hand."""
    claims: dict[str, Any] = {"sub": str(session.user.public_id)}
    if "profile" in scopes:
        claims |= _profile(session.user)
    if "email" in scopes:
        verified = EmailAddress.objects.filter(user=session.user, email__iexact=session.user.email, verified=True)
        claims |= {"email": session.user.email, "email_verified": verified.exists()}
    if "company" in scopes:
        claims |= _company(session)
    return claims


def _profile(user: User) -> dict[str, str]:
    names = {"name": user.get_full_name(), "given_name": user.first_name, "family_name": user.last_name}
    return {name: value for name, value in names.items() if value}


def _company(session: ProductSession) -> dict[str, Any]:
    company = session.company
    return {
        "company": {"id": str(company.public_id), "slug": company.slug, "name": company.name},
        "role": session.role,
        "product": session.product.slug,
        **_plan(_subscription(session)),
    }


def _subscription(session: ProductSession) -> Subscription | None:
    """What gives the product; None where staff gave it without a plan."""
    rows = ProductAccess.objects.open().filter(company=session.company, product=session.product)
    contents = ("subscription__plan__features", "subscription__plan__limits__metric")
    access = rows.select_related("subscription__plan", "subscription__price").prefetch_related(*contents).first()
    return access.subscription if access else None


def _plan(subscription: Subscription | None) -> dict[str, Any]:
    """Plan, features and limits; what has no limit is not named, and `seats` is null where there is none."""
    if subscription is None:
        return {"plan": None, "features": [], "limits": {}}
    plan = subscription.plan
    features = [{"group": row.group, "label": row.label, "value": row.value} for row in plan.features.all()]
    limits: dict[str, int | None] = {row.metric.slug: row.quantity for row in plan.limits.all()}
    return {
        "plan": {"slug": plan.slug, "name": plan.name},
        "features": features,
        "limits": {**limits, "seats": subscription.seats_allowed},
    }
