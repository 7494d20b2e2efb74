"""The electronic invoice: XML of Factur-X in the profile EN 16931 (CII), to stand inside the PDF.

BT and BG are the business terms of EN 16931-1; the codes are those of UNTDID.
"""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from facturx.generate_xml import generate_cii_xml

from billing.invoicing.models import CreditNote, CreditNoteLine, Invoice, InvoiceLine
from billing.invoicing.models.papers import Paper, TaxLine
from portal.core.money import minor_digits

INVOICE, CREDIT_NOTE = "380", "381"
PIECE = "C62"


def xml_of(paper: Invoice | CreditNote, *, prepaid: Decimal = Decimal(0)) -> bytes:
    """The XML of a document with its lines; `prepaid` is what the balance had paid when it was issued.

    Raises what factur-x raises where the XML does not fit its schema.
    """
    data = {**_head(paper), **_sums(paper, prepaid), "BG-23": [_rate(line, paper) for line in paper.tax_lines]}
    if isinstance(paper, CreditNote):
        data["BG-3"] = [{"BT-25": paper.invoice.number, "BT-26": paper.invoice.issued_on}]
    content: bytes = generate_cii_xml(data, level="en16931", check_schematron=None)
    return content


def _head(paper: Invoice | CreditNote) -> dict[str, Any]:
    lines: Sequence[InvoiceLine | CreditNoteLine] = list(paper.lines.all())
    head: dict[str, Any] = {
        "BT-1": paper.number,
        "BT-2": paper.issued_on,
        "BT-3": CREDIT_NOTE if isinstance(paper, CreditNote) else INVOICE,
        "BT-5": paper.currency,
        "BG-4": _seller(paper),
        "BG-7": _buyer(paper),
        "BG-25": [_line(line, paper) for line in lines],
        "BT-72": paper.issued_on,
    }
    if isinstance(paper, Invoice):
        head |= {"BT-9": paper.due_on, "BT-83": paper.number}
        notes = [paper.note] if paper.note else []
    else:
        notes = [paper.reason]
    return {**head, "BG-1": [{"BT-22": note} for note in notes]}


def _seller(paper: Paper) -> dict[str, Any]:
    seller = paper.bill_from
    country, tax_id = seller["country"], seller["tax_id"]
    return {
        **_address(seller),
        "legal_identifier": seller["registration_number"],
        # BR-CO-09: identifiers for VAT begin with the country.
        "vat_identifier": tax_id if tax_id.startswith(country) or not tax_id else country + tax_id,
        "contacts": [{"name": seller["name"], "phone": seller["phone"], "email": seller["email"]}],
    }


def _buyer(paper: Paper) -> dict[str, Any]:
    buyer, tax_id = paper.bill_to, paper.bill_to_tax_id or ""
    prefixed = tax_id if tax_id.startswith(buyer["country"]) or not tax_id else buyer["country"] + tax_id
    return {**_address(buyer), "legal_identifier": buyer["registration_number"], "vat_identifier": prefixed}


def _address(party: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": party["name"],
        "addr_l1": party["street"],
        "city": party["city"],
        "postcode": party["postal_code"],
        "country_subdivision": party.get("region", ""),
        "country_code": party["country"],
    }


def _line(line: InvoiceLine | CreditNoteLine, paper: Paper) -> dict[str, Any]:
    quantity, price = _quantity(line)
    data: dict[str, Any] = {
        "BT-126": str(line.position),
        "BT-129": f"{quantity.normalize():f}",
        "BT-130": PIECE,
        "BT-131": _amount(line.net_amount, paper),
        "BT-146": f"{price.normalize():f}",
        "BT-151": line.tax_code,
        "BT-152": f"{line.tax_percent.normalize():f}",
        "BT-153": line.description,
    }
    if isinstance(line, InvoiceLine) and line.starts_on and line.ends_on:
        data |= {"BT-134": line.starts_on, "BT-135": line.ends_on - timedelta(days=1)}
    return data


def _quantity(line: InvoiceLine | CreditNoteLine) -> tuple[Decimal, Decimal]:
    """How many at which price; a price is never negative (BR-27), so a discount is a negative number of it."""
    if isinstance(line, InvoiceLine):
        quantity, price = line.quantity, line.unit_price
    else:
        quantity, price = Decimal(1), line.net_amount
    return (-quantity, -price) if price < 0 else (quantity, price)


def _rate(line: TaxLine, paper: Paper) -> dict[str, Any]:
    data = {
        "BT-116": _amount(line.net.amount, paper),
        "BT-117": _amount(line.tax.amount, paper),
        "BT-118": line.code,
        "BT-119": f"{line.percent.normalize():f}",
    }
    return {**data, "BT-120": line.reason} if line.reason else data


def _sums(paper: Paper, prepaid: Decimal) -> dict[str, Any]:
    return {
        "BT-106": _amount(paper.net_amount, paper),
        "BT-109": _amount(paper.net_amount, paper),
        "BT-110": _amount(paper.tax_amount, paper),
        "BT-112": _amount(paper.total_amount, paper),
        "BT-113": _amount(prepaid, paper),
        "BT-115": _amount(paper.total_amount - prepaid, paper),
    }


def _amount(amount: Decimal, paper: Paper) -> str:
    return f"{amount:.{minor_digits(paper.currency)}f}"
