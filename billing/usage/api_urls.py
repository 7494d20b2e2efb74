"""Addresses of the API of use, below /api/."""

from django.urls import path

from billing.usage.api.events import Events
from billing.usage.api.figures import FigureList

urlpatterns = [
    path("usage/v1/events/", Events.as_view(), name="api-usage-events"),
    path("business/v1/usage/", FigureList.as_view(), name="api-usage"),
]
