"""Agreements from elsewhere become templates, with every word, and once."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from portal.accounts.models import User
from portal.contracts import markup
from portal.contracts.models import ContractTemplate
from portal.contracts.reading import marked, placeholders, shaping, word
from portal.contracts.reading.errors import UnreadableAgreement
from portal.contracts.services import importing
from portal.contracts.services.importing import Outcome
from tests.cast import client_of
from tests.portal.contracts.agreements import (
    LEGAL,
    document,
    levels,
    lost,
    paragraph,
    words_of_docx,
    words_of_markdown,
    words_shown,
)

AGREEMENTS = Path(__file__).resolve().parents[4] / "shared/data/contracts"
# Templates of programs, and what is said about agreements.
NO_AGREEMENTS = re.compile(r"README|CONTRIBUTING|CODE_OF_CONDUCT|LICENSE|Employee_IP_Laws")
needs_agreements = pytest.mark.skipif(not AGREEMENTS.is_dir(), reason=f"THE AGREEMENTS ARE MISSING: {AGREEMENTS}")


def import_all(files: list[Path]) -> dict[str, dict[str, int]]:
    """Import each twice; what was lost of each."""
    missing = {}
    for file in files:
        content = file.read_bytes()
        told = {"content": content, "file_name": file.name, "source": f"{file}", "by": None}
        done = importing.import_template(**told)
        assert done.outcome == Outcome.CREATED, file
        draft = done.template.get_latest_revision_as_object()
        words = words_of_docx(content) if file.suffix == ".docx" else words_of_markdown(content)
        if gone := lost(words, words_shown(draft)):
            missing[f"{file.relative_to(AGREEMENTS)}"] = gone
        again = importing.import_template(**told)
        assert (again.outcome, again.template, again.template.revisions.count()) == ("unchanged", done.template, 1)
    return missing


@needs_agreements
@pytest.mark.django_db
def test_every_word_document_is_imported_with_every_word() -> None:
    files = sorted(AGREEMENTS.rglob("*.docx"))
    assert len(files) >= 75
    assert import_all(files) == {}
    assert ContractTemplate.objects.filter(live=False).count() == len(files)


@needs_agreements
@pytest.mark.django_db
def test_every_agreement_in_markdown_is_imported_with_every_word() -> None:
    files = [file for file in sorted(AGREEMENTS.rglob("*.md")) if not NO_AGREEMENTS.search(file.name)]
    assert len(files) >= 60
    assert import_all(files) == {}


@needs_agreements
def test_numbers_of_clauses_are_those_that_their_text_refers_to() -> None:
    file = AGREEMENTS / "open-agreements-docx/templates/common-paper-cc-by-4.0/common-paper-cloud-service-agreement"
    blocks = shaping.blocks_of(word.html_of((file / "template.docx").read_bytes()))
    headings = [block["value"]["text"] for block in blocks if block["type"] == "heading"]
    # “breaches Section 2.1 (Restrictions on Customer)”, says its own text.
    assert "2.1 Restrictions on Customer." in headings
    assert headings[0] == "1. Service"


def texts_of(content: bytes) -> list[str]:
    blocks = shaping.blocks_of(word.html_of(content))
    return [block["value"] for block in blocks if block["type"] == "text"]


def test_a_list_that_templates_number_alike_stays_a_list() -> None:
    body = (
        paragraph("One", level=0) + paragraph("Two", level=1) + paragraph("Three", level=2) + paragraph("Four", level=0)
    )
    assert texts_of(document(body, numbers=LEGAL)) == [
        "<ol><li>One<ol><li>Two<ol><li>Three</li></ol></li></ol></li><li>Four</li></ol>"
    ]


def test_a_list_that_is_interrupted_keeps_its_numbers() -> None:
    body = paragraph("One", level=0) + paragraph("In between") + paragraph("Two", level=0) + paragraph("Part", level=1)
    assert texts_of(document(body, numbers=LEGAL)) == ["<p>1. One</p><p>In between</p><p>2. Two</p><p>2.1 Part</p>"]


def test_a_list_with_other_numbers_keeps_them() -> None:
    numbers = levels(("upperRoman", "Article %1"), ("lowerLetter", "%2)"))
    body = paragraph("One", level=0) + paragraph("Two", level=1) + paragraph("Three", level=1)
    assert texts_of(document(body, numbers=numbers)) == ["<p>Article I One</p><p>a) Two</p><p>b) Three</p>"]


def test_pages_break_where_the_document_breaks_them() -> None:
    broken = '<w:p><w:r><w:t>One</w:t></w:r><w:r><w:br w:type="page"/></w:r><w:r><w:t>Two</w:t></w:r></w:p>'
    blocks = shaping.blocks_of(word.html_of(document(broken)))
    assert [(block["type"], block["value"]) for block in blocks] == [
        ("text", "<p>One</p>"),
        ("page_break", None),
        ("text", "<p>Two</p>"),
    ]


@pytest.mark.parametrize("content", [b"", b"no document", b"PK\x03\x04broken"])
def test_what_is_no_document_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableAgreement):
        word.html_of(content)


def test_markdown_becomes_blocks() -> None:
    text = (
        b"---\nsource: elsewhere\n---\n# Terms\n\n"
        b'1. <span id="1">One</span>\n    1. Two *three*\n\n       More\n2. Four\n\n'
        b"Employer\n: {employer_name}\n\n"
        b"| Term | Agreed |\n| --- | --- |\n| Fee <b>now</b> | [Amount] |\n\n"
        b"## [Law]\n\n<script>bad()</script> <your name>\n"
    )
    blocks, fields = placeholders.merged(shaping.blocks_of(marked.html_of(text)))
    assert [block["type"] for block in blocks] == ["heading", "text", "table", "heading", "text"]
    assert blocks[1]["value"] == (
        "<ol><li>One<ol><li>Two <i>three</i><br/>More</li></ol></li><li>Four</li></ol>"
        "<p>Employer</p><p>{employer_name}</p>"
    )
    assert blocks[2]["value"] == {
        "columns": [{"type": "text", "heading": "Term"}, {"type": "text", "heading": "Agreed"}],
        "rows": [{"values": ["<p>Fee <b>now</b></p>", "<p>{amount}</p>"]}],
        "caption": "",
    }
    assert blocks[3]["value"] == {"text": "{law}", "level": "3"}
    assert blocks[4]["value"] == "<p>&lt;script&gt;bad()&lt;/script&gt; &lt;your name&gt;</p>"
    assert fields.labels == {"employer_name": "Employer name", "amount": "Amount", "law": "Law"}


@pytest.mark.parametrize(
    ("text", "written", "labels"),
    [
        ("{start_date}", "{start_date}", {"start_date": "Start date"}),
        ("{{ Start Date }}", "{start_date}", {"start_date": "Start Date"}),
        ("[Start Date] and [start date]", "{start_date} and {start_date}", {"start_date": "Start Date"}),
        ("[A-B] and [A B]", "{a_b} and {a_b_2}", {"a_b": "A-B", "a_b_2": "A B"}),
        ("[Company name]", "{company_name}", {}),
        ("{title} of {signers}", "{title} of {signers}", {}),
        ("agreement[s] [x] [1] [ ]", "agreement[s] [x] [1] [ ]", {}),
        ("{IF has_sla}yes{END-IF} {x} }{", "[IF has_sla]yes[END-IF] [x] ][", {}),
        ("[One of two; an editor decides.]", "[One of two; an editor decides.]", {}),
        ("[1st day]", "[1st day]", {}),
    ],
)  # fmt: skip
def test_placeholders_become_merge_fields(text: str, written: str, labels: dict[str, str]) -> None:
    fields = placeholders.Fields()
    assert fields.written(text) == written
    assert fields.labels == labels


SOURCE = {"file_name": "a.md", "source": "file:/a.md", "by": None}


@pytest.mark.django_db
def test_a_source_that_changed_becomes_a_draft_and_editors_keep_what_is_published() -> None:
    done = importing.import_template(content=b"# Terms\n\nOne [Fee].", **SOURCE)
    template = done.template
    template.get_latest_revision().publish()
    again = importing.import_template(content=b"# Terms\n\nTwo [Fee].", **SOURCE)
    template.refresh_from_db()
    assert (again.outcome, again.template.pk, template.live) == ("changed", template.pk, True)
    assert "One Fee." in BeautifulSoup(markup.sample(template), "html.parser").get_text()
    draft = template.get_latest_revision_as_object()
    assert "Two Fee." in BeautifulSoup(markup.sample(draft), "html.parser").get_text()
    assert importing.import_template(content=b"# Terms\n\nTwo [Fee].", **SOURCE).outcome == "unchanged"
    assert template.revisions.count() == 2


@pytest.mark.django_db
def test_two_documents_of_one_name_are_two_templates() -> None:
    names = [
        importing.import_template(content=text, file_name="a.md", source=source, by=None).template.name
        for text, source in ((b"# Terms\n\nOne.", "1"), (b"# Terms\n\nTwo.", "2"), (b"No heading", "3"))
    ]
    assert names == ["Terms", "Terms (2)", "a"]


@pytest.mark.django_db
def test_the_command_imports_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "nda.md"
    file.write_text("# NDA\n\nUnder [Law].")
    for _again in range(2):
        call_command("import_contract_template", f"{file}", "--name", "Mutual NDA", "--type", "maintenance")
    assert capsys.readouterr().out.splitlines() == [
        "created: Mutual NDA, 1 merge fields of its own",
        "unchanged: Mutual NDA, 1 merge fields of its own",
    ]
    template = ContractTemplate.objects.get()
    assert (template.type, template.live, template.revisions.count()) == ("maintenance", False, 1)
    for wrong in (["nothing.md"], [f"{tmp_path}"], ["a.md", "b.md", "--name", "Both"]):
        with pytest.raises(CommandError):
            call_command("import_contract_template", *wrong)
    assert ContractTemplate.objects.count() == 1


@pytest.mark.django_db
def test_an_editor_uploads_a_document(editor: User, support: User) -> None:
    address = reverse("wagtailsnippets_contracts_contracttemplate:import")
    answer = client_of(editor).post(
        address, {"file": SimpleUploadedFile("terms.md", b"# Terms\n\nOne."), "name": "", "type": "engagement"}
    )
    template = ContractTemplate.objects.get()
    assert answer.headers["Location"] == reverse("wagtailsnippets_contracts_contracttemplate:edit", args=[template.pk])
    assert client_of(editor).get(answer.headers["Location"]).status_code == 200
    wrong = {"file": SimpleUploadedFile("terms.pdf", b"%PDF-"), "name": "", "type": "engagement"}
    assert "Markdown (.md) or Word" in client_of(editor).post(address, wrong).content.decode()
    late = {"file": SimpleUploadedFile("terms.md", b"# More"), "name": "", "type": "engagement"}
    assert client_of(support).post(address, late).status_code == 302
    assert ContractTemplate.objects.count() == 1


def test_imported_fields_pass_the_check_of_the_editor() -> None:
    blocks, fields = placeholders.merged(shaping.blocks_of("<p>{a b} [Fee] {company_name} } { {x}</p>"))
    template = ContractTemplate(name="T", type="onboarding", body=blocks, fields=fields.as_blocks())
    template.clean()
    template.fields = []
    with pytest.raises(ValidationError):
        template.clean()
