"""What other apps say of invoices and the ledger: each registers its part in `ready()`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.core.registry import Registry

if TYPE_CHECKING:
    from billing.invoicing.models import Invoice
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


def actions_of(membership: "Membership", invoice: "Invoice") -> list[Action]:
    """All that a member can do about an invoice."""
    return [action for offered in invoice_actions.all() if (action := offered(membership, invoice))]
