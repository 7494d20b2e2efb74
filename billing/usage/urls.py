"""Addresses of use."""

from django.urls import path

from billing.usage import views

PLACE = "customer/usage"

urlpatterns = [
    path(f"{PLACE}/", views.index, name="usage"),
    path(f"{PLACE}/parts/<slug:name>/", views.part, name="usage-part"),
    path(f"{PLACE}/file.<slug:kind>", views.file, name="usage-file"),
]
