"""Addresses of the API of what contracts charge, below /api/."""

from django.urls import path

from portal.contracts import charge_api

urlpatterns = [
    path("admin/contracts/<uuid:contract_id>/line-items/", charge_api.LineItems.as_view(), name="api-line-items"),
    path(
        "admin/contracts/<uuid:contract_id>/enable-billing/",
        charge_api.EnableBilling.as_view(),
        name="api-enable-billing",
    ),
]
