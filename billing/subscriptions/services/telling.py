"""What people are told of subscriptions, many at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Protocol

from django.utils.formats import date_format
from django.utils.timezone import localtime

from billing.subscriptions.models import ProductAccess, ProductGrant, Subscription
from billing.subscriptions.services import items
from portal.accounts import roles
from portal.accounts.models import Membership, User
from portal.core.money import words
from portal.notifications.services import notices
from portal.notifications.services.notices import Telling

PAGE = "/customer/subscriptions/"
PRODUCTS = "/customer/products/"


class Consumed(Protocol):
    """A limit and what is used of it."""

    @property
    def label(self) -> str: ...
    @property
    def limit(self) -> int | None: ...
    @property
    def used(self) -> int | None: ...
    @property
    def percent(self) -> int | None: ...


def payers(companies: Collection[int]) -> dict[int, list[User]]:
    """The members who manage billing, by company."""
    found: dict[int, list[User]] = defaultdict(list)
    rows = Membership.objects.filter(company__in=companies, can_manage_billing=True).select_related("user")
    for row in rows.order_by("pk"):
        if roles.allows(row, roles.Permission.MANAGE_BILLING):
            found[row.company_id].append(row.user)
    return found


def tell(happened: Iterable[tuple[str, Subscription, datetime, dict[str, str]]]) -> None:
    """Tell the payers of each subscription what happened to it when, with words beside those that all kinds have."""
    rows = list(happened)
    if not rows:
        return
    people = payers({subscription.company_id for _kind, subscription, _at, _words in rows})
    notices.notify_many(
        Telling(
            kind=kind,
            people=people[subscription.company_id],
            key=f"subscription {subscription.public_id} {at.timestamp():.0f}",
            at=at,
            fields={**fields_of(subscription), **more},
            url=PAGE,
            company=subscription.company,
        )
        for kind, subscription, at, more in rows
    )


def fields_of(subscription: Subscription) -> dict[str, str]:
    """What every message about a subscription can name."""
    return {
        "company": subscription.company.name,
        "plan": items.name_of(subscription.plan),
        "amount": words(subscription.amount),
        "until": day(subscription.period_ends_at),
    }


def day(at: datetime) -> str:
    """The day of an instant in words."""
    return str(date_format(localtime(at), "j F Y"))


def closed(accesses: Collection[ProductAccess], *, at: datetime) -> None:
    """Tell those who were granted a product that it is closed."""
    if not accesses:
        return
    granted: dict[tuple[int, int], list[User]] = defaultdict(list)
    rows = ProductGrant.objects.filter(membership__company__in={row.company_id for row in accesses})
    for grant in rows.select_related("membership__user"):
        granted[grant.membership.company_id, grant.product_id].append(grant.membership.user)
    notices.notify_many(
        Telling(
            kind="access_closed",
            people=granted[row.company_id, row.product_id],
            key=f"access {row.pk} {at.timestamp():.0f}",
            at=at,
            fields={"company": row.company.name, "product": row.product.name, "why": row.why, "remedy": row.remedy},
            url=PRODUCTS,
            company=row.company,
        )
        for row in accesses
    )


def warned(reached: Collection[tuple[Subscription, Consumed, int]], *, at: datetime) -> None:
    """Tell the payers which limits are nearly used up, or wholly."""
    people = payers({subscription.company_id for subscription, _limit, _percent in reached}) if reached else {}
    notices.notify_many(
        Telling(
            kind="limit_reached",
            people=people[subscription.company_id],
            key=f"limit {subscription.pk} {subscription.period_starts_at.timestamp():.0f} {limit.label[:60]} {step}",
            at=at,
            fields={
                **fields_of(subscription),
                "limit": limit.label,
                "used": f"{limit.used:,}",
                "most": f"{limit.limit:,}",
                "percent": str(limit.percent),
            },
            url=PAGE,
            company=subscription.company,
        )
        for subscription, limit, step in reached
    )


def trials_ending(subscriptions: Collection[Subscription], *, at: datetime) -> None:
    """Tell payers when a trial ends and what comes then; once for each end."""
    people = payers({row.company_id for row in subscriptions}) if subscriptions else {}
    notices.notify_many(
        Telling(
            kind="trial_ending",
            people=people[row.company_id],
            key=f"trial {row.public_id} {row.period_ends_at.timestamp():.0f}",
            at=at,
            fields=fields_of(row),
            url=PAGE,
            company=row.company,
        )
        for row in subscriptions
    )
