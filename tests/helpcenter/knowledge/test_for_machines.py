"""What search engines, feed readers and language models are told of a page: exact shapes, absolute and stable."""

import json
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client

from helpcenter.knowledge.models import (
    ArticlePage,
    FAQPage,
    HelpDocument,
    HelpPage,
    TopicPage,
    TroubleshootingPage,
    TutorialPage,
)
from helpcenter.knowledge.models.documents import SPRITE_MARK
from tests.helpcenter.knowledge import pages
from tests.helpcenter.knowledge.shelves import NODE

BASE = settings.BASE_URL
FIRST, LAST = datetime(2026, 3, 1, 9, 0, tzinfo=UTC), datetime(2026, 5, 2, 10, 30, tzinfo=UTC)
ATOM = {"a": "http://www.w3.org/2005/Atom"}
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
ORGANISATION = {"@type": "Organization", "name": settings.WAGTAIL_SITE_NAME}


@pytest.fixture
def shelf(portal_site: None) -> TopicPage:
    return pages.topic("Taxes & duties", slug="taxes", summary="What is due.")


def dated(page: HelpPage) -> str:
    """The page, published and changed at known moments; its address."""
    document = HelpDocument.objects.get(pk=page.pk)
    document.published_at, document.updated_at = FIRST, LAST
    document.save()
    return document.path


