"""Adds many pages below one, as the tree and Wagtail keep them."""

from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F
from treebeard.mp_tree import MP_Node
from wagtail.models import Page

from helpcenter.knowledge.models import HelpPage
from home.demo.scale import tables
from home.demo.scale.tables import Row


def add(kind: type[HelpPage], parent: Page, rows: Sequence[Row]) -> list[Page]:
    """Add live help pages as the last children of a page; rows hold fields of Page, HelpPage and the kind by name."""
    last = Page.objects.filter(depth=parent.depth + 1, path__startswith=parent.path).order_by("path").last()
    first = 1 + (Page._str2int(last.path[-MP_Node.steplen :]) if last else 0)
    content_type = ContentType.objects.get_for_model(kind)
    pages = [place(row, parent, first + number, content_type) for number, row in enumerate(rows)]
    Page.objects.bulk_create(pages)
    Page.objects.filter(pk=parent.pk).update(numchild=F("numchild") + len(pages))
    tables.insert(HelpPage, [{**row, "page_ptr_id": page.pk} for row, page in zip(rows, pages, strict=True)])
    tables.insert(kind, [{**row, "helppage_ptr_id": page.pk} for row, page in zip(rows, pages, strict=True)])
    return pages


def place(row: Row, parent: Page, position: int, content_type: ContentType) -> Page:
    """The page's own row, at its position below the parent."""
    base: dict[str, Any] = {name: row[name] for name in ("title", "slug", "first_published_at", "last_published_at")}
    return Page(
        **base,
        draft_title=row["title"],
        path=Page._get_path(parent.path, parent.depth + 1, position),
        depth=parent.depth + 1,
        url_path=f"{parent.url_path}{row['slug']}/",
        content_type=content_type,
        locale_id=parent.locale_id,
    )
