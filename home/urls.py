"""Addresses of dashboards and of what the browser asks for by fixed names."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path

from home.views import appearance, dashboards
from portal.accounts.desks import HOME_URLS

urlpatterns: list[URLPattern | URLResolver] = [
    path(url.removeprefix("/"), dashboards.dashboard, {"kind": kind.value}, name=f"{kind}-dashboard")
    for kind, url in HOME_URLS.items()
]
urlpatterns += [
    path("dashboard/live/", dashboards.live, name="dashboard-live"),
    path("dashboard/remember/", dashboards.remember, name="dashboard-remember"),
    re_path(r"^brand/accent-(?P<color>[0-9a-fA-F]{6})\.css$", appearance.accent, name="brand-accent"),
    path("manifest.webmanifest", appearance.manifest, name="manifest"),
    path("service-worker.js", appearance.service_worker, name="service-worker"),
    path("offline/", appearance.offline, name="offline"),
]
if settings.DEVELOPMENT:
    urlpatterns += [path("styleguide/", include("home.styleguide.urls"))]
