"""Which help pages name which others, and which of those names their readers may see."""

from collections.abc import Collection, Sequence

from bs4 import BeautifulSoup, Tag
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import Page, ReferenceIndex

from helpcenter.knowledge.models import Audience, HelpDocument, HelpPage, rendering
from helpcenter.knowledge.services import placement


def around(page_ids: Collection[int]) -> set[int]:
    """Pages whose text refers to any of these, and those of these that refer to other pages."""
    page_type = ContentType.objects.get_for_model(Page)
    keys = [str(pk) for pk in page_ids]
    found = ReferenceIndex.objects.filter(
        Q(to_object_id__in=keys) | Q(object_id__in=keys), base_content_type=page_type, to_content_type=page_type
    )
    return {int(pk) for pk in found.values_list("object_id", flat=True)}


def prune(documents: Sequence[HelpDocument]) -> None:
    """Drop elements marked with the id of a page that not every reader of the document may read."""
    marked = [(d, BeautifulSoup(d.body_html, "html.parser")) for d in documents if "data-page" in d.body_html]
    named = {named_by(element) for _, soup in marked for element in soup.select("[data-page]")}
    live = HelpPage.objects.filter(pk__in=named, live=True).values_list("pk", flat=True)
    places = placement.places_of(live) if named else {}
    audiences = {pk: Audience(rule=place.rule) for pk, place in places.items()}
    for document, soup in marked:
        for element in soup.select("[data-page]"):
            audience = audiences.get(named_by(element))
            if audience is None or not audience.contains(document.audience):
                drop(element)
        rendering.fill(document, soup)


def drop(element: Tag) -> None:
    """Remove an element, and the list around it once nothing is left in it."""
    around = element.find_parent("nav")
    element.decompose()
    if around and not around.select_one("[data-page]"):
        around.decompose()


def named_by(element: Tag) -> int:
    """Id of the page that an element names."""
    return int(str(element["data-page"]))
