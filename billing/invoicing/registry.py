"""What other apps say of invoices and the ledger: each registers its part in `ready()`."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from djmoney.money import Money

from portal.core.registry import Registry

if TYPE_CHECKING:
    from billing.invoicing.models import Invoice, InvoiceLine
    from portal.accounts.models import Company, Membership

# What `verify_ledger` proves: a check yields a sentence for each difference, nothing where all agrees, and holds no
# more than a row at a time.
Check = Callable[[], Iterator[str]]
ledger_checks: Registry[Check] = Registry("checks of the ledger")

# Keys of those among the companies whose invoices the run leaves as drafts, because somebody decides about each.
draft_policies: "Registry[Callable[[Sequence[Company]], set[int]]]" = Registry("policies of drafts")


@dataclass(frozen=True, slots=True)
class Action:
    """What a member can do about an invoice: a link in a word or two, and the name of its icon."""

    label: str
    url: str
    icon: str


# Each says what this member may do about an invoice now, None for nothing; it asks the database nothing.
invoice_actions: "Registry[Callable[[Membership, Invoice], Action | None]]" = Registry("actions about invoices")


@dataclass(frozen=True, slots=True)
class Settlement:
    """What was paid, credited or returned of an invoice, or was to be, as its pages list it.

    `status` is the state's word, `state` what people read; what the company does not see has `is_internal`.
    """

    at: datetime
    what: str
    note: str
    status: str
    state: str
    amount: Money
    staff_url: str
    url: str = ""
    document_url: str = ""
    document: str = ""
    is_internal: bool = False


# Each says what it knows of an invoice that is issued, in a number of queries that does not grow.
settlements: "Registry[Callable[[Invoice], Iterator[Settlement]]]" = Registry("settlements of invoices")


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Of which days what a line charges is made up; `quantity` is their sum, `label` says of what."""

    label: str
    days: Mapping[date, int]
    quantity: int


# The days of lines, by their sources, as far as an app knows them: the same for ever, as invoices are.
breakdowns: "Registry[Callable[[Collection[str]], Mapping[str, Breakdown]]]" = Registry("days of lines")


def breakdowns_of(lines: "Iterable[InvoiceLine]") -> dict[str, Breakdown]:
    """Of all lines for which something was used day by day, by their sources, in the order of the lines."""
    sources = [line.source for line in lines if line.source]
    found: dict[str, Breakdown] = {}
    for known in breakdowns.all() if sources else ():
        found |= known(sources)
    return {source: found[source] for source in sources if source in found and found[source].days}


def settlements_of(invoice: "Invoice") -> list[Settlement]:
    """All that was paid, credited or returned of an invoice, the first first."""
    found = (row for known in settlements.all() for row in known(invoice))
    return sorted(found, key=lambda row: row.at)


def actions_of(membership: "Membership", invoice: "Invoice") -> list[Action]:
    """All that a member can do about an invoice."""
    return [action for offered in invoice_actions.all() if (action := offered(membership, invoice))]
