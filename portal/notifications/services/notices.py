"""Telling people: `from portal.notifications.services import notices`, then `notices.notify(…)`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
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
DELIVERY = ("notification_id", "channel", "created_at", "available_at")


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told to whom; see `notify`."""

    kind: str
    people: "Iterable[User]"
    key: str
    at: datetime
    fields: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    company: "Company | None" = None


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
    return notify_many([Telling(kind, people, key, at, fields or {}, url, company)])


@transaction.atomic
def notify_many(tellings: Iterable[Telling]) -> list[Notification]:
    """Tell many things, in as many statements as one. Raises NotRegistered for an unknown kind."""
    told_of = list(tellings)
    words = {kind: wording.words_of(kind) for kind in dict.fromkeys(telling.kind for telling in told_of)}
    wanted = [(telling, person) for telling in told_of for person in telling.people if person.is_active]
    members = _members(wanted)
    # By key, so that two transactions that tell the same people wait for one another in one order.
    wanted.sort(key=lambda pair: (pair[1].pk, pair[0].kind, pair[0].key))
    made = {
        (person.pk, telling.kind, telling.key): _notification(telling, person, words[telling.kind], members)
        for telling, person in wanted
    }
    Notification.objects.bulk_create(made.values(), ignore_conflicts=True)
    # Whom somebody else told in the meantime has a row of another identifier.
    public_ids = [row.public_id for row in made.values()]
    told = list(Notification.objects.filter(public_id__in=public_ids).order_by("pk"))
    for kind in words:
        _pass_on([row for row in told if row.kind == kind], kinds.get(kind))
    _forget_counts(wanted)
    return told


def _notification(
    telling: Telling, person: "User", words: tuple[str, str], members: set[tuple[int, int]]
) -> Notification:
    subject, body = (merge(text, dict(telling.fields)) for text in words)
    return Notification(
        recipient=person,
        company=telling.company,
        is_for_member=telling.company is not None and (telling.company.pk, person.pk) in members,
        kind=telling.kind,
        key=telling.key,
        subject=" ".join(subject.split())[:LONGEST_SUBJECT],
        body=body,
        url=telling.url,
        created_at=telling.at,
    )


def _members(wanted: "list[tuple[Telling, User]]") -> set[tuple[int, int]]:
    """Who of them is a member of the company that it is about."""
    companies = {telling.company.pk: telling.company for telling, _person in wanted if telling.company is not None}
    if not companies:
        return set()
    memberships = next(iter(companies.values())).memberships.model._default_manager
    rows = memberships.filter(company__in=companies, user__in={person.pk for _telling, person in wanted})
    return set(rows.values_list("company", "user"))


def _forget_counts(wanted: "list[tuple[Telling, User]]") -> None:
    people: dict[Company | None, list[int]] = {}
    for telling, person in wanted:
        people.setdefault(telling.company, []).append(person.pk)
    for company, keys in people.items():
        transaction.on_commit(partial(reading.forget_counts, keys, company), robust=True)


def _pass_on(told: list[Notification], rules: Kind) -> None:
    """Make the rows of what is to be sent, each through its channel, at once or with the next digest."""
    if not told:
        return
    chosen = preferences.chosen_by([row.recipient_id for row in told], rules)
    sent = [
        (row.pk, channel, row.created_at, row.created_at)
        for row in told
        for channel in Delivery.Channel
        if chosen[row.recipient_id, channel] == Preference.Choice.NOW
    ]
    at = max(row.created_at for row in told)
    jobs.enqueue_many(job_type=Delivery, names=DELIVERY, rows=sent, at=at)
    DigestEntry.objects.bulk_create(
        DigestEntry(notification=row, recipient_id=row.recipient_id, created_at=row.created_at)
        for row in told
        if chosen[row.recipient_id, Delivery.Channel.EMAIL] == Preference.Choice.DAILY
    )
