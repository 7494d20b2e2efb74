"""Members' sessions in products: begun with a code, and ended when access is closed, with all tokens."""

from collections.abc import Collection
from datetime import datetime, timedelta

from allauth.idp.oidc.models import Token
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet

from billing.catalog.models import Product
from billing.launch.models import LogoutMessage, ProductSession
from billing.launch.services import clients
from billing.launch.services.access import Closed, role_of, why_closed
from portal.accounts.models import Company, SignIn, User
from portal.core.services import jobs

Reason = ProductSession.Reason
# As long as somebody who does not come back stays signed in to the portal itself.
LIFETIME = timedelta(days=14)
# As many messages as are sent to the worker at once.
BATCH = 100
ENDS = {Closed.NOT_A_MEMBER.value: Reason.LEFT, Closed.NOT_GRANTED.value: Reason.TAKEN}


def begin(
    *,
    user: User,
    company: Company,
    product: Product,
    role: str,
    sign_in: str | None,
    authenticated_at: datetime,
    at: datetime,
) -> ProductSession:
    """Write down that a member is about to be signed in to a product; `sign_in` names the browser's sign-in."""
    return ProductSession.objects.create(
        user=user,
        company=company,
        product=product,
        role=role,
        sign_in=SignIn.objects.filter(public_id=sign_in, user=user).first() if sign_in else None,
        authenticated_at=authenticated_at,
        started_at=at,
        expires_at=at + LIFETIME,
    )


def standing() -> "QuerySet[ProductSession]":
    """Open sessions with what decides whether they stay open: `closed` and `role_now`."""
    names = {"user": OuterRef("user_id"), "company": OuterRef("company_id")}
    return (
        ProductSession.objects.open()
        .annotate(closed=why_closed(**names, product=OuterRef("product_id")), role_now=role_of(**names))
        .select_related("user", "company", "product", "sign_in")
    )


def usable(*, public_id: str, at: datetime) -> ProductSession | None:
    """The session of this id while it may stay open; one that may not is ended. One query while it may."""
    session = standing().filter(public_id=public_id).first()
    reason = reason_to_end(session, at=at) if session else None
    if session and reason:
        end(sessions=[session.pk], reason=reason, at=at)
        return None
    return session


def reason_to_end(session: ProductSession, *, at: datetime) -> Reason | None:
    """Why a session of `standing` ends now; None while it stays open."""
    closed, role_now = vars(session)["closed"], vars(session)["role_now"]
    if closed:
        return ENDS.get(closed, Reason.CLOSED)
    if session.role != role_now:
        return Reason.ROLE
    if session.sign_in and session.sign_in.ended_at:
        return Reason.SIGNED_OUT
    return Reason.EXPIRED if session.expires_at <= at else None


def end_closed(*, at: datetime) -> int:
    """End every open session that may not stay open, 100 at a time; return how many that were.

    One query finds those of a batch, however many are open.
    """
    stale = ~Q(closed="") | ~Q(role=F("role_now")) | Q(sign_in__ended_at__isnull=False) | Q(expires_at__lte=at)
    ended = 0
    while rows := list(standing().filter(stale).order_by("pk")[:BATCH]):
        by_reason: dict[Reason, list[int]] = {}
        for row in rows:
            by_reason.setdefault(reason_to_end(row, at=at) or Reason.CLOSED, []).append(row.pk)
        for reason, keys in by_reason.items():
            ended += end(sessions=keys, reason=reason, at=at)
    return ended


def hold(*, public_id: str) -> None:
    """Lock a session and what its browser has open of the product, by key: everybody locks sessions before tokens."""
    session = ProductSession.objects.filter(public_id=public_id).first()
    if session:
        rows = ProductSession.objects.filter(pk=session.pk) | _before(session)
        list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


def end_others(*, session: ProductSession, at: datetime) -> None:
    """End what the same browser opened of this product before; the product knows, as it was opened there anew."""
    keys = list(_before(session).values_list("pk", flat=True))
    end(sessions=keys, reason=Reason.REPLACED, at=at, is_told=False)


def _before(session: ProductSession) -> "QuerySet[ProductSession]":
    return ProductSession.objects.open().filter(
        user=session.user_id,
        company=session.company_id,
        product=session.product_id,
        sign_in=session.sign_in_id,
        pk__lt=session.pk,
    )


def end_all_of(*, user: User, reason: Reason, at: datetime) -> None:
    """End all of one person, as when the password changes."""
    found = ProductSession.objects.open().filter(user=user)
    end(sessions=list(found.values_list("pk", flat=True)), reason=reason, at=at)


@transaction.atomic
def end(*, sessions: Collection[int], reason: Reason, at: datetime, is_told: bool = True) -> int:
    """End these, by key, with their codes and tokens, and have the worker tell the products; return how many."""
    if not sessions:
        return 0
    open_ones = ProductSession.objects.open().filter(pk__in=sessions).select_for_update(of=("self",))
    rows = list(open_ones.select_related("product__client").order_by("pk"))
    keys = [row.pk for row in rows]
    ProductSession.objects.filter(pk__in=keys).update(ended_at=at, ended_reason=reason)
    names = [str(row.public_id) for row in rows]
    Token.objects.filter(user__in={row.user_id for row in rows}, data__session__in=names).exclude(
        type=Token.Type.AUTHORIZATION_CODE
    ).delete()
    if is_told:
        told = [(row.pk,) for row in rows if row.product.client and clients.logout_uri(row.product.client)]
        jobs.enqueue_many(job_type=LogoutMessage, names=("session_id",), rows=told, at=at)
    return len(keys)
