"""Says for whom each request acts."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal.accounts import desks
from portal.core.http import PortalRequest

SESSION_KEY = "desk"


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
        return self.get_response(request)
