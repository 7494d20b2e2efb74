"""Addresses of the catalog's API, below /api/business/v1/."""

from django.urls import path

from billing.catalog import api

urlpatterns = [path("plans/", api.PlanList.as_view(), name="api-plans")]
