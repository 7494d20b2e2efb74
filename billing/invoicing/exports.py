"""Invoices and credit notes, for the archives of companies."""

from collections.abc import Iterable, Iterator

from django.db.models import F

from billing.invoicing.models import Charge, CreditNote, Invoice, PaperFile
from portal.accounts.models import Company
from portal.core.models import Job
from portal.core.privacy import Exporter, KeptFile, Record

AMOUNTS = ("currency", "net_amount", "tax_amount", "total_amount")


def invoices(company: Company) -> Iterable[Record]:
    """What the company was invoiced."""
    rows = Invoice.objects.for_company(company).order_by("pk")
    return rows.values("number", "status", "issued_on", "due_on", *AMOUNTS, "closed_at").iterator()


def papers(company: Company) -> Iterator[KeptFile]:
    """The PDF of each invoice, and of each credit note."""
    made = PaperFile.objects.filter(state=Job.State.DONE).order_by("pk")
    for file in made.filter(invoice__company=company).select_related("invoice").iterator():
        yield KeptFile(f"{file.paper.public_id}.pdf", file.file)
    for file in made.filter(credit_note__company=company).select_related("credit_note").iterator():
        yield KeptFile(f"{file.paper.public_id}.pdf", file.file)


def credit_notes(company: Company) -> Iterable[Record]:
    """What was credited."""
    rows = CreditNote.objects.for_company(company).order_by("pk")
    return rows.values("number", "issued_on", *AMOUNTS, "reason", invoice_number=F("invoice__number")).iterator()


def charges(company: Company) -> Iterable[Record]:
    """What the company owes and has not been invoiced yet."""
    rows = Charge.objects.for_company(company).waiting().order_by("due_on", "pk")
    return rows.values(
        "description", "quantity", "unit_price", "currency", "due_on", "starts_on", "ends_on", "created_at"
    ).iterator()


COMPANY = {"invoices": Exporter(invoices, papers), "credit-notes": Exporter(credit_notes), "charges": Exporter(charges)}
