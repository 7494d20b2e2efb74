"""Pages on paper: what a PDF says, of itself too, and that nothing runs off its pages."""

import io
from typing import Any
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.test import Client
from pypdf import PdfReader
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from helpcenter.knowledge.models import FAQPage, TopicPage, TroubleshootingPage, TutorialPage
from helpcenter.knowledge.services import printing
from helpcenter.knowledge.services.printing import OwnFilesFetcher
from home.models import BrandSettings
from portal.accounts.models import Company, User
from portal.core import page_cache
from portal.core.page_cache import Generation, ProcessStore
from tests.cast import client_of
from tests.helpcenter.knowledge import pages

A4 = (595.0, 842.0)
LONG = "https://api.example.com/" + "x" * 300


def table(columns: int, rows: int, word: str) -> dict[str, Any]:
    """A table with so many columns and rows; the first cell of each row has its number."""
    heads = [{"type": "text", "heading": f"Column {n}"} for n in range(columns)]
    body = [{"values": [f"<p>Row {n}</p>", *[f"<p>{word}</p>"] * (columns - 1)]} for n in range(rows)]
    return pages.block("table", {"columns": heads, "rows": body, "caption": "All rows"})


@pytest.fixture
def shelf(portal_site: None) -> TopicPage:
    return pages.topic("Taxes", slug="taxes")


def printed(path: str, user: User | None = None) -> PdfReader:
    """The PDF of a page, which must be whole."""
    response = client_of(user).get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Content-Disposition"] == f'inline; filename="{path.rpartition("/")[2]}"'
    return PdfReader(io.BytesIO(response.content), strict=True)


def words(reader: PdfReader, number: int | None = None) -> str:
    """Text of one page or all."""
    chosen = reader.pages if number is None else [reader.pages[number]]
    return " ".join(" ".join(page.extract_text() for page in chosen).split())


def right_edge(reader: PdfReader) -> float:
    """How far to the right text begins, in points."""
    found: list[float] = []

    def visit(text: str, page_matrix: list[float], matrix: list[float], *_: Any) -> None:
        if text.strip():
            found.append(matrix[4] * page_matrix[0] + page_matrix[4])

    for page in reader.pages:
        page.extract_text(visitor_text=visit)
    return max(found)


def test_an_article_says_what_it_is(shelf: TopicPage) -> None:
    pages.article("Pay a levy", shelf, summary="What is due.", keywords="duty", body=[pages.text("<p>Pay it.</p>")])
    reader = printed("/help/taxes/pay-a-levy.pdf")
    information = reader.metadata
    assert information is not None
    brand = BrandSettings.load().name
    assert (information.title, information.subject, information.author) == ("Pay a levy", "What is due.", brand)
    assert (information.keywords, information.creator) == ("duty", f"{brand} help center")
    assert information.modification_date is not None
    catalog = reader.root_object
    assert (catalog["/Lang"], catalog["/MarkInfo"]["/Marked"]) == ("en", True)
    assert "/StructTreeRoot" in catalog
    assert reader.xmp_metadata is not None
    assert b"pdfuaid" in reader.xmp_metadata.stream.get_data()
    text = words(reader)
    assert text.startswith("Pay a levy What is due. Pay it.")
    assert f"{brand} · Help center › Taxes" in text
    assert f"{settings.BASE_URL}/help/taxes/pay-a-levy/ · updated" in text
    assert text.endswith("1 / 1")


def test_long_content_goes_on_over_pages_and_never_over_their_edge(shelf: TopicPage) -> None:
    body = [
        pages.block("code", {"language": "bash", "code": f"curl {LONG}\nend of code", "caption": "A request"}),
        table(3, 80, "Some words of explanation"),
        table(9, 3, "averyveryverylongword_without_any_space"),
        pages.block("callout", {"kind": "warning", "title": "Mind", "text": "<p>Once only.</p>"}),
        pages.block("accordion", {"items": [{"title": "Who?", "body": [pages.text("<p>Folded text.</p>")]}]}),
    ]
    pages.article("Long", shelf, body=body)
    reader = printed("/help/taxes/long.pdf")
    text = words(reader)
    assert len(reader.pages) > 2
    for number in range(len(reader.pages)):
        assert f"{number + 1} / {len(reader.pages)}" in words(reader, number)
    assert all(f"Row {n} " in text for n in range(80))
    assert LONG in text.replace(" ", "")
    assert all(word in text for word in ("end of code", "Mind Once only.", "Who? Folded text."))
    # Heads of a table are repeated on each of its pages.
    assert text.count("Column 0 Column 1 Column 2") >= len(reader.pages) - 1
    assert {tuple(round(float(side)) for side in page.mediabox.upper_right) for page in reader.pages} == {A4}
    assert right_edge(reader) < A4[0] - 40


