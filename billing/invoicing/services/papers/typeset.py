"""The PDF of an invoice or credit note: PDF/A-3 with the electronic invoice inside."""

from typing import Any

from django.template.loader import render_to_string
from djmoney.money import Money
from facturx import generate_from_binary

from billing.invoicing.models import CreditNote, Invoice, LedgerEntry, LedgerTransaction
from billing.invoicing.services.papers.electronic import xml_of
from portal.accounts import countries
from portal.core import typesetting

STYLE = "css/paper.css"


def pdf_of(paper: Invoice | CreditNote) -> bytes:
    """Typeset the document, and embed its XML (Factur-X, profile EN 16931)."""
    prepaid = prepaid_of(paper)
    html = render_to_string("invoicing/paper.html", context_of(paper, prepaid))
    page = typesetting.typeset(html, style_sheet=STYLE, pdf_variant="pdf/a-3b")
    vendor, what = paper.bill_from["name"], f"{kind_of(paper)} {paper.number}"
    about = {
        "author": vendor,
        "keywords": "Factur-X, EN 16931",
        "title": what,
        "subject": f"{what} of {paper.issued_on} by {vendor}",
    }
    content: bytes = generate_from_binary(
        page, xml_of(paper, prepaid=prepaid.amount), level="en16931", check_xsd=False, pdf_metadata=about, lang="en-GB"
    )
    return content


def kind_of(paper: Invoice | CreditNote) -> str:
    """What the document calls itself."""
    return "Credit note" if isinstance(paper, CreditNote) else "Invoice"


def prepaid_of(paper: Invoice | CreditNote) -> Money:
    """What the company's balance paid at once when the invoice was issued."""
    if isinstance(paper, CreditNote):
        return Money(0, paper.currency)
    used = paper.entries.filter(
        account=LedgerEntry.Account.RECEIVABLE, transaction__kind=LedgerTransaction.Kind.BALANCE
    )
    return paper.money(-used.total())


def context_of(paper: Invoice | CreditNote, prepaid: Money) -> dict[str, Any]:
    """What the page shows."""
    return {
        "paper": paper,
        "kind": kind_of(paper),
        "invoice": paper.invoice if isinstance(paper, CreditNote) else paper,
        "is_credit": isinstance(paper, CreditNote),
        "lines": list(paper.lines.all()),
        "prepaid": prepaid,
        "rest": paper.total - prepaid,
        "vendor_country": countries.name_of(paper.bill_from["country"]),
        "customer_country": countries.name_of(paper.bill_to["country"]),
    }
