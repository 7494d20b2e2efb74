"""Reading notifications: what the bell counts, and what is marked."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import transaction

from portal.core import reader_cache
from portal.core.addresses import is_path
from portal.notifications.models import Notification
from portal.notifications.models.notifications import NotificationQuerySet

if TYPE_CHECKING:
    from portal.accounts.models import Company, User

KEPT_SECONDS = 5
MOST = 100


def unread_count(*, user: "User", company: "Company | None") -> int:
    """How many wait to be read at this desk, 100 where there are more; kept for five seconds."""
    key = _key(user.pk, company)
    known = cache.get(key)
    if known is None:
        known = Notification.objects.visible_to(user, company=company).unread().order_by()[:MOST].count()
        cache.set(key, known, KEPT_SECONDS)
    return int(known)


def forget_counts(people: Iterable[int], company: "Company | None") -> None:
    """Count anew for these people at this company's desk and at those without a company: each page shows the count."""
    people = list(people)
    reader_cache.forget_for(people)
    cache.delete_many([key for person in people for key in {_key(person, company), _key(person, None)}])


@transaction.atomic
def mark_read(*, notifications: NotificationQuerySet, user: "User", company: "Company | None", at: datetime) -> int:
    """Mark those of them that this person sees at this desk; return how many were unread."""
    visible = notifications & Notification.objects.visible_to(user, company=company)
    marked = visible.unread().update(read_at=at)
    transaction.on_commit(lambda: forget_counts([user.pk], company), robust=True)
    return marked


def target(notification: Notification) -> str:
    """The address of the thing itself; empty for none, and for anything that is no address of the portal."""
    return notification.url if is_path(notification.url) else ""


def _key(user: int, company: "Company | None") -> str:
    return f"notifications:unread:{user}:{company.pk if company else 0}"