def test_short_words_of_a_table_are_not_broken_and_notes_stand_apart(shelf: TopicPage) -> None:
    heads = [{"type": "text", "heading": head} for head in ("Day", "What is due", "Who", "Form", "Amount", "Remarks")]
    cells = [
        "5",
        "Returns are filed with the revenue authority",
        "Billing",
        "P10",
        "1,250,000.00",
        "Late ones cost more",
    ]
    rows = [{"values": [f"<p>{cell}</p>" for cell in cells]}]
    video = {"title": "Film", "url": "https://video.example/1", "file": None, "transcript": ""}
    body = [pages.block("table", {"columns": heads, "rows": rows, "caption": ""}), pages.block("video", video)]
    pages.article("Due", shelf, body=body)
    text = words(printed("/help/taxes/due.pdf"))
    assert all(f" {word} " in text for word in ("Day", "Form", "Billing", "P10", "1,250,000.00"))
    assert "Watch “Film”" in text
    assert "Opens in a new tab" not in text


def test_a_picture_is_in_the_file_with_its_description(shelf: TopicPage) -> None:
    image = get_image_model().objects.create(title="Plan", file=get_test_image_file("plan.png"))
    value = {"image": {"image": image.pk, "alt_text": "The screen", "decorative": False}, "caption": "The plan"}
    pages.article("Pictured", shelf, body=[pages.block("image", value)])
    reader = printed("/help/taxes/pictured.pdf")
    assert len(reader.pages[0].images) == 1
    assert "The plan" in words(reader)


def test_each_type_of_page_prints_all_it_holds(shelf: TopicPage) -> None:
    steps = [pages.block("step", {"title": f"Do {n}", "body": [pages.text(f"<p>Press {n}.</p>")]}) for n in (1, 2)]
    pages.made(TutorialPage, "Lesson", shelf, steps=steps)
    pages.made(FAQPage, "Is it due?", shelf, slug="due", body=[pages.text("<p>Yes, it is.</p>")])
    nodes = [
        {"key": "start", "title": "Paid?", "body": [], "answers": [{"label": "No", "goto": "pay", "page": None}]},
        {"key": "pay", "title": "Pay it", "body": [pages.text("<p>Press pay.</p>")], "answers": []},
    ]
    pages.made(TroubleshootingPage, "Trouble", shelf, nodes=[pages.block("node", node) for node in nodes])
    assert "Lesson 1. Do 1 Press 1. 2. Do 2 Press 2." in words(printed("/help/taxes/lesson.pdf"))
    assert "Is it due? Yes, it is." in words(printed("/help/taxes/due.pdf"))
    trouble = words(printed("/help/taxes/trouble.pdf"))
    assert "Paid? No (page 1) Pay it Press pay." in trouble
    assert "Start again" not in trouble


def test_only_readers_of_the_page_get_it_and_no_shared_cache_keeps_it(
    shelf: TopicPage, owner: User, stranger: User
) -> None:
    pages.article("Levy", shelf)
    pages.article("Closed levy", shelf, audience=["staff"])
    path = "/help/taxes/closed-levy.pdf"
    for user in (None, owner, stranger):
        assert client_of(user).get(path).status_code == 404
    assert Client().get("/help/taxes/levy.pdf")["Cache-Control"] == "no-cache"
    owned = pages.article("Owned levy", shelf, audience=["customers"])
    response = client_of(owner).get("/help/taxes/owned-levy.pdf")
    assert response["Cache-Control"] == "no-cache, private"
    again = client_of(owner).get("/help/taxes/owned-levy.pdf", headers={"if-modified-since": response["Last-Modified"]})
    assert (again.status_code, again.content) == (304, b"")
    owned.audience = ["staff"]
    pages.publish(owned)
    gone = client_of(owner).get("/help/taxes/owned-levy.pdf", headers={"if-modified-since": response["Last-Modified"]})
    assert gone.status_code == 404


@pytest.mark.parametrize(
    "address", ["http://169.254.169.254/latest/", "file:///etc/passwd", f"{settings.BASE_URL}/media/../../etc/passwd"]
)
def test_no_other_address_is_opened(address: str) -> None:
    with pytest.raises(Exception, match=r"."):
        OwnFilesFetcher().fetch(address)


def test_page_is_typeset_once_however_it_is_asked_for_and_by_whom(
    shelf: TopicPage, company: Company, owner: User, stranger: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    typeset = Mock(wraps=printing.typeset)
    monkeypatch.setattr(printing, "typeset", typeset)
    monkeypatch.setattr(page_cache, "generation", Generation())
    monkeypatch.setattr(page_cache, "parts", ProcessStore())
    settings.PAGE_CACHE = "process"
    article = pages.article("Agreed prices", shelf, companies=[company], body=[pages.text("<p>One crate.</p>")])
    for query in ("", "?1", "?2"):
        answers = [client_of(user).get(f"/help/taxes/{article.slug}.pdf{query}") for user in (owner, stranger, None)]
        assert [answer.status_code for answer in answers] == [200, 404, 404]
        assert "One crate." in words(PdfReader(io.BytesIO(answers[0].content)))
    typeset.assert_called_once()
