"""Configuration of the invoicing app."""

from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    """Invoices, credit notes, tax and the ledger."""

    name = "billing.invoicing"

    def ready(self) -> None:
        """Fill the registries."""
        from billing.invoicing.registry import ledger_checks
        from billing.invoicing.services import proving

        ledger_checks.fill(proving.LEDGER)
