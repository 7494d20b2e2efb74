"""Health, for machines."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.services import health


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; it asks nobody else, so a broken database does not restart web servers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Say of database, cache and worker whether each does its work; 503 when one does not."""
    parts = health.readiness(at=timezone.now())
    return JsonResponse(parts, status=200 if set(parts.values()) == {health.OK} else 503)
