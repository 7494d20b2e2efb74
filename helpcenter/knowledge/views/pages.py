"""The front of the help center and its pages."""

from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.http import require_safe

from helpcenter.knowledge.models import HelpDocument
from helpcenter.knowledge.models.documents import Kind
from helpcenter.knowledge.readers import reader_of
from helpcenter.knowledge.services import printing, reading
from portal.core.http import PortalRequest
from portal.core.page_cache import cacheable


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """The front of the help center."""
    return cacheable(render(request, "knowledge/index.html", reading.front(reader_of(request))))


def readable(request: PortalRequest, path: str) -> HelpDocument:
    """The document at this address, if the reader may know of it. Raises Http404."""
    visitor = request.session.get("visitor", "")
    document = reading.document_at(f"/help/{path}/", user=request.user, visitor=visitor)
    if document is None or not (document.audience.is_public or document.audience.includes(reader_of(request))):
        raise Http404("No help page that the reader may know of has this address.")
    return document


@require_safe
def page(request: PortalRequest, path: str) -> HttpResponse:
    """A help page, served from its document."""
    document = readable(request, path)
    if document.kind == Kind.TOPIC:
        return topic(request, document)
    reader = reader_of(request)
    context = {
        "document": document,
        "neighbours": SimpleLazyObject(lambda: reading.surroundings(document, reader)),
        "readers": reader.sharing,
        "vote": document.vote,
    }
    return cacheable(render(request, "knowledge/page.html", context))


def topic(request: PortalRequest, document: HelpDocument) -> HttpResponse:
    """A topic with the pages below it."""
    number = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() and len(request.GET["page"]) < 6 else 1
    children, has_more = reading.children(document, reader_of(request), page=max(number, 1))
    shelves = reading.shelves(children)
    context = {"document": document, "shelves": shelves, "number": max(number, 1), "has_more": has_more}
    return cacheable(render(request, "knowledge/topic.html", context))


@require_safe
def pdf(request: PortalRequest, path: str) -> HttpResponse:
    """A help page as a PDF to keep or print."""
    document = readable(request, path)
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    if since is not None and int(document.updated_at.timestamp()) <= since:
        return HttpResponseNotModified()
    response = HttpResponse(printing.pdf_of(document), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{path.rpartition("/")[2]}.pdf"'
    response["Last-Modified"] = http_date(document.updated_at.timestamp())
    return response
