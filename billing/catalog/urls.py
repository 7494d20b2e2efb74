"""Addresses of the catalog."""

from django.urls import path

from billing.catalog import views

urlpatterns = [path("customer/plans/", views.plans, name="plans")]
