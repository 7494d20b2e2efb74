"""Says for whom each request acts."""

from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
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
        request.desk = desk
        request.membership = desk.membership if desk else None
        request.company = desk.company if desk else None
        if desk and not named and sit_at(request, desk) and is_about_desk(request):
            raise PermissionDenied
        if request.membership:
            note_visit(request.membership)
        return self.get_response(request)


def sit_at(request: HttpRequest, desk: desks.Desk) -> bool:
    """Let the person act at this desk from now on; tell whether it was another before.

    Forms that other tabs opened at that one are refused from the next request on: they would be carried out here.
    """
    before = request.session.get(SESSION_KEY)
    if before == desk.key:
        return False
    request.session[SESSION_KEY] = desk.key
    if before is not None:
        rotate_token(request)
    return before is not None


def is_about_desk(request: HttpRequest) -> bool:
    """Whether something is sent that concerns the desk; what lies under accounts/ concerns the person alone."""
    return request.method not in {"GET", "HEAD", "OPTIONS"} and not request.path.startswith("/accounts/")


def act_for(request: HttpRequest, company: Company) -> None:
    """Let the person act for one of their companies from now on. Raises Http404 when it is none of theirs."""
    desk = desks.find(request.user, f"{desks.Kind.COMPANY}:{company.slug}") if request.user.is_authenticated else None
    if desk is None:
        raise Http404
    sit_at(request, desk)
