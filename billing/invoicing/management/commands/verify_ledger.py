"""Prove that ledger, invoices, payments and balances agree."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from billing.invoicing.registry import ledger_checks
from billing.invoicing.services import proving


class Command(BaseCommand):
    """Stops at the first difference, with exit status 1."""

    help = "Prove that ledger, invoices, payments and balances agree; exit status 1 and the first difference if not."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run all checks; each is one statement, and so sees one state of the books, whatever is booked meanwhile."""
        with transaction.atomic():
            found = next(proving.differences(), "")
        if found:
            raise CommandError(f"The books do not agree: {found}.")
        self.stdout.write(self.style.SUCCESS(f"The books agree ({len(ledger_checks)} checks)."))
