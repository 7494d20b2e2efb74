"""The API, and its description; drf-spectacular walks exactly these addresses."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

urlpatterns = [
    path("api/customer/", include("portal.notifications.api_urls")),
    path("api/customer/", include("billing.payments.customer_api_urls")),
    path("", include("portal.approvals.api_urls")),
    path("", include("portal.accounts.api_urls")),
    path("api/", include("portal.teams.api_urls")),
    path("api/", include("portal.contracts.charge_api_urls")),
    path("api/customer/", include("portal.projects.api_urls")),
    path("api/customer/", include("portal.contracts.api_urls")),
    path("api/business/v1/", include("billing.catalog.api_urls")),
    path("api/", include("billing.usage.api_urls")),
    path("api/business/v1/", include("billing.launch.business_api_urls")),
    path("api/business/v1/", include("billing.payments.api_urls")),
    path("api/business/v1/", include("billing.subscriptions.api_urls")),
    path("api/business/v1/", include("billing.invoicing.api_urls")),
    path("api/product/v1/", include("billing.launch.api_urls")),
    path("api/help/v1/", include("helpcenter.knowledge.api_urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="api-schema"), name="api-docs"),
]
