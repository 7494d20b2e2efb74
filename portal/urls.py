"""The roof: which app answers which address."""

from pathlib import Path

from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.documents.views.serve import serve as serve_document

from portal.core.ranges import in_parts

urlpatterns = [
    path("", include("portal.core.urls")),
    path("", include("portal.accounts.urls")),
    path("", include("portal.notifications.urls")),
    path("", include("portal.approvals.urls")),
    path("", include("portal.teams.urls")),
    path("", include("portal.projects.urls")),
    path("", include("portal.contracts.urls")),
    path("", include("billing.catalog.urls")),
    path("", include("billing.usage.urls")),
    path("", include("billing.subscriptions.urls")),
    path("", include("billing.launch.urls")),
    path("", include("billing.payments.urls")),
    path("", include("billing.invoicing.urls")),
    path("", include("helpcenter.knowledge.urls")),
    path("", include("home.urls")),
    path("", include("portal.api_urls")),
    path("accounts/", include("allauth.account.urls")),
    # Wagtail's own sign-in counts no failures, tells of no new device and asks for no code.
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/", include(wagtailadmin_urls)),
    # Before Wagtail's own: films are played in parts.
    path("documents/<int:document_id>/<path:document_filename>", in_parts(serve_document)),
    path("documents/", include(wagtaildocs_urls)),
    # Of the media folder images alone: the folder is the root, so that no address climbs to documents and originals.
    path("media/images/<path:path>", serve, {"document_root": Path(settings.MEDIA_ROOT) / "images"}, name="media"),
    path("", include(wagtail_urls)),
]
handler400 = "home.views.errors.bad_request"
handler403 = "home.views.errors.forbidden"
handler404 = "home.views.errors.not_found"
handler500 = "home.views.errors.server_error"
