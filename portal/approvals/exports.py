"""Decisions, for the archives of people and companies."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.db.models import Q

from portal.approvals.models import Approval, member_kinds
from portal.core.privacy import Exporter, Record

if TYPE_CHECKING:
    from portal.accounts.models import Company, User


def of_person(user: "User") -> Iterable[Record]:
    """What the person asked for, and what was decided about them; not the names of other subjects."""
    rows = Approval.objects.filter(Q(asked_by=user) | Q(concerns=user)).order_by("asked_at", "pk")
    return rows.values("kind", "asked_at", "status", "decided_at", "comment").iterator()


def of_company(company: "Company") -> Iterator[Record]:
    """What the company decided."""
    for row in Approval.objects.for_company(company).filter(kind__in=member_kinds()).order_by("pk").iterator():
        yield {
            "kind": row.kind,
            "subject": row.subject_label,
            "asked_at": row.asked_at,
            "status": row.status,
            "decided_at": row.decided_at,
            "comment": row.comment,
        }


PERSON = Exporter(of_person)
COMPANY = Exporter(of_company)
