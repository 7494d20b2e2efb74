"""The PDF of an invoice or credit note: PDF/A-3 with the electronic invoice inside."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string
from django.utils import timezone
from djmoney.money import Money
from weasyprint import Attachment
from weasyprint.document import DocumentMetadata

from billing.invoicing.models import CreditNote, CreditNoteLine, Invoice, InvoiceLine, LedgerEntry
from billing.invoicing.models.ledger import ZERO
from billing.invoicing.registry import Breakdown, breakdowns_of
from billing.invoicing.services import parties
from billing.invoicing.services.papers.electronic import xml_of
from portal.core import typesetting

STYLE = "css/paper.css"
XML = "factur-x.xml"
# From here on figures need more room than the columns of a page have by themselves.
WIDE = 10_000_000


def pdf_of(paper: Invoice | CreditNote) -> bytes:
    """Typeset the document, with its XML inside (Factur-X, profile EN 16931); the same bytes each time."""
    return pdfs_of([paper])[0]


def pdfs_of(papers: Sequence[Invoice | CreditNote]) -> list[bytes]:
    """Typeset documents together: for each the same bytes as alone, in less time."""
    invoices = [paper for paper in papers if isinstance(paper, Invoice)]
    prefetch_related_objects(invoices, "lines")
    prefetch_related_objects([paper for paper in papers if isinstance(paper, CreditNote)], "lines")
    days = breakdowns_of(line for invoice in invoices for line in invoice.lines.all())
    from_balance = LedgerEntry.objects.paid_from_balance().by_invoice(invoices)
    parts = [
        _part_of(paper, paper.money(-from_balance.get(paper.pk, ZERO) if isinstance(paper, Invoice) else ZERO), days)
        for paper in papers
    ]
    return typesetting.typeset_parts(parts, style_sheet=STYLE, pdf_variant="pdf/a-3b")


def _part_of(paper: Invoice | CreditNote, prepaid: Money, days: Mapping[str, Breakdown]) -> typesetting.Part:
    sources = [str(line.source) for line in paper.lines.all() if isinstance(line, InvoiceLine)]
    own = [days[source] for source in sources if source in days]
    html = render_to_string("invoicing/paper.html", context_of(paper, prepaid) | {"breakdowns": own})
    xml = Attachment(
        file_obj=BytesIO(xml_of(paper, prepaid=prepaid.amount)),
        name=XML,
        description="The invoice as data",
        created=paper.issued_at,
        modified=paper.issued_at,
        relationship="Data",
    )
    options = {"finisher": _declare, "attachments": [xml]}
    return typesetting.Part(html=html, metadata=metadata_of(paper), options=options)


def metadata_of(paper: Invoice | CreditNote) -> DocumentMetadata:
    """What the PDF says of itself."""
    title, vendor = f"{kind_of(paper)} {paper.number}", paper.bill_from["name"]
    issued_at = timezone.localtime(paper.issued_at).isoformat() if paper.issued_at else None
    return DocumentMetadata(
        title=title,
        authors=[vendor],
        description=f"{title} of {paper.issued_on} by {vendor}",
        keywords=["Factur-X", "EN 16931"],
        created=issued_at,
        lang="en-GB",
    )


def _declare(_document: object, pdf: Any) -> None:
    """Say in the metadata that there is an electronic invoice inside: Factur-X 1.0, part of the one RDF of the PDF."""
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    said = render_to_string("invoicing/factur_x.xml", {"name": XML}).encode()
    metadata.stream = [part.replace(b"</rdf:RDF>", said + b"</rdf:RDF>") for part in metadata.stream]
    # WeasyPrint lists each attachment twice.
    pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])


def kind_of(paper: Invoice | CreditNote) -> str:
    """What the document calls itself."""
    return "Credit note" if isinstance(paper, CreditNote) else "Invoice"


def prepaid_of(paper: Invoice | CreditNote) -> Money:
    """What the company's balance paid at once when the invoice was issued."""
    if isinstance(paper, CreditNote):
        return Money(0, paper.currency)
    return paper.money(-paper.entries.paid_from_balance().total())


def context_of(paper: Invoice | CreditNote, prepaid: Money) -> dict[str, Any]:
    """What the page shows."""
    lines: Sequence[InvoiceLine | CreditNoteLine] = list(paper.lines.all())
    return {
        "paper": paper,
        "kind": kind_of(paper),
        "invoice": paper.invoice if isinstance(paper, CreditNote) else paper,
        "is_credit": isinstance(paper, CreditNote),
        "lines": lines,
        "is_wide": any(_is_wide(line) for line in lines),
        "rates": paper.tax_lines,
        "prepaid": prepaid,
        "rest": paper.total - prepaid,
        "vendor": parties.address_of(paper.bill_from),
        "customer": parties.address_of(paper.bill_to),
    }


def _is_wide(line: InvoiceLine | CreditNoteLine) -> bool:
    price: Decimal = line.unit_price if isinstance(line, InvoiceLine) else line.net_amount
    return abs(price) >= WIDE or abs(line.net_amount) >= WIDE
