"""Files that the browser asks for by fixed names: accent colours, manifest, service worker, offline page."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from home import brand
from home.context_processors import brand_of

YEAR = 365 * 24 * 3600
ICONS = [
    ("brand/icon.svg", "any", "image/svg+xml", "any"),
    ("brand/icon-192.png", "192x192", "image/png", "any"),
    ("brand/icon-512.png", "512x512", "image/png", "any"),
    ("brand/icon-maskable-512.png", "512x512", "image/png", "maskable"),
]


@require_safe
@cache_control(public=True, immutable=True, max_age=YEAR)
def accent(request: HttpRequest, color: str) -> HttpResponse:
    """The accent tokens for one colour; they depend on the address alone, so nothing of a company shows."""
    return HttpResponse(brand.accent_tokens(f"#{color.lower()}"), content_type="text/css; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """What an installed portal is called and looks like (W3C Web Application Manifest)."""
    name = brand_of(request)["name"]
    icons = [{"src": static(path), "sizes": size, "type": kind, "purpose": use} for path, size, kind, use in ICONS]
    shown = {"name": name, "short_name": name, "start_url": "/dashboard/", "scope": "/", "display": "standalone"}
    colors = {"background_color": "#ffffff", "theme_color": "#f9fafb"}
    return JsonResponse({"id": "/", **shown, **colors, "icons": icons}, content_type="application/manifest+json")


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponseBase:
    """The service worker, from the top, so that it serves the whole portal."""
    path = finders.find("js/service-worker.js")
    if path is None:
        raise Http404
    return FileResponse(Path(path).open("rb"), content_type="text/javascript; charset=utf-8")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page that stands in for any other without a connection."""
    return render(None, "offline.html")
