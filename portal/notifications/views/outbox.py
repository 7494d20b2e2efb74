"""Mail and SMS of a portal in development, as people would have got them."""

from uuid import UUID

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from portal.core.http import MemberRequest
from portal.notifications.models import OutboxMessage

PAGE_SIZE = 30
FRAMED = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


@login_required
@require_GET
def outbox(request: MemberRequest) -> HttpResponse:
    """All messages, the newest first; `q` finds part of an address or subject."""
    _require_staff(request)
    query = request.GET.get("q", "").strip()[:100]
    found = OutboxMessage.objects.order_by("-created_at", "-pk").defer("html", "headers")
    if query:
        found = found.filter(recipients__icontains=query) | found.filter(subject__icontains=query)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "query": query, "page_url": f"?{urlencode({'q': query})}&" if query else "?"}
    return render(request, "notifications/outbox.html", context)


@login_required
@require_GET
def message(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """One message: its HTML in a frame, its text, its headers."""
    _require_staff(request)
    context = {"message": get_object_or_404(OutboxMessage, public_id=public_id)}
    return render(request, "notifications/outbox_message.html", context)


@login_required
@require_GET
def html(request: MemberRequest, public_id: UUID) -> HttpResponseBase:
    """The HTML of one message, which may run nothing."""
    _require_staff(request)
    found = get_object_or_404(OutboxMessage, public_id=public_id)
    return csp_replace(FRAMED)(lambda _request: HttpResponse(found.html))(request)


def _require_staff(request: MemberRequest) -> None:
    """To others the outbox does not exist: it holds everybody's links to sign in."""
    if not request.user.is_staff:
        raise Http404
