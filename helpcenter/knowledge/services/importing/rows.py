"""Rows of pages that nobody has seen yet.

treebeard's `add_child` and Wagtail's `save` ask dozens of questions for each page whose answers an import knows, and
index a page before it has a text. The rows are the same, as `fixtree` proves.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from wagtail.models import Locale, Page

# Kept by the tree: pages that were added below have changed them since.
TREE = {"path", "depth", "numchild"}


def add_last(parent: Page, page: Any) -> None:
    """Insert a page that is not live as the last child; `page` has its title and its own slug, and no relations."""
    last = Page.objects.child_of(parent).order_by("path").values_list("path", flat=True).last()
    step = Page._str2int(last[-Page.steplen :]) if last else 0
    page.depth = parent.depth + 1
    page.path = Page._get_path(parent.path, page.depth, step + 1)
    page.numchild = 0
    page.url_path = f"{parent.url_path}{page.slug}/"
    page.draft_title = page.title
    page.live = False
    page.has_unpublished_changes = True
    page.locale = Locale.get_default()
    page.content_type = ContentType.objects.get_for_model(type(page))
    _insert(page)
    Page.objects.filter(pk=parent.pk).update(numchild=F("numchild") + 1)


def _insert(page: Any) -> None:
    """A row in the table of each class, the topmost first, without signals."""
    key = None
    for model in _classes(page):
        if key is not None:
            setattr(page, model._meta.pk.attname, key)
        row = _row(model, page)
        row.save_base(raw=True, force_insert=True)
        key = row.pk
        setattr(page, model._meta.pk.attname, key)
    page._state.adding = False
    page._state.db = "default"


def update(page: Any) -> None:
    """Save a page that was inserted here and has no related rows yet, without signals."""
    for model in _classes(page):
        fields = [
            field.name for field in model._meta.local_concrete_fields if field.name not in TREE | {model._meta.pk.name}
        ]
        if fields:
            _row(model, page).save_base(raw=True, force_update=True, update_fields=fields)
    for name in _relations(type(page)):
        if page._cluster_related_objects.get(name):
            getattr(page, name).commit()


def _classes(page: Any) -> list[Any]:
    lineage: list[Any] = [model for model in reversed(type(page).__mro__) if issubclass(model, Page)]
    return [model for model in lineage if not model._meta.abstract]


def _row(model: Any, page: Any) -> Any:
    return model(**{field.attname: getattr(page, field.attname) for field in model._meta.concrete_fields})


def _relations(model: Any) -> Iterator[str]:
    yield from (relation.get_accessor_name() for relation in get_all_child_relations(model))
    yield from (field.name for field in get_all_child_m2m_relations(model))
