"""Templates of contracts: checked when they are saved, shown with samples, filled with text alone."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from djmoney.money import Money

from portal.accounts.models import Company, User
from portal.contracts import markup, numbering
from portal.contracts.models import ContractTemplate
from portal.contracts.services import line_items, merging, rendering
from tests.cast import client_of
from tests.factories import ContractFactory, ContractTemplateFactory, SignerFactory
from tests.portal.contracts.drawn import AT

pytestmark = pytest.mark.django_db
NAME = "wagtailsnippets_contracts_contracttemplate"


def template(*blocks: tuple[str, Any], **fields: Any) -> ContractTemplate:
    body = [{"type": kind, "value": value} for kind, value in blocks]
    return ContractTemplateFactory.build(body=body, **fields)


def own(*names: str) -> list[dict[str, Any]]:
    return [{"type": "field", "value": {"name": name, "label": name, "sample": ""}} for name in names]


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("<p>Under {goverming_law}.</p>", "body", "Unknown merge fields: {goverming_law}."),
        ("<p>Under {governing_law.</p>", "body", "Braces are for merge fields alone"),
        ("<p>Under {Governing Law}.</p>", "body", "Braces are for merge fields alone"),
        ("<p>Under {gov<b>erning</b>_law}.</p>", "body", "Braces are for merge fields alone"),
    ],
)
def test_merge_fields_are_checked(text: str, field: str, words: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        template(("text", text)).clean()
    assert words in refusal.value.message_dict[field][0]


def test_headings_and_tables_are_checked_too() -> None:
    table = {
        "columns": [{"type": "text", "heading": "{nobody}"}],
        "rows": [{"values": ["{company_name}"]}],
        "caption": "",
    }
    for block in (("heading", {"text": "{nobody}", "level": "2"}), ("table", table)):
        with pytest.raises(ValidationError, match="nobody"):
            template(block).clean()
    template(("heading", {"text": "{company_name}", "level": "2"})).clean()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (own("company_name"), "The portal fills these itself"),
        (own("law", "law"), "Each name once, please: law."),
    ],
)
def test_own_fields_have_names_of_their_own(fields: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        template(("text", "<p>Text</p>"), fields=fields).clean()
    assert words in refusal.value.message_dict["fields"][0]


def test_engagements_are_not_renewed() -> None:
    with pytest.raises(ValidationError) as refusal:
        template(("text", "<p>Text</p>"), renewal_months=1).clean()
    assert list(refusal.value.message_dict) == ["renewal_months"]


def test_clauses_are_numbered_in_the_text() -> None:
    inner = "<ol><li>Three<ol><li>Four</li><li>Five</li></ol></li></ol>"
    text = f"<ol><li>One<ol><li>Two{inner}</li></ol></li><li>Six</li></ol>"
    html = markup.article(template(("text", text)), values={}, title="T", number="")
    marks = [part.partition("<")[0] for part in html.split('class="clause-number">')[1:]]
    assert marks == ["1.", "1.1", "(a)", "(i)", "(ii)", "2."]
    assert "<ol" not in html
    assert "<li" not in html


@pytest.mark.parametrize(
    ("count", "letter", "roman"),
    [(1, "a", "i"), (4, "d", "iv"), (19, "s", "xix"), (26, "z", "xxvi"), (28, "ab", "xxviii")],
)
def test_letters_and_roman_numbers(count: int, letter: str, roman: str) -> None:
    assert (numbering.letters(count), numbering.roman(count)) == (letter, roman)


def test_pages_are_cut_and_headings_named_once() -> None:
    heading = ("heading", {"text": "Term", "level": "3"})
    html = markup.article(
        template(heading, ("page_break", None), heading, ("page_break", None)), values={}, title="T", number="C-1"
    )
    assert html.count("<section") == 2
    assert '<h3 id="s-term">Term</h3>' in html
    assert '<h3 id="s-term-2">Term</h3>' in html
    assert html.startswith(
        '<article class="contract-text" lang="en-gb"><header class="contract-head"><p>T</p><p>C-1</p>'
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<b>bold</b>",
        "{vendor_name}",
        "{{ company.tax_id }}",
        "{% now 'Y' %}",
        '" onmouseover="alert(1)',
        "&lt;i&gt;",
        "A & B",
    ],
)
def test_what_stands_in_merge_fields_is_text(company: Company, hostile: str) -> None:
    contract = ContractFactory.create(company=company, title=hostile, values={"governing_law": hostile})
    html = rendering.render(contract)
    escaped = hostile.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f"The law of {escaped} applies." in html
    assert f'<header class="contract-head"><p>{escaped}</p>' in html
    assert "<script" not in html
    assert "<b>" not in html


def test_lines_of_a_value_stay_lines(company: Company) -> None:
    contract = ContractFactory.create(company=company, values={"governing_law": "Kenya\n<i>Uganda</i>"})
    assert "The law of Kenya<br/>&lt;i&gt;Uganda&lt;/i&gt; applies." in rendering.render(contract)


def test_editors_can_put_no_script_into_a_text() -> None:
    text = '<p onclick="x()">Hi <script>bad()</script><a href="javascript:x()">link</a> {company_name}</p>'
    text += '<p><a href="https://example.com/{company_name}">there</a></p>'
    html = markup.article(template(("text", text)), values={"company_name": "Savanna"}, title="T", number="")
    assert "script" not in html
    assert "onclick" not in html
    assert "Hi " in html
    assert "example.com/Savanna" not in html


def test_all_known_fields_are_filled(company: Company, owner: User) -> None:
    contract = ContractFactory.create(company=company)
    SignerFactory.create(contract=contract, user=owner)
    values = merging.values_of(contract)
    assert set(values) == {field.name for field in contract.template.known_fields}
    assert (values["starts_on"], values["ends_on"], values["duration"]) == (
        "1 March 2026",
        "28 February 2027",
        "12 months",
    )
    assert values["company_signers"] == f"{owner} (Managing director)"
    assert values["total"] == "USD\N{NO-BREAK SPACE}0.00"


def test_what_is_charged_is_the_last_page_of_the_text(company: Company, staff: User) -> None:
    contract = ContractFactory.create(company=company, discount_percent=Decimal(10))
    for words, amount in (("Training <b>of two</b>", "100.00"), ("Set-up", "50.01")):
        line_items.add(contract=contract, by=staff, at=AT, description=words, amount=Money(amount, "USD"), months=1)
    line_items.add(
        contract=contract,
        by=staff,
        at=AT,
        description="Upkeep",
        schedule="recurring",
        amount=Money("30.00", "USD"),
        months=2,
        starts_on=date(2026, 4, 1),
    )
    shown = BeautifulSoup(rendering.render(contract), "html.parser").select(".contract-page")[-1]
    assert [[cell.get_text("|") for cell in row.select("td, th")] for row in shown.select("tr")] == [
        ["Invoiced on", "For", "Amount"],
        [
            "1 Mar 2026",
            "1 Mar 2026|Training <b>of two</b>: 100.00|Set-up: 50.01|Labs discount, 10 %: \N{MINUS SIGN}15.00",
            "135.01",
        ],
        ["1 Apr 2026", "1 Apr 2026 – 30 Apr 2026|Upkeep: 30.00|Labs discount, 10 %: \N{MINUS SIGN}3.00", "27.00"],
        ["1 May 2026", "1 May 2026 – 31 May 2026|Upkeep: 30.00|Labs discount, 10 %: \N{MINUS SIGN}3.00", "27.00"],
        ["In all", "", "189.01"],
    ]


@pytest.fixture
def editing(editor: User) -> Client:
    return client_of(editor)


def test_an_editor_previews_a_draft_with_samples(editing: Client) -> None:
    made = ContractTemplateFactory.create(live=False)
    page = editing.get(reverse(f"{NAME}:preview_on_edit", args=[made.pk]))
    assert page.status_code == 200
    shown = made.make_preview_request()
    assert "The law of Kenya applies." in shown.content.decode()
    assert "Between Northwind Labs Inc. and Tamarind Software Limited." in shown.content.decode()


def saved(editing: Client, made: ContractTemplate, text: str, *, publish: bool) -> Any:
    blocks = {
        "body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "heading", "body-0-id": "",
        "body-0-value-text": text, "body-0-value-level": "2", "fields-count": "0", "name": made.name,
        "type": "engagement", "signing_order": "in_turn", "offer_days": "30", "renewal_months": "0",
        "notice_days": "30", "is_counter_signed": "on",
    }  # fmt: skip
    action = {"action-publish": "action-publish"} if publish else {}
    return editing.post(reverse(f"{NAME}:edit", args=[made.pk]), {**blocks, **action})


def test_a_draft_changes_nothing_until_it_is_published(editing: Client) -> None:
    made = ContractTemplateFactory.create()
    before = markup.sample(made)
    assert saved(editing, made, "For {company_name}", publish=False).status_code == 302
    made = ContractTemplate.objects.get(pk=made.pk)
    assert markup.sample(made) == before
    assert made.has_unpublished_changes
    assert saved(editing, made, "For {company_name}", publish=True).status_code == 302
    made = ContractTemplate.objects.get(pk=made.pk)
    assert "For Northwind Labs Inc." in markup.sample(made)
    assert made.revisions.count() == 2


def test_unknown_fields_are_refused_in_the_editor(editing: Client) -> None:
    made = ContractTemplateFactory.create()
    answer = saved(editing, made, "For {nobody}", publish=True)
    assert answer.status_code == 200
    assert "Unknown merge fields: {nobody}" in answer.content.decode()
    assert made.revisions.count() == 0


def test_staff_read_templates_and_do_not_write_them(support: User, viewer: User) -> None:
    made = ContractTemplateFactory.create()
    assert client_of(support).get(reverse(f"{NAME}:list")).status_code == 200
    assert client_of(support).get(reverse(f"{NAME}:edit", args=[made.pk])).status_code == 302
    assert client_of(viewer).get(reverse(f"{NAME}:list")).status_code == 302
