"""The front of the help center and its pages."""

from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.http import require_safe

from helpcenter.knowledge.models import HelpDocument
from helpcenter.knowledge.models.documents import Kind
from helpcenter.knowledge.readers import reader_of
from helpcenter.knowledge.services import reading
from portal.core.http import PortalRequest
from portal.core.page_cache import cacheable
from portal.core.reader_cache import kept_for_reader
from portal.core.shared_pages import Sharing


def kept(request: PortalRequest, response: HttpResponse, document: HelpDocument | None = None) -> HttpResponse:
    """The response, to be kept: for everyone where nobody is signed in, else for this reader and those like them.

    Who voted on a page sees it otherwise than those who did not.
    """
    if not request.user.is_authenticated:
        return cacheable(response)
    subject, voted = (document.pk, frozenset(document.voted)) if document else (None, None)
    return kept_for_reader(response, Sharing(readers=reader_of(request).sharing, subject=subject, apart=voted))


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """The front of the help center."""
    found = reading.front(reader_of(request), page=page_number(request))
    if found is None:
        raise Http404("The help center has fewer pages of topics.")
    return kept(request, render(request, "knowledge/index.html", found))


def page_number(request: PortalRequest) -> int:
    """The page of a list that is asked for; the first where the address names none. Raises Http404."""
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 6 and int(asked)):
        raise Http404("This is no number of a page.")
    return int(asked)


def readable(request: PortalRequest, path: str) -> HelpDocument:
    """The document at this address, if the reader may know of it. Raises Http404."""
    document = reading.document_at(f"/help/{path}/", user=request.user)
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
    return kept(request, render(request, "knowledge/page.html", context), document)


def topic(request: PortalRequest, document: HelpDocument) -> HttpResponse:
    """A topic with the pages below it."""
    number = page_number(request)
    children = reading.children(document, reader_of(request), page=number)
    if children is None:
        raise Http404("The topic has fewer pages.")
    context = {"document": document, "shelf": children, "shelves": reading.shelves(children), "number": number}
    return kept(request, render(request, "knowledge/topic.html", context), document)


@require_safe
def pdf(request: PortalRequest, path: str) -> HttpResponse:
    """A help page as a PDF to keep or print."""
    from helpcenter.knowledge.services import printing

    document = readable(request, path)
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    if since is not None and int(document.updated_at.timestamp()) <= since:
        return HttpResponseNotModified()
    response = HttpResponse(printing.pdf_of(document, request=request), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{path.rpartition("/")[2]}.pdf"'
    response["Last-Modified"] = http_date(document.updated_at.timestamp())
    patch_cache_control(response, no_cache=True, **({} if document.audience.is_public else {"private": True}))
    return cacheable(response)
