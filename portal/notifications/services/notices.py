"""Telling people: `from portal.notifications.services import notices`, then `notices.notify(…)`."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from portal.core.merge_fields import merge
from portal.notifications.models import Notification
from portal.notifications.registry import kinds

if TYPE_CHECKING:
    from portal.accounts.models import Company, User

LONGEST_SUBJECT = 200


@transaction.atomic
def notify(
    *,
    kind: str,
    people: "Iterable[User]",
    key: str,
    at: datetime,
    fields: Mapping[str, str] | None = None,
    url: str = "",
    company: "Company | None" = None,
) -> list[Notification]:
    """Tell each of the people once, in the open transaction; channels follow after commit.

    `key` names the event ("approval 4711"): the same person is told the same kind of the same event only once, however
    often this is called. `url` is an address of the portal without host. Raises NotRegistered for an unknown kind.
    """
    rules = kinds.get(kind)
    values = dict(fields or {})
    wanted = {
        person.pk: Notification(
            recipient=person,
            company=company,
            kind=kind,
            key=key,
            subject=merge(rules.subject, values)[:LONGEST_SUBJECT],
            body=merge(rules.body, values),
            url=url,
            created_at=at,
        )
        for person in people
        if person.is_active
    }
    told = set(
        Notification.objects.filter(kind=kind, key=key, recipient__in=wanted).values_list("recipient", flat=True)
    )
    return Notification.objects.bulk_create(
        [notification for person, notification in wanted.items() if person not in told], ignore_conflicts=True
    )
