"""Narrowing lists of assignments by what a query string says; what makes no sense is left aside."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Concat
from django.http import QueryDict

from portal.teams.models import Assignment
from portal.teams.models.assignments import AssignmentQuerySet

Status = Assignment.Status
STATES: dict[str, tuple[str, tuple[str, ...]]] = {
    "": ("Team and proposals", tuple(Assignment.OPEN)),
    "active": ("Active", (Status.ACTIVE,)),
    "notice": ("Under notice", (Status.NOTICE,)),
    "proposed": ("Proposed", (Status.PROPOSED,)),
    "past": ("Past", (Status.ENDED, Status.REJECTED)),
}
SOURCES = {"": "Anyone", "independent": "Independent", "agency": "Of an agency"}
LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody asked to see: words, a state and a source, each possibly empty."""

    text: str = ""
    state: str = ""
    source: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.text or self.state or self.source)

    def query(self, **more: str) -> str:
        """As a query string."""
        values = {"q": self.text, "state": self.state, "source": self.source, **more}
        return urlencode({name: value for name, value in values.items() if value})


def chosen(query: QueryDict) -> Choice:
    """Read a query string."""
    state, source = query.get("state", ""), query.get("source", "")
    return Choice(
        text=query.get("q", "").replace("\0", "").strip()[:LONGEST_TEXT],
        state=state if state in STATES else "",
        source=source if source in SOURCES else "",
    )


def narrowed(rows: AssignmentQuerySet, choice: Choice) -> AssignmentQuerySet:
    """Those that fit the choice."""
    rows = rows.filter(status__in=STATES[choice.state][1])
    if choice.source:
        rows = rows.filter(developer__agency__isnull=choice.source == "independent")
    if choice.text:
        name = Concat("developer__user__first_name", Value(" "), "developer__user__last_name")
        skills = Func(F("developer__skills"), Value(" "), function="array_to_string", output_field=TextField())
        rows = rows.alias(name=name, known=skills).filter(
            Q(name__icontains=choice.text) | Q(known__icontains=choice.text)
        )
    return rows


def bar(choice: Choice, *, placeholder: str) -> dict[str, Any]:
    """What components/filter_bar.html takes."""
    states = {value: label for value, (label, _states) in STATES.items()}
    return {
        "search": {"name": "q", "value": choice.text, "placeholder": placeholder},
        "selects": [
            _select("state", "State", states, choice.state),
            _select("source", "Where they come from", SOURCES, choice.source),
        ],
    }


def _select(name: str, label: str, options: Mapping[str, str], value: str) -> dict[str, Any]:
    listed = [{"value": key, "label": words, "selected": key == value} for key, words in options.items()]
    return {"name": name, "label": label, "options": listed}
