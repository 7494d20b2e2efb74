"""Builds the document that readers are served from a version of a page."""

import math
import re
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone

from helpcenter.knowledge.models.documents import HelpDocument, Kind

if TYPE_CHECKING:
    from helpcenter.knowledge.models.pages import HelpPage

# Silent reading of English text: Brysbaert 2019, 238 words a minute for non-fiction.
WORDS_A_MINUTE = 238
SPRITE = "icons/sprite.svg"


def document_of(page: "HelpPage") -> HelpDocument:
    """Render a version of a page; path, audience, topic and breadcrumbs are the publisher's to add."""
    html: str = render_to_string("knowledge/body.html", {"page": page, **page.body_context()})
    # Hashed names change with each release, stored bodies do not.
    html = html.replace(static(SPRITE), settings.STATIC_URL + SPRITE)
    soup = BeautifulSoup(html, "html.parser")
    document = HelpDocument(
        page_id=page.pk,
        kind=page.kind,
        title=page.title,
        summary=page.summary,
        keywords=page.keywords,
        product=page.product,
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
    document.structured_data = structured_data(document)


def reading_minutes(text: str) -> int:
    """Minutes that an adult needs to read the text, at least one."""
    return max(1, math.ceil(len(re.findall(r"\w+", text)) / WORDS_A_MINUTE))


def number_anchors(soup: BeautifulSoup) -> list[dict[str, Any]]:
    """Make the anchors of headings unique within the page, and list them: [{level, text, anchor}]."""
    taken: set[str] = set()
    found = []
    for heading in soup.find_all(["h2", "h3", "h4"], id=True):
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


def structured_data(document: HelpDocument) -> dict[str, Any]:
    """schema.org's description of the page (https://schema.org/FAQPage, HowTo, TechArticle), without addresses."""
    if document.kind == Kind.FAQ:
        answer = {"@type": "Answer", "text": document.text}
        question = {"@type": "Question", "name": document.title, "acceptedAnswer": answer}
        return {"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": [question]}
    data: dict[str, Any] = {"@context": "https://schema.org", "@type": "TechArticle", "headline": document.title}
    if document.kind == Kind.TUTORIAL:
        steps = [{"@type": "HowToStep", "name": h["text"], "url": f"#{h['anchor']}"} for h in document.toc]
        data = {"@context": "https://schema.org", "@type": "HowTo", "name": document.title, "step": steps}
    return {**data, "description": document.summary}
