"""The text of a template as HTML, with values in its merge fields: what people wrote in them is text, never markup.

Numbers of clauses are written out: they do not hang on a style sheet. The same values give the same bytes.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import nh3
from bs4 import BeautifulSoup, NavigableString, Tag
from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.text import slugify

from portal.contracts import numbering
from portal.core.merge_fields import merge

if TYPE_CHECKING:
    from portal.contracts.models import ContractTemplate

TAGS = frozenset({
    "a", "b", "br", "caption", "em", "h2", "h3", "h4", "i", "li", "ol", "p", "strong", "table", "tbody", "td", "th",
    "thead", "tr", "ul",
})  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "th": {"scope"}}
HEADINGS = ["h2", "h3", "h4"]
LONGEST_ID = 60


def sample(template: "ContractTemplate") -> str:
    """The text of a template with sample values, for those who write templates."""
    values = {field.name: field.sample or f"[{field.label}]" for field in template.known_fields}
    return article(template, values=values, title=template.name, number="")


def article(
    template: "ContractTemplate", *, values: Mapping[str, str], title: str, number: str, annex: str = ""
) -> str:
    """The text of a template with these values; `annex` is HTML of a page of its own, last and as it is."""
    pages, last = [_soup(page) for page in _pages(template.body)], [_soup(annex)] if annex else []
    numbering.number(pages)
    _name_headings([*pages, *last])
    for page in pages:
        _fill(page, values)
    return _whole([*pages, *last], title=title, number=number).decode(formatter="minimal") + "\n"


def _whole(pages: Iterable[BeautifulSoup], *, title: str, number: str) -> Tag:
    """One element of a head and the pages."""
    whole = _element("article", {"class": "contract-text", "lang": settings.LANGUAGE_CODE})
    head = _element("header", {"class": "contract-head"})
    for words in filter(None, (title, number)):
        line = _element("p", {})
        line.append(NavigableString(words))
        head.append(line)
    whole.append(head)
    for count, page in enumerate(pages, 1):
        section = _element("section", {"class": "contract-page", "id": f"page-{count}"})
        section.extend(list(page.contents))
        whole.append(section)
    return whole


def _element(name: str, attributes: dict[str, str]) -> Tag:
    return Tag(name=name, attrs=dict(attributes))


def shown(html: str) -> SafeString:
    """What this module made, for a page."""
    return SafeString(html)


def texts_of(body: Iterable[Any]) -> list[str]:
    """Each piece of running text, as merge fields in it are looked for."""
    return [str(text) for page in _pages(body) for text in _soup(page).find_all(string=True)]


def _pages(body: Iterable[Any]) -> list[str]:
    """The HTML of the blocks, cut where editors break pages; no page is empty but that of an empty text."""
    pages = [""]
    for block in body:
        if block.block_type == "page_break":
            pages.append("")
        else:
            pages[-1] += block.render()
    return [page for page in pages if page.strip()] or [""]


def _soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(_cleaner().clean(html), "html.parser")


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS),
        attributes={name: set(own) for name, own in ATTRIBUTES.items()},
        link_rel="noopener noreferrer",
        url_schemes={"http", "https", "mailto"},
    )


def _name_headings(pages: Iterable[BeautifulSoup]) -> None:
    """Give each heading an id of its own, after its words as they stand in the template."""
    taken: set[str] = set()
    for heading in (found for page in pages for found in page.find_all(HEADINGS)):
        name = f"s-{slugify(heading.get_text())[:LONGEST_ID]}".strip("-")
        count = 1
        while (own := name if count == 1 else f"{name}-{count}") in taken:
            count += 1
        taken.add(own)
        heading["id"] = own


def _fill(page: BeautifulSoup, values: Mapping[str, str]) -> None:
    """Fill merge fields in running text alone: none within an attribute is ever filled."""
    for text in list(page.find_all(string=True)):
        filled = merge(str(text), values)
        if filled != text:
            _write(text, filled.splitlines(), page)


def _write(text: NavigableString, lines: list[str], page: BeautifulSoup) -> None:
    """Put lines where the text stood, with breaks between them."""
    parts: list[NavigableString | Tag] = []
    for line in lines:
        parts += [page.new_tag("br"), NavigableString(line)] if parts else [NavigableString(line)]
    text.replace_with(*parts)
