"""Telling people: `from portal.notifications.services import notices`, then `notices.notify(…)`."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from portal.core.merge_fields import merge
from portal.core.services import jobs
from portal.notifications.models import Delivery, Notification, Preference
from portal.notifications.models.deliveries import DigestEntry
from portal.notifications.registry import Kind, kinds
from portal.notifications.services import preferences, reading, wording

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
    subject, body = (merge(text, dict(fields or {})) for text in wording.words_of(kind))
    # By key, so that two transactions that tell the same people wait for one another in one order.
    wanted = {person.pk: person for person in sorted(people, key=lambda person: person.pk) if person.is_active}
    members = _members(company, wanted)
    made = [
        Notification(
            recipient=person,
            company=company,
            is_for_member=person.pk in members,
            kind=kind,
            key=key,
            subject=" ".join(subject.split())[:LONGEST_SUBJECT],
            body=body,
            url=url,
            created_at=at,
        )
        for person in wanted.values()
    ]
    Notification.objects.bulk_create(made, ignore_conflicts=True)
    # Whom somebody else told in the meantime has a row of another identifier.
    told = list(Notification.objects.filter(public_id__in=[row.public_id for row in made]).order_by("pk"))
    _pass_on(told, rules, at)
    transaction.on_commit(lambda: reading.forget_counts([row.recipient_id for row in told], company), robust=True)
    return told


def _members(company: "Company | None", people: "Mapping[int, User]") -> set[int]:
    if company is None or not people:
        return set()
    return set(company.memberships.filter(user__in=list(people)).values_list("user", flat=True))


def _pass_on(told: list[Notification], rules: Kind, at: datetime) -> None:
    """Make the rows of what is to be sent, each through its channel, at once or with the next digest."""
    chosen = preferences.chosen_by([row.recipient_id for row in told], rules)
    sent = [
        Delivery(notification=row, channel=channel, created_at=at, available_at=at)
        for row in told
        for channel in Delivery.Channel
        if chosen[row.recipient_id, channel] == Preference.Choice.NOW
    ]
    jobs.enqueue_many(rows=sent, at=at)
    DigestEntry.objects.bulk_create(
        DigestEntry(notification=row, recipient_id=row.recipient_id, created_at=at)
        for row in told
        if chosen[row.recipient_id, Delivery.Channel.EMAIL] == Preference.Choice.DAILY
    )
