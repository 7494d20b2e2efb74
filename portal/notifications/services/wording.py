"""The words that people read: the editors' where they have published some, else those of the kind."""

from typing import TYPE_CHECKING

from django.db import transaction

from portal.notifications.models import MessageTemplate
from portal.notifications.registry import kinds

if TYPE_CHECKING:
    from portal.accounts.models import User


def words_of(kind: str) -> tuple[str, str]:
    """Subject and body with their gaps. Raises NotRegistered for an unknown kind."""
    rules = kinds.get(kind)
    reworded = MessageTemplate.objects.filter(kind=kind, live=True).values_list("subject", "body").first()
    return reworded or (rules.subject, rules.body)


def complete() -> None:
    """Make a row for each kind, so that editors find it, and bring those that nobody touched to the kind's words."""
    known = {row.kind: row for row in MessageTemplate.objects.filter(kind__in=list(kinds))}
    missing = [code for code in kinds if code not in known]
    MessageTemplate.objects.bulk_create([_default(code) for code in missing], ignore_conflicts=True)
    stale = [row for row in known.values() if _untouched(row) and (row.subject, row.body) != _words(row.kind)]
    for row in stale:
        row.subject, row.body = _words(row.kind)
    MessageTemplate.objects.bulk_update(stale, ["subject", "body"])


@transaction.atomic
def reset(*, template: MessageTemplate, by: "User") -> None:
    """Take the kind's own words again; what editors wrote stays among the revisions."""
    row = MessageTemplate.objects.select_for_update().get(pk=template.pk)
    row.subject, row.body = _words(row.kind)
    row.save_revision(user=by)
    row.live, row.live_revision, row.has_unpublished_changes = False, None, False
    row.save(update_fields=["subject", "body", "live", "live_revision", "has_unpublished_changes"])


def _words(kind: str) -> tuple[str, str]:
    rules = kinds.get(kind)
    return rules.subject, rules.body


def _untouched(row: MessageTemplate) -> bool:
    return not row.live and row.latest_revision_id is None


def _default(kind: str) -> MessageTemplate:
    subject, body = _words(kind)
    return MessageTemplate(kind=kind, subject=subject, body=body, live=False)
