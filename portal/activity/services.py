"""Writing down what happened: `from portal.activity import services as activity`, then `activity.record(…)`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from portal.activity.models import ActivityEvent
from portal.activity.registry import verbs
from portal.core import bulk

if TYPE_CHECKING:
    from portal.accounts.models import Company, User

LONGEST_LABEL = 255


class NewEvent(NamedTuple):
    """The columns of an event that is not written yet."""

    verb: str
    at: datetime
    actor_id: int | None
    company_id: int | None
    content_type_id: int | None
    object_id: str
    subject_label: str
    data: dict[str, Any]


def event(
    *,
    verb: str,
    actor: "User | None",
    company: "Company | None" = None,
    subject: models.Model | None = None,
    label: str | None = None,
    data: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> NewEvent:
    """An event that is not written yet; see `record`."""
    verbs.get(verb)
    if label is None:
        label = "" if subject is None or isinstance(subject, AbstractBaseUser) else str(subject)
    return NewEvent(
        verb=verb,
        at=at or timezone.now(),
        actor_id=actor.pk if actor else None,
        company_id=company.pk if company else None,
        content_type_id=ContentType.objects.get_for_model(subject).pk if subject else None,
        object_id=str(subject.pk) if subject else "",
        subject_label=label[:LONGEST_LABEL],
        data=dict(data or {}),
    )


def record(
    *,
    verb: str,
    actor: "User | None",
    company: "Company | None" = None,
    subject: models.Model | None = None,
    label: str | None = None,
    data: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> ActivityEvent:
    """Write an event, in the transaction of what it tells of; `actor` is None for what the portal does by itself.

    `label` names the subject; without one it is the subject's own `str`, or nothing for a person, who is looked up when
    the event is read. Raises NotRegistered for a verb that no app knows.
    """
    made = event(verb=verb, actor=actor, company=company, subject=subject, label=label, data=data, at=at)
    return ActivityEvent.objects.create(**made._asdict())


def record_many(events: Sequence[NewEvent]) -> None:
    """Write what `event` made, in one statement of the open transaction."""
    if events:
        bulk.copy(ActivityEvent, NewEvent._fields, events)
