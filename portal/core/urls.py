"""Addresses for machines that watch over the portal."""

from django.urls import path

from portal.core import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
