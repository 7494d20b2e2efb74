"""How lists of invoices are narrowed: by state, period and number."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from billing.invoicing.models import Invoice
from billing.invoicing.models.invoices import InvoiceQuerySet

OVERDUE = "overdue"
STATES = {
    "open": "Open",
    OVERDUE: "Overdue",
    "paid": "Paid",
    "void": "Void",
    "uncollectible": "Uncollectible",
}
PERIODS = {"30": "Last 30 days", "90": "Last 90 days", "365": "Last 12 months"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody looks for; what makes no sense counts as nothing."""

    search: str = ""
    state: str = ""
    period: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.search or self.state or self.period)

    def query(self, **more: str) -> str:
        """The choice as a query string."""
        named = {"q": self.search, "status": self.state, "period": self.period, **more}
        return urlencode({name: value for name, value in named.items() if value})


def chosen(query: QueryDict) -> Choice:
    """Read the choice from a query string."""
    state, period = query.get("status", ""), query.get("period", "")
    search = query.get("q", "").replace("\x00", "").strip()[:40]
    return Choice(search, state if state in STATES else "", period if period in PERIODS else "")


def narrowed(rows: InvoiceQuerySet, choice: Choice, *, today: date) -> InvoiceQuerySet:
    """Those that fit the choice; a search is a number, whole or its last digits."""
    if choice.search:
        by_sequence = Q(sequence=int(choice.search)) if choice.search.isdecimal() and len(choice.search) < 18 else Q()
        rows = rows.filter(
            Q(number__iexact=choice.search) | by_sequence if by_sequence else Q(number__iexact=choice.search)
        )
    if choice.state == OVERDUE:
        rows = rows.overdue(today=today)
    elif choice.state:
        rows = rows.filter(status=choice.state)
    if choice.period:
        rows = rows.filter(issued_on__gt=today - timedelta(days=int(choice.period)))
    return rows


def bar(choice: Choice) -> dict[str, Any]:
    """What components/filter_bar.html takes."""
    return {
        "search": {"name": "q", "value": choice.search, "placeholder": "Search by number"},
        "selects": [
            _select("status", "State", "Any state", STATES, choice.state),
            _select("period", "Issued", "Any time", PERIODS, choice.period),
        ],
    }


def _select(name: str, label: str, everything: str, options: dict[str, str], picked: str) -> dict[str, Any]:
    rows = [{"value": value, "label": text, "selected": value == picked} for value, text in options.items()]
    return {"name": name, "label": label, "options": [{"value": "", "label": everything}, *rows]}


def state_of(invoice: Invoice, *, today: date) -> str:
    """The state as people look for it."""
    return OVERDUE if invoice.is_overdue(today=today) else str(invoice.status)
