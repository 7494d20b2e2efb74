"""Addresses of the style guide."""

from django.urls import path

from home.styleguide import views

urlpatterns = [
    path("", views.section, {"name": "foundations"}, name="styleguide"),
    path("<slug:name>/", views.section, name="styleguide-section"),
]
