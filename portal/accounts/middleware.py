"""Says for whom each request acts."""

from collections.abc import Callable
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from portal.accounts import desks
from portal.accounts.models import Company, Membership
from portal.accounts.services import members
from portal.core.http import PortalRequest

SESSION_KEY = "desk"
# How exactly it is known when a member was last here.
SEEN_EVERY = timedelta(minutes=15)


class DeskMiddleware:
    """Adds `desk`, `membership` and `company` to the request, from the session's choice; None for the anonymous."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        desk = None
        if request.user.is_authenticated:
            desk = desks.desk_in_use(request.user, request.session.get(SESSION_KEY))
            if desk and request.session.get(SESSION_KEY) != desk.key:
                request.session[SESSION_KEY] = desk.key
        request.desk = desk
        request.membership = desk.membership if desk else None
        request.company = desk.company if desk else None
        if request.membership:
            note_visit(request.membership)
        return self.get_response(request)


def act_for(request: HttpRequest, company: Company) -> None:
    """Let the person act for one of their companies from now on. Raises Http404 when it is none of theirs."""
    desk = desks.find(request.user, f"{desks.Kind.COMPANY}:{company.slug}") if request.user.is_authenticated else None
    if desk is None:
        raise Http404
    request.session[SESSION_KEY] = desk.key


def note_visit(membership: Membership) -> None:
    """Write down that a member is here, unless that was done a moment ago."""
    now = timezone.now()
    if membership.last_seen_at is None or membership.last_seen_at < now - SEEN_EVERY:
        members.seen(membership=membership, at=now)
