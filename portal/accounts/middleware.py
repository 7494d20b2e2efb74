"""Says for whom each request acts."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portal.accounts import desks
from portal.accounts.acting import COMPANY_HEADER, desk_at, note_visit
from portal.accounts.models import Company
from portal.core.api import problem
from portal.core.http import PortalRequest

SESSION_KEY = "desk"


class DeskMiddleware:
    """Adds `desk`, `membership` and `company` to the request, from the session's choice; None for the anonymous."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        desk, named = None, request.headers.get(COMPANY_HEADER) if request.path.startswith("/api/") else None
        if request.user.is_authenticated and named:
            desk = desk_at(request.user, named)
            if desk is None:
                return problem(status=HTTPStatus.NOT_FOUND, detail=_("There is no such company."), code="not_found")
        elif request.user.is_authenticated:
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