def soup_of(path: str) -> BeautifulSoup:
    response = Client().get(path)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def linked_data(path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The page and its breadcrumbs, as schema.org."""
    (script,) = soup_of(path).select('script[type="application/ld+json"]')
    data = json.loads(script.get_text())
    assert data["@context"] == "https://schema.org"
    about, trail = data["@graph"]
    return about, trail


def common(path: str) -> dict[str, Any]:
    """What is said of every page."""
    return {
        "@id": f"{BASE}{path}",
        "url": f"{BASE}{path}",
        "inLanguage": "en",
        "publisher": ORGANISATION,
        "datePublished": "2026-03-01T09:00:00+00:00",
        "dateModified": "2026-05-02T10:30:00+00:00",
    }


def crumb(position: int, name: str, path: str) -> dict[str, Any]:
    return {"@type": "ListItem", "position": position, "name": name, "item": f"{BASE}{path}"}


def test_an_article_and_the_way_to_it(shelf: TopicPage) -> None:
    page = pages.article("</script><b>Levy", shelf, slug="levy", body=[pages.text("<p>Due on the twentieth.</p>")])
    about, trail = linked_data(dated(page))
    assert about == {
        "@type": "TechArticle",
        "headline": "</script><b>Levy",
        "description": "Due on the twentieth.",
        **common("/help/taxes/levy/"),
    }
    assert trail == {
        "@type": "BreadcrumbList",
        "itemListElement": [
            crumb(1, "Help center", "/help/"),
            crumb(2, "Taxes & duties", "/help/taxes/"),
            crumb(3, "</script><b>Levy", "/help/taxes/levy/"),
        ],
    }


def test_a_question_with_its_answer(shelf: TopicPage) -> None:
    page = pages.made(FAQPage, "When is it due?", shelf, slug="due", body=[pages.text("<p>On the <b>20th</b>.</p>")])
    about, _ = linked_data(dated(page))
    assert about == {
        "@type": "FAQPage",
        "name": "When is it due?",
        "description": "On the 20th .",
        "mainEntity": [
            {
                "@type": "Question",
                "name": "When is it due?",
                "acceptedAnswer": {"@type": "Answer", "text": "On the 20th ."},
            }
        ],
        **common("/help/taxes/due/"),
    }


def test_a_tutorial_with_its_steps(shelf: TopicPage) -> None:
    steps = [
        pages.block("step", {"title": title, "body": [pages.text(f"<p>{text}</p>")]})
        for title, text in [("Open it", "Choose the return."), ("Send it", "Press send.")]
    ]
    page = pages.made(TutorialPage, "File a return", shelf, slug="file", summary="From start to end.", steps=steps)
    about, _ = linked_data(dated(page))
    assert about == {
        "@type": "HowTo",
        "name": "File a return",
        "description": "From start to end.",
        "step": [
            {
                "@type": "HowToStep",
                "name": "Open it",
                "text": "Choose the return.",
                "url": f"{BASE}/help/taxes/file/#open-it",
            },
            {"@type": "HowToStep", "name": "Send it", "text": "Press send.", "url": f"{BASE}/help/taxes/file/#send-it"},
        ],
        **common("/help/taxes/file/"),
    }


def test_a_troubleshooter_and_a_topic(shelf: TopicPage) -> None:
    page = pages.made(TroubleshootingPage, "It fails", shelf, summary="Why.", nodes=[pages.block("node", NODE)])
    about, _ = linked_data(dated(page))
    assert about == {
        "@type": "TechArticle",
        "headline": "It fails",
        "description": "Why.",
        **common("/help/taxes/it-fails/"),
    }
    about, trail = linked_data(dated(shelf))
    assert about == {
        "@type": "CollectionPage",
        "name": "Taxes & duties",
        "description": "What is due.",
        **common("/help/taxes/"),
    }
    assert [item["position"] for item in trail["itemListElement"]] == [1, 2]


def head(path: str) -> dict[str, str]:
    """Canonical address, description and Open Graph of a page."""
    soup = soup_of(path)
    metas = {str(meta.get("property") or meta.get("name")): str(meta["content"]) for meta in soup.select("meta")[1:]}
    (canonical,) = soup.select('link[rel="canonical"]')
    shown = {name: value for name, value in metas.items() if name.startswith("og:") or name == "description"}
    return {"canonical": str(canonical["href"]), **shown}


def test_what_a_link_to_a_page_shows(shelf: TopicPage) -> None:
    pages.article('Levy "A"', shelf, slug="levy", summary="What & when.")
    image = f"{BASE}/static/brand/icon-512.png"
    assert head("/help/taxes/levy/") == {
        "canonical": f"{BASE}/help/taxes/levy/",
        "description": "What & when.",
        "og:type": "article",
        "og:title": 'Levy "A"',
        "og:description": "What & when.",
        "og:url": f"{BASE}/help/taxes/levy/",
        "og:site_name": settings.WAGTAIL_SITE_NAME,
        "og:image": image,
    }
    for path in ("/", "/help/", "/help/taxes/"):
        shown = head(path)
        assert (shown["canonical"], shown["og:url"], shown["og:image"]) == (f"{BASE}{path}", f"{BASE}{path}", image)


def test_a_page_without_summary_is_described_by_its_beginning(shelf: TopicPage) -> None:
    pages.article("Levy", shelf, body=[pages.text(f"<p>{'Pay in time. ' * 40}</p>")])
    description = head("/help/taxes/levy/")["description"]
    assert description == f"{'Pay in time. ' * 12}Pay…".replace(" Pay…", " Pay…")[: len(description)]
    assert len(description) <= 160
    assert description.endswith("…")


def test_the_feed_is_atom_with_ids_that_stay(shelf: TopicPage) -> None:
    page = pages.article("Levy <A>", shelf, slug="levy", summary="A < B & C")
    dated(page)
    pages.article("Closed", audience=["staff"])
    response = Client().get("/help/feed/", headers={"host": "localhost"})
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(response.content)
    assert feed.tag == f"{{{ATOM['a']}}}feed"

    def text(path: str) -> str | None:
        return feed.findtext(path, namespaces=ATOM)

    assert text("a:id") == f"{BASE}/help/"
    assert text("a:title") == f"{settings.WAGTAIL_SITE_NAME} help center"
    assert text("a:author/a:name") == settings.WAGTAIL_SITE_NAME
    links = {link.get("rel"): link.get("href") for link in feed.findall("a:link", ATOM)}
    assert links == {"alternate": f"{BASE}/help/", "self": f"{BASE}/help/feed/"}
    (entry,) = feed.findall("a:entry", ATOM)
    assert {child.tag.partition("}")[2]: child.text for child in entry if child.text} == {
        "title": "Levy <A>",
        "published": "2026-03-01T09:00:00+00:00",
        "updated": "2026-05-02T10:30:00+00:00",
        "id": f"urn:uuid:{page.translation_key}",
        "summary": "A &lt; B &amp; C",
    }
    assert [link.get("href") for link in entry.findall("a:link", ATOM)] == [f"{BASE}/help/taxes/levy/"]
    page.move(pages.topic("Elsewhere"), pos="last-child")
    moved = ElementTree.fromstring(Client().get("/help/feed/").content)
    ids = {
        e.findtext("a:id", namespaces=ATOM): e.find("a:link", ATOM).get("href") for e in moved.findall("a:entry", ATOM)
    }  # type: ignore[union-attr] # it is there
    assert ids == {f"urn:uuid:{page.translation_key}": f"{BASE}/help/elsewhere/levy/"}


def test_the_sitemap_says_what_changed_when(shelf: TopicPage) -> None:
    dated(shelf)
    dated(pages.article("Levy", shelf))
    pages.article("Closed", audience=["customers"])
    index = ElementTree.fromstring(Client().get("/sitemap.xml").content)
    parts = {part.findtext("s:loc", namespaces=SITEMAP): part for part in index}
    assert list(parts) == ["http://testserver/sitemap-front.xml", "http://testserver/sitemap-help.xml"]
    latest = parts["http://testserver/sitemap-help.xml"].findtext("s:lastmod", namespaces=SITEMAP)
    assert latest == "2026-05-02T13:30:00+03:00"
    listed = ElementTree.fromstring(Client().get("/sitemap-help.xml").content)
    assert [(url[0].text, url[1].text) for url in listed] == [
        (f"{BASE}/help/taxes/", "2026-05-02"),
        (f"{BASE}/help/taxes/levy/", "2026-05-02"),
    ]
    front = ElementTree.fromstring(Client().get("/sitemap-front.xml").content)
    assert [url[0].text for url in front] == [f"{BASE}/", f"{BASE}/help/"]


def test_the_outline_for_language_models(shelf: TopicPage) -> None:
    pages.article("Levy", shelf, summary="What & when.")
    response = Client().get("/llms.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    title, quote, heading, line = [line for line in response.text.splitlines() if line]
    assert (title, heading) == (f"# {settings.WAGTAIL_SITE_NAME} help center", "## Taxes & duties")
    assert quote.startswith("> ")
    assert line == f"- [Levy]({BASE}/help/taxes/levy/): What & when."


def test_stored_bodies_name_no_file_of_a_release(shelf: TopicPage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address of the icons is put in when the page is read, so the next release shows its own."""
    heading = pages.block("heading", {"text": "First", "level": "2", "anchor": ""})
    page: ArticlePage = pages.article("Levy", shelf, body=[heading])
    stored = HelpDocument.objects.get(pk=page.pk)
    assert f'<use href="{SPRITE_MARK}#link"' in stored.body_html
    assert "/static/" not in stored.body_html
    released = "helpcenter.knowledge.models.documents.static"
    monkeypatch.setattr(released, lambda name: f"/static/{name.replace('.svg', '.0f9a.svg')}")
    assert '<use href="/static/icons/sprite.0f9a.svg#link"' in stored.body
    assert '<use href="/static/icons/sprite.0f9a.svg#link"' in Client().get("/help/taxes/levy/").text
    api = Client().get(f"/api/help/v1/pages/{page.translation_key}/").json()
    assert '<use href="/static/icons/sprite.0f9a.svg#link"' in api["html"]
