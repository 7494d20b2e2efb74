"""Addresses of the API for products, below /api/product/v1/."""

from django.urls import path

from billing.launch import api

urlpatterns = [
    path("activity/", api.Activity.as_view(), name="api-product-activity"),
    path("statistics/", api.Statistics.as_view(), name="api-product-statistics"),
    path("synchronisation/", api.Synchronisation.as_view(), name="api-product-synchronisation"),
    path("settings/", api.Settings.as_view(), name="api-product-settings"),
]
