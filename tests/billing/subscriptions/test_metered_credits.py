"""Credit of a part of an invoice on which use is charged: papers and books agree to the cent."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from billing.invoicing.models import CreditNote, Invoice
from billing.invoicing.services import credit_notes, runs
from billing.invoicing.services.papers import typeset
from billing.subscriptions import metered
from billing.subscriptions.models import Subscription
from portal.accounts.models import Company, User
from tests.billing.invoicing.books import accounts, difference
from tests.billing.subscriptions.world import kes, on, run, subscribed, use

pytestmark = pytest.mark.django_db
Sums = list[tuple[str, str, str]]


@pytest.fixture
def invoice(metered_erp: Subscription, company: Company, other_company: Company, stranger: User) -> Invoice:
    """Of 1 April: 3,100 for the month, and 2 + 30 + 5 = 37 payslips in March, of which 27 at 60 are 1,620.

    With 16 % that is 4,720.00 + 755.20 = 5,475.20. The other company used 400 payslips: 390 at 60 are 23,400.
    """
    subscribed(other_company, metered_erp.plan, stranger)
    for day, number in ((1, 2), (25, 30), (31, 5)):
        use(company, date(2026, 3, day), number)
    use(other_company, date(2026, 3, 25), 400)
    run(on(2026, 4, 1))
    runs.issue_due(until=date(2026, 4, 1))
    return Invoice.objects.for_company(company).get(lines__source__contains=" use ")


def credited(invoice: Invoice, amount: str | None = None) -> CreditNote:
    """A credit note over so much, or over the rest."""
    wanted = kes(amount) if amount else None
    at = on(2026, 4, 2)
    return credit_notes.issue(invoice=invoice, reason="Slow.", today=at.date(), at=at, by=None, amount=wanted)


def sums(paper: Invoice | CreditNote) -> Sums:
    """The first word, net and tax of each line."""
    return [
        (line.description.split()[0], f"{line.net_amount:.2f}", f"{line.tax_amount:.2f}") for line in paper.lines.all()
    ]


def words_of(paper: Invoice | CreditNote) -> str:
    """What the PDF says."""
    reader = PdfReader(BytesIO(typeset.pdf_of(paper)))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_a_part_by_hand(invoice: Invoice, other_company: Company) -> None:
    """1,000.00 of 5,475.20 is 0.18264173: of 3,100.00 566.189, of 496.00 90.590, of 1,620.00 295.880, of 259.20 47.341.

    Cut to cents these are 999.98; the two that are left over go to the largest remainders, .960 and .936 of a cent.
    """
    assert sorted(sums(invoice)) == [("ERP", "3100.00", "496.00"), ("Payslips:", "1620.00", "259.20")]
    theirs = Invoice.objects.for_company(other_company).get(lines__source__contains=" use ")
    before = sums(theirs)
    assert ("Payslips:", "23400.00", "3744.00") in before
    note = credited(invoice, "1000")
    assert sorted(sums(note)) == [("ERP", "566.19", "90.59"), ("Payslips:", "295.88", "47.34")]
    rest = credited(invoice)
    assert sorted(sums(rest)) == [("ERP", "2533.81", "405.41"), ("Payslips:", "1324.12", "211.86")]
    assert (note.total, rest.total, note.total + rest.total) == (kes("1000"), kes("4475.20"), invoice.total)
    # What is left is the invoice of 1 March: 3,100 and 496.
    march = {"receivable": "3596.00", "revenue": "-3100.00", "tax_payable VAT 16 %": "-496.00"}
    assert accounts(company=invoice.company) == march
    assert sums(theirs) == before
    assert not CreditNote.objects.for_company(other_company).exists()
    assert difference() == ""


def test_days_on_the_papers_are_those_of_the_charge(invoice: Invoice, other_company: Company) -> None:
    line = invoice.lines.get(source__contains=" use ")
    days = metered.breakdowns([line.source])[line.source]
    assert sum(days.days.values()) == days.quantity == 37
    assert (days.quantity - 10) * Decimal(60) == line.net_amount
    note = credited(invoice, "1000")
    told = words_of(invoice)
    for words in ("1 March 2026 2", "25 March 2026 30", "31 March 2026 5", "Together 37", "1,620.00", "5,475.20"):
        assert words in told
    assert "400" not in told
    given = words_of(note)
    for words in ("566.19", "295.88", "862.07", "137.93", "1,000.00"):
        assert words in given
    # Of days it says nothing: what was used stays charged, at a lower price.
    assert "day by day" not in given
    theirs = Invoice.objects.for_company(other_company).get(lines__source__contains=" use ")
    assert "25 March 2026 400 Together 400" in words_of(theirs)
