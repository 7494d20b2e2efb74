"""The register of all that happened, in the Wagtail admin."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import django_filters
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn

from portal.activity import feeds
from portal.activity.models import ActivityEvent, ActivityEventQuerySet, ActivitySeal
from portal.activity.registers import (
    DaysFilter,
    NamedFilter,
    Register,
    RegisterIndexView,
    RegisterInspectView,
    linked,
)
from portal.activity.registry import topic_of, verbs

NAME = "activity"


def verb_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """All verbs in plain words, by what they are about."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for code in verbs:
        groups.setdefault(topic_of(code), []).append((code, verbs.get(code).words))
    return sorted(groups.items())


class ActivityFilters(WagtailFilterSet):
    """Company, person, what happened, and days."""

    company = NamedFilter(label="Company")
    actor = NamedFilter(label="Who", columns=("first_name", "last_name", "email"))
    verb = django_filters.ChoiceFilter(label="What happened", choices=verb_choices)
    at = DaysFilter(label="When")

    class Meta:
        model = ActivityEvent
        fields = ["company", "actor", "verb", "at"]


class ActivityIndexView(RegisterIndexView):
    """Everything, the newest first."""

    default_ordering = "-at"
    list_export = ("at", "verb", "actor", "company", "subject_label", "data", "public_id")

    def get_base_queryset(self) -> ActivityEventQuerySet:
        """With people and companies at hand."""
        return ActivityEvent.objects.select_related("actor", "company")

    def get_table(self, object_list: Sequence[ActivityEvent]) -> Any:
        """Tell each event of the page in words; one query for the people whom they are about."""
        for event, sentence in zip(object_list, feeds.sentences(object_list), strict=True):
            vars(event)["told"] = sentence
        return super().get_table(object_list)


class ActivityInspectView(RegisterInspectView):
    """One event, with all that the database keeps of it, and its seal."""

    page_title = "Event"
    related = ("actor", "company")
    object: ActivityEvent

    def get_page_subtitle(self) -> str:
        """What happened."""
        return feeds.sentences([self.object])[0]

    def facts(self) -> Iterator[tuple[str, Any]]:
        """All columns in words, and whether the event is sealed."""
        event = self.object
        yield "What happened", self.get_page_subtitle()
        yield "When", date_format(timezone.localtime(event.at), "j F Y, H:i:s T")
        yield "Who", f"{event.actor} ({event.actor.email})" if event.actor else "The portal"
        yield "Company", event.company or "–"
        yield "About", self.about()
        yield "Code", event.verb
        yield "Id", event.public_id
        yield "Data", format_html("<pre>{}</pre>", json.dumps(event.data, indent=2, ensure_ascii=False))
        yield "Seal", self.seal()

    def about(self) -> str:
        """What the event is about: its name then, its kind and key."""
        kind, event = self.object.content_type, self.object
        subject = f"{kind.name} {event.object_id}" if kind else ""
        told = " – ".join(part for part in (event.subject_label, subject) if part) or "–"
        return format_html('<a href="{}">{}</a>', event.link(), told) if event.link() else told

    def seal(self) -> str:
        """Whether it is sealed, and how."""
        seal = ActivitySeal.objects.filter(pk=self.object.pk).first()
        if seal is None:
            return "None, and none is awaited: the event was inserted past the register."
        if seal.sequence is None:
            return "Not sealed yet: new events are sealed every minute."
        return f"Sealed as number {seal.sequence}: {bytes(seal.digest or b'').hex()}"


class ActivityRegister(Register):
    """What happened, everywhere."""

    model = ActivityEvent
    name = NAME
    icon = "history"
    menu_label = "Activity"
    index_view_class = ActivityIndexView
    inspect_view_class = ActivityInspectView
    filterset_class = ActivityFilters
    export_filename = NAME
    list_export = ActivityIndexView.list_export
    list_display = (
        linked("told", "What happened", register=NAME),
        Column("company", label="Company", accessor=lambda event: event.company or "–"),
        Column("actor", label="Who", accessor=lambda event: event.actor or "The portal"),
        DateColumn("at", label="When", sort_key="at"),
    )


ActivityRegister.register()
