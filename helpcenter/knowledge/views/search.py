"""Search of the help center: full results, suggestions while typing, and what was opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from helpcenter.knowledge.forms import ClickForm
from helpcenter.knowledge.models import Audience
from helpcenter.knowledge.models.documents import Kind
from helpcenter.knowledge.readers import reader_of
from helpcenter.knowledge.services import counting, searching, suggesting
from helpcenter.knowledge.services.facets import Facet
from helpcenter.knowledge.services.searching import Filters, SearchResults
from portal.core.http import PortalRequest
from portal.core.limits import limited_for_anonymous

ICONS = {
    Kind.TOPIC: "book-open",
    Kind.ARTICLE: "file-text",
    Kind.TUTORIAL: "graduation-cap",
    Kind.FAQ: "circle-help",
    Kind.TROUBLESHOOTING: "route",
}


def whole_number(text: str) -> int | None:
    """A positive number of at most nine digits; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def identifier(text: str) -> UUID | None:
    """An identifier; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; what it gets wrong is left out."""

    text: str
    filters: Filters
    page: int
    is_literal: bool
    search: UUID | None

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "Asked":
        """Read the parameters q, product, type, topic, page, literal and search (the search that is paged through)."""
        kind = params.get("type", "")
        filters = Filters(
            product=params.get("product", "")[:100].replace("\0", "") or None,
            kind=kind if kind in Kind.values else None,
            topic=whole_number(params.get("topic", "")),
        )
        page, literal = whole_number(params.get("page", "")), params.get("literal") == "1"
        return cls(params.get("q", "").strip(), filters, page or 1, literal, identifier(params.get("search", "")))

    def address(self, **changes: Any) -> str:
        """Address of this search with some parameters changed; None takes one away."""
        filters = {"product": self.filters.product, "type": self.filters.kind, "topic": self.filters.topic}
        params = {"q": self.text[:200], **filters, "literal": "1" if self.is_literal else None, **changes}
        return f"{reverse('help-search')}?{urlencode({name: value for name, value in params.items() if value})}"


@require_safe
@cache_control(private=True)
@limited_for_anonymous("search")
def results(request: PortalRequest) -> HttpResponse:
    """One page of results."""
    asked = Asked.of(request.GET)
    found = searching.search(
        asked.text,
        audience_ids=Audience.objects.readable_by(reader_of(request)),
        filters=asked.filters,
        page=asked.page,
        correcting=not asked.is_literal,
    )
    return render(request, "knowledge/search.html", context_of(asked, found, count(request, asked, found)))


def count(request: PortalRequest, asked: Asked, found: SearchResults) -> UUID | None:
    """Count the search, once for all its pages and filters; returns its id."""
    agent = request.headers.get("User-Agent", "")
    if asked.search or not counting.is_search(asked.text, page=asked.page, method=request.method, user_agent=agent):
        return asked.search
    event = counting.searched(
        query=asked.text,
        normalised=found.normalised,
        results=found.total,
        reader=reader_of(request).kind,
        is_filtered=asked.filters != Filters(),
        at=timezone.now(),
    )
    return event.pk


def context_of(asked: Asked, found: SearchResults, search: UUID | None) -> dict[str, Any]:
    """What the page shows."""
    paginator = Paginator(range(found.total), found.page_size)
    return {
        "asked": asked,
        "found": found,
        "search": search,
        "page": paginator.page(found.page),
        "pages": paginator.get_elided_page_range(found.page, on_each_side=2, on_ends=1),
        "page_url": f"{asked.address(search=search)}&",
        "facets": [{"label": facet.label, "choices": choices(asked, facet, search)} for facet in found.facets],
        "has_filters": asked.filters != Filters(),
        "everything_url": asked.address(product=None, type=None, topic=None, search=search),
        "literal_url": asked.address(literal="1"),
    }


def choices(asked: Asked, facet: Facet, search: UUID | None) -> list[dict[str, Any]]:
    """A facet's choices as links; the one in use takes itself away. Narrowing does not make another search."""
    return [
        {
            "label": option.label,
            "count": option.count,
            "active": option.is_chosen,
            "url": asked.address(**{facet.name: None if option.is_chosen else option.value}, search=search),
        }
        for option in facet.options
    ]


@require_safe
@cache_control(private=True)
@limited_for_anonymous("suggest")
def suggest(request: PortalRequest) -> HttpResponse:
    """The listbox below a search field: pages whose titles hold what was typed so far."""
    text = request.GET.get("q", "").strip()
    audience_ids = Audience.objects.readable_by(reader_of(request)) if text else []
    found = suggesting.suggest(text, audience_ids=audience_ids)
    items = [
        {"url": hit.url, "title": hit.title_html, "note": hit.topic, "icon": ICONS[Kind(hit.kind)]} for hit in found
    ]
    all_url = f"{reverse('help-search')}?{urlencode({'q': text[:200]})}"
    groups = [{"label": "", "items": items}] if items else []
    # Without the request: nothing of the shell is loaded for a list.
    return HttpResponse(
        render_to_string("components/suggestions.html", {"q": text, "groups": groups, "all_url": all_url})
    )


@require_POST
def click(request: PortalRequest) -> HttpResponse:
    """Count the first result that a reader opens of a search."""
    form = ClickForm(request.POST)
    audience_ids = Audience.objects.readable_by(reader_of(request))
    if not form.is_valid() or not counting.opened(**form.cleaned_data, audience_ids=audience_ids, at=timezone.now()):
        raise Http404("There is no such search.")
    return HttpResponse(status=204)
