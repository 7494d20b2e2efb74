"""An editor, with an editor's rights alone, writes each type of page through the forms of the admin."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, rich_text

from helpcenter.knowledge.models import HelpDocument, HelpPage, TroubleshootingPage, TutorialPage
from portal.accounts.models import User
from tests.cast import client_of
from tests.helpcenter.knowledge import pages
from tests.helpcenter.knowledge.editing import forms

pytestmark = pytest.mark.usefixtures("portal_site")


def every_block() -> dict[str, Any]:
    """A body with each type of block."""
    image = get_image_model().objects.create(title="Plan", file=get_test_image_file())
    document = get_document_model().objects.create(title="Rates", file=ContentFile(b"1", name="rates.csv"))
    other = pages.article("Read this next")
    inner = forms.stream(
        forms.text("<p>The inner words.</p>"), ("code", {"language": "", "code": "x = 1", "caption": ""})
    )
    return forms.stream(
        forms.text("<p>Running <b>words</b>.</p>"),
        ("heading", {"text": "Before the run", "level": "2", "anchor": ""}),
        (
            "image",
            {"image": {"image": image.pk, "decorative": "", "alt_text": "The plan of the hall"}, "caption": "The hall"},
        ),
        ("callout", {"kind": "tip", "title": "Mind", "text": rich_text("<p>A trial run.</p>")}),
        ("code", {"language": "csv", "code": "a,b <c>", "caption": "Sample"}),
        forms.table("<p>85,000.00</p>"),
        (
            "video",
            {
                "title": "The film",
                "url": "https://video.example/1",
                "file": "",
                "transcript": rich_text("<p>Spoken</p>"),
            },
        ),
        ("steps", forms.listed({"title": "Open it", "body": inner})),
        ("accordion", {"items": forms.listed({"title": "Who may?", "body": inner})}),
        ("download", {"document": document.pk, "title": "All rates"}),
        ("related", {"title": "More", "pages": forms.listed(other.pk)}),
    )


SHOWN = [
    "Running <b>words</b>", 'id="before-the-run"', "The plan of the hall", "The hall", "A trial run", "a,b &lt;c&gt;",
    "85,000.00", "Watch “The film”", "Spoken", "Open it", "The inner words", "Who may?", "All rates", "Read this next",
]  # fmt: skip


def steps(*titles: str) -> dict[str, Any]:
    inner = forms.stream(forms.text("<p>Do it.</p>"))
    return forms.stream(*(("step", {"title": title, "body": inner}) for title in titles))


def node(key: str, title: str, *answers: tuple[str, str]) -> tuple[str, Any]:
    rows = ({"label": label, "goto": goto, "page": ""} for label, goto in answers)
    return "node", {"key": key, "title": title, "body": forms.stream(), "answers": forms.listed(*rows)}


NODES = (node("start", "Is it zero?", ("Yes", "zero")), node("zero", "Check the bank details"))
TUTORIAL = {"steps": steps("First", "Second"), "video_url": "https://video.example/2", "minutes": "9"}
KINDS = {
    "topicpage": ({"icon": "book-open"}, []),
    "articlepage": ({}, []),
    "faqpage": ({}, []),
    "tutorialpage": (TUTORIAL, ['id="first"', 'id="second"', "https://video.example/2", "9 min"]),
    "troubleshootingpage": ({"nodes": forms.stream(*NODES)}, ["Is it zero?", 'href="#zero"', "Check the bank details"]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_type_is_drafted_previewed_and_published(editor: User, kind: str) -> None:
    client, visitor = client_of(editor), Client()
    extra, shown = KINDS[kind]
    values = forms.fields("Month end", body=every_block(), **extra)
    assert forms.add(client, f"knowledge/{kind}", values).status_code == 302
    page = HelpPage.objects.get(slug="month-end")
    assert (page.live, page.owner) == (False, editor)
    assert visitor.get("/help/month-end/").status_code == 404

    preview = f"/admin/pages/{page.pk}/edit/preview/"
    assert client.post(preview, forms.posted(values)).json() == {"is_valid": True, "is_available": True}
    words = client.get(preview).text
    assert [part for part in [*SHOWN, *shown, "css/portal.css"] if part not in words] == []

    assert forms.edit(client, page, values, "publish").status_code == 302
    words = visitor.get("/help/month-end/").text
    assert [part for part in [*SHOWN, *shown] if part not in words] == []
    assert client.get(f"/admin/pages/{page.pk}/edit/").status_code == 200


# A draft may be so: editors write from above, and what they write is saved while they do.
UNFINISHED: list[tuple[str, dict[str, Any], str]] = [
    ("tutorialpage", {"steps": steps("")}, "steps"),
    ("troubleshootingpage", {"nodes": forms.stream(node("a", "A", ("Yes", "nowhere")))}, "nodes"),
    ("troubleshootingpage", {"nodes": forms.stream(node("a", "A"), node("a", "B"))}, "nodes"),
    ("troubleshootingpage", {"nodes": forms.stream(node("a", "A", ("Yes", "")))}, "nodes"),
]


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_that_is_not_saved_yet_can_be_previewed(editor: User, kind: str) -> None:
    client = client_of(editor)
    parent = Page.objects.get(slug="help")
    preview = f"/admin/pages/add/knowledge/{kind}/{parent.pk}/preview/"
    values = forms.posted(forms.fields("Not yet", body=forms.stream(forms.text("<p>So far.</p>")), **KINDS[kind][0]))
    assert client.post(preview, values).json() == {"is_valid": True, "is_available": True}
    answer = client.get(preview)
    assert answer.status_code == 200
    assert "So far." in answer.text
    assert not HelpDocument.objects.exists()


@pytest.mark.parametrize(
    ("kind", "wrong", "field"),
    [
        ("articlepage", {"title": ""}, "title"),
        ("articlepage", {"audience": ["martians"]}, "audience"),
        ("articlepage", {"audience_products": ["999999"]}, "audience_products"),
        ("articlepage", {"audience_companies": [{"company": "999999", "ORDER": "1"}]}, "audience_companies"),
        ("articlepage", {"audience_companies": [{"company": "", "ORDER": "1"}]}, "audience_companies"),
        ("articlepage", {"review_on": "soon"}, "review_on"),
        ("articlepage", {"product": "999999"}, "product"),
        ("tutorialpage", {"video_url": "javascript:alert(1)"}, "video_url"),
        ("troubleshootingpage", {"nodes": forms.stream(node("A b", "A"))}, "nodes"),
        *UNFINISHED,
    ],
)  # fmt: skip
@pytest.mark.parametrize("action", ["publish", ""])
def test_what_is_wrong_is_said_beside_the_field(
    editor: User, kind: str, wrong: dict[str, Any], field: str, action: str
) -> None:
    values = forms.fields("Wrong", **{**KINDS[kind][0], **wrong})
    if "audience_companies" in wrong:
        values["audience_companies"] = inline_formset(wrong["audience_companies"])
    answer = forms.add(client_of(editor), f"knowledge/{kind}", values, action=action)
    if action or (kind, wrong, field) not in UNFINISHED:
        assert answer.status_code == 200
        assert list(forms.errors_of(answer)) == [field]
        assert not HelpPage.objects.exists()
    else:
        assert answer.status_code == 302
        assert not HelpPage.objects.get().live
    assert not HelpDocument.objects.exists()


def test_no_heading_takes_the_name_of_another_place_on_the_page() -> None:
    rows = [("heading", {"text": words, "level": "2", "anchor": ""}) for words in ("Main", "Feedback", "Start")]
    nodes = [("node", {"key": "start", "title": "Is it on?", "body": [], "answers": []})]
    page = pages.made(TroubleshootingPage, "It is off", body=rows, nodes=nodes)
    anchors = [row["anchor"] for row in HelpDocument.objects.get(page=page).toc]
    assert anchors == ["main-2", "feedback-2", "start-2"]
    names = re.findall(r' id="([^"]*)"', Client().get("/help/it-is-off/").text)
    assert len(names) == len(set(names))


def test_a_step_named_in_other_letters_can_be_linked_to() -> None:
    steps = [("step", {"title": title, "body": [("text", "<p>Go.</p>")]}) for title in ("Първо", "Второ")]
    page = pages.made(TutorialPage, "First steps", steps=steps)
    assert [row["anchor"] for row in HelpDocument.objects.get(page=page).toc] == ["step", "step-2"]


def test_each_type_of_page_says_what_it_is_for(editor: User) -> None:
    topic = pages.topic("Payroll")
    shown = client_of(editor).get(f"/admin/pages/{topic.pk}/add_subpage/").text
    offered = re.findall(r"/admin/pages/add/knowledge/(\w+)/", shown)
    assert sorted(set(offered)) == ["articlepage", "faqpage", "topicpage", "troubleshootingpage", "tutorialpage"]
    assert len(re.findall(r"<small>[A-Z][^<]{20,}\.</small>", shown)) == 5
