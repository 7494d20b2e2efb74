"""Addresses of accounts, beside those of django-allauth."""

from django.urls import path

from portal.accounts import views

urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("desks/switch/", views.switch_desk, name="switch-desk"),
]
