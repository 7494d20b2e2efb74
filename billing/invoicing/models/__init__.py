"""What a company owes, and the ledger that proves it."""

from billing.invoicing.models.charges import Charge
from billing.invoicing.models.credit_notes import CreditNote, CreditNoteLine
from billing.invoicing.models.files import PaperFile
from billing.invoicing.models.invoices import Invoice, InvoiceLine
from billing.invoicing.models.ledger import LedgerEntry, LedgerTransaction
from billing.invoicing.models.requests import WriteOffRequest
from billing.invoicing.models.runs import InvoiceBatch, InvoiceRun
from billing.invoicing.models.settings import BillingSettings
from billing.invoicing.models.taxes import TaxExemption, TaxRate

__all__ = [
    "BillingSettings",
    "Charge",
    "CreditNote",
    "CreditNoteLine",
    "Invoice",
    "InvoiceBatch",
    "InvoiceLine",
    "InvoiceRun",
    "LedgerEntry",
    "LedgerTransaction",
    "PaperFile",
    "TaxExemption",
    "TaxRate",
    "WriteOffRequest",
]
