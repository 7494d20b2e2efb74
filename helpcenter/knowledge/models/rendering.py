"""Builds the document that readers are served from a version of a page."""

import math
import re
import textwrap
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup, Tag
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone

from helpcenter.knowledge.models.documents import SPRITE, SPRITE_MARK, HelpDocument, Kind
from portal.core import icons

if TYPE_CHECKING:
    from helpcenter.knowledge.models.pages import HelpPage

# Silent reading of English text: Brysbaert 2019, 238 words a minute for non-fiction.
WORDS_A_MINUTE = 238
HEADINGS = ["h2", "h3", "h4"]
# Names of places around the body (templates/knowledge/page.html and the shell), which no heading may take.
OUTSIDE = frozenset({"main", "related", "feedback", "feedback-place", "troubleshooter"})
# Search engines show about as much of a description.
DESCRIPTION_LENGTH = 160


def document_of(page: "HelpPage") -> HelpDocument:
    """Render a version of a page; path, audience, topic and breadcrumbs are the publisher's to add."""
    html: str = render_to_string("knowledge/body.html", {"page": page, **page.body_context()})
    # Hashed names change with each release, stored bodies do not.
    html = html.replace(static(SPRITE), SPRITE_MARK)
    soup = BeautifulSoup(html, "html.parser")
    document = HelpDocument(
        page_id=page.pk,
        kind=page.kind,
        title=page.title,
        seo_title=page.seo_title,
        summary=page.summary,
        keywords=page.keywords,
        product=page.product,
        icon=icon if (icon := getattr(page, "icon", "")) in icons.names() else "",
        owner=page.reviewer,
        review_on=page.review_on,
        published_at=page.first_published_at or timezone.now(),
        updated_at=page.last_published_at or timezone.now(),
    )
    fill(document, soup)
    document.minutes = getattr(page, "minutes", None) or reading_minutes(document.text)
    return document


def fill(document: HelpDocument, soup: BeautifulSoup) -> None:
    """Give a document its rendered body, and all that is read off it."""
    document.toc = number_anchors(soup)
    document.headings = "\n".join(heading["text"] for heading in document.toc)
    document.text = " ".join(soup.get_text(" ").split())
    document.body_html = str(soup)
    document.structured_data = structured_data(document, soup)


def reading_minutes(text: str) -> int:
    """Minutes that an adult needs to read the text, at least one."""
    return max(1, math.ceil(len(re.findall(r"\w+", text)) / WORDS_A_MINUTE))


def number_anchors(soup: BeautifulSoup) -> list[dict[str, Any]]:
    """Make the anchors of headings unique within the page, and list them: [{level, text, anchor}]."""
    elsewhere = (str(other["id"]) for other in soup.find_all(id=True) if other.name not in HEADINGS)
    taken = {*OUTSIDE, *elsewhere}
    found = []
    for heading in soup.find_all(HEADINGS, id=True):
        base = anchor = str(heading["id"])
        number = 1
        while anchor in taken:
            number += 1
            anchor = f"{base}-{number}"
        taken.add(anchor)
        heading["id"] = anchor
        permalink = heading.find("a", class_="heading-anchor")
        if permalink:
            permalink["href"] = f"#{anchor}"
        text = " ".join(
            part for part in heading.find_all(string=True) if not part.find_parent("a", class_="heading-anchor")
        )
        found.append({"level": int(heading.name[1]), "text": " ".join(text.split()), "anchor": anchor})
    return found


def structured_data(document: HelpDocument, soup: BeautifulSoup) -> dict[str, Any]:
    """schema.org's description of the page, without what the site and the tree decide: see HelpDocument.linked_data.

    https://schema.org/FAQPage, HowTo, TechArticle, CollectionPage.
    """
    description = document.summary or shortened(document.text)
    if document.kind == Kind.FAQ:
        answer = {"@type": "Answer", "text": document.text}
        question = {"@type": "Question", "name": document.title, "acceptedAnswer": answer}
        return {"@type": "FAQPage", "name": document.title, "description": description, "mainEntity": [question]}
    if document.kind == Kind.TUTORIAL:
        steps = [how_to_step(section) for section in soup.select("section.steps__step")]
        return {"@type": "HowTo", "name": document.title, "description": description, "step": steps}
    if document.kind == Kind.TOPIC:
        return {"@type": "CollectionPage", "name": document.title, "description": description}
    return {"@type": "TechArticle", "headline": document.title, "description": description}


def how_to_step(section: Tag) -> dict[str, str]:
    """A step of a tutorial; its address begins at the page's own."""
    heading = section.find("h2")
    anchor, name = (str(heading["id"]), heading.get_text(" ")) if isinstance(heading, Tag) else ("", "")
    text = " ".join(section.get_text(" ").split())
    name = " ".join(name.split())
    return {"@type": "HowToStep", "name": name, "text": text.removeprefix(name).strip() or name, "url": f"#{anchor}"}


def shortened(text: str) -> str:
    """The beginning of a text, cut at a word."""
    return textwrap.shorten(text, DESCRIPTION_LENGTH, placeholder="…")
