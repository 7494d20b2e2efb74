"""Whether somebody sees products as a grid or as a list: remembered in the browser, also without JavaScript."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

GRID, LIST = "grid", "list"
PARAMETER = "view"
COOKIE = "products-view"
KEPT_SECONDS = 365 * 24 * 3600


def chosen(request: HttpRequest) -> str:
    """What the address asks for, else what was chosen last, else a grid."""
    asked = request.GET.get(PARAMETER) or request.COOKIES.get(COOKIE)
    return LIST if asked == LIST else GRID


def remember(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the browser keep what the address asks for."""
    if request.GET.get(PARAMETER) in (GRID, LIST):
        response.set_cookie(
            COOKIE,
            request.GET[PARAMETER],
            max_age=KEPT_SECONDS,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


def segments(request: HttpRequest, look: str) -> list[dict[str, object]]:
    """The choice as components/segments.html takes it; what else the address asks for stays."""
    return choices(look, request.GET.dict())


def choices(look: str, kept: Mapping[str, str]) -> list[dict[str, object]]:
    """The same where only `kept` stays of the address."""
    known = ((GRID, _("Grid"), "layout-grid"), (LIST, _("List"), "list"))
    return [
        {"label": label, "url": f"?{urlencode({**kept, PARAMETER: value})}", "active": value == look, "icon": icon}
        for value, label, icon in known
    ]
