"""Addresses of the API of use, below /api/."""

from django.urls import path

from billing.usage.api.events import Events

urlpatterns = [path("usage/v1/events/", Events.as_view(), name="api-usage-events")]
