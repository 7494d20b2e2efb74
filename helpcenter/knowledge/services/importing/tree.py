"""Pages made and moved so that the tree of pages is that of the folder."""

from collections.abc import Iterable
from typing import Any

from django.utils.text import slugify
from wagtail.coreutils import string_to_ascii
from wagtail.models import Page

from helpcenter.knowledge.markdown.document import slug_source
from helpcenter.knowledge.models import HelpPage
from helpcenter.knowledge.services.importing import rows
from helpcenter.knowledge.services.importing.filling import model_of
from helpcenter.knowledge.services.importing.planning import Entry, source_of
from helpcenter.knowledge.services.importing.sources import parent_of

LONGEST_SLUG = 200


class Tree:
    """The page for every path, as pages are made."""

    def __init__(self, target: Page, entries: Iterable[Entry]) -> None:
        self.target = target
        self.keys: dict[str, int] = {entry.document.path: entry.page_id for entry in entries if entry.page_id}
        self._slugs: dict[int, set[str]] = {}
        self._fresh: dict[int, HelpPage] = {}

    def place(self, entry: Entry) -> None:
        """Make the page of an entry, not live and without text, or move it to where its file has moved."""
        parent = self._parent(entry.document.path)
        if entry.page_id is None:
            page = model_of(entry.document)(title=entry.document.meta.title)
            page.slug = self._free_slug(parent, slug_for(entry))
            page.source = source_of(self.target.pk, entry.document.path)
            rows.add_last(parent, page)
            entry.page_id = self.keys[entry.document.path] = page.pk
            self._fresh[page.pk] = page
        elif entry.moved or entry.document.meta.slug:
            self._move(entry, parent)

    def page_of(self, entry: Entry) -> Any:
        """The page of an entry: as it was made just now, or as it is kept."""
        key = entry.page_id or 0
        return self._fresh.pop(key, None) or HelpPage.objects.get(pk=key).specific

    def _parent(self, path: str) -> Page:
        place = parent_of(path)
        while place and place not in self.keys:
            place = parent_of(place)
        return Page.objects.get(pk=self.keys[place]) if place else Page.objects.get(pk=self.target.pk)

    def _move(self, entry: Entry, parent: Page) -> None:
        """Move a page; Wagtail keeps a redirect from where it was. Readers get the new address with the move."""
        page = HelpPage.objects.get(pk=entry.page_id).specific
        slug = slug_for(entry)
        is_elsewhere = entry.moved and page.get_parent().pk != parent.pk
        if page.slug != slug or (is_elsewhere and slug in self._siblings(parent)):
            page.slug = self._free_slug(parent if is_elsewhere else page.get_parent(), slug)
        page.source = source_of(self.target.pk, entry.document.path)
        page.save(clean=False)
        if is_elsewhere:
            page.move(parent, pos="last-child")

    def _siblings(self, parent: Page) -> set[str]:
        if parent.pk not in self._slugs:
            self._slugs[parent.pk] = set(Page.objects.child_of(parent).values_list("slug", flat=True))
        return self._slugs[parent.pk]

    def _free_slug(self, parent: Page, slug: str) -> str:
        taken = self._siblings(parent)
        free, number = slug, 1
        while free in taken:
            number += 1
            free = f"{slug}-{number}"
        taken.add(free)
        return free


def slug_for(entry: Entry) -> str:
    """The slug that a source asks for, in letters that every address may have."""
    asked = slugify(string_to_ascii(slug_source(entry.document))) or slugify(string_to_ascii(entry.document.meta.title))
    return (asked or "page")[:LONGEST_SLUG].strip("-_") or "page"
