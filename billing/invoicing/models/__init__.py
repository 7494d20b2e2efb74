"""What a company owes, and the ledger that proves it."""

from billing.invoicing.models.ledger import LedgerEntry, LedgerTransaction

__all__ = ["LedgerEntry", "LedgerTransaction"]
