"""Error pages in the theme; to the API the same as problem+json."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.core.api import problem


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The request is malformed or too large; the page asks nothing of it, not even its host."""
    if is_api(request):
        return problem(status=400, detail="The request cannot be read.", code="bad_request")
    return render(None, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """You are signed in, but this is not for you."""
    if is_api(request):
        return problem(status=403, detail="This is for people with other rights.", code="permission_denied")
    return render(request, "403.html", status=403)


def without_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without the token that ties it to its browser (settings.CSRF_FAILURE_VIEW)."""
    if is_api(request):
        return problem(status=403, detail=reason, code="csrf_failed")
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page, or it is not yours to see."""
    if is_api(request):
        return problem(status=404, detail="There is nothing at this address.", code="not_found")
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke; the page needs neither database nor cache."""
    if is_api(request):
        return problem(
            status=500, detail="Something went wrong on our side. It has been recorded.", code="server_error"
        )
    return render(None, "500.html", status=500)


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks, which wants no page."""
    return request.path.startswith("/api/")
