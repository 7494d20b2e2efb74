"""Events, for the archives of people and companies."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.db.models import F

from portal.activity.models import ActivityEvent
from portal.core.privacy import Exporter, Record

if TYPE_CHECKING:
    from portal.accounts.models import Company, User


def of_person(user: "User") -> Iterable[Record]:
    """What the person did; of what they did for a company, the company's name alone, as the rest is its own."""
    events = ActivityEvent.objects.by(user).order_by("at", "pk")
    return events.values("at", "verb", company_name=F("company__name")).iterator()


def of_company(company: "Company") -> Iterator[Record]:
    """What happened in the company."""
    for event in ActivityEvent.objects.for_company(company).order_by("at", "pk").select_related("actor").iterator():
        by = str(event.actor) if event.actor else None
        yield {"at": event.at, "verb": event.verb, "by": by, "about": event.subject_label, "data": event.data}


PERSON = Exporter(of_person)
COMPANY = Exporter(of_company)
