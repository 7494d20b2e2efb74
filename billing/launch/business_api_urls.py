"""Addresses of opening products, below /api/business/v1/."""

from django.urls import path

from billing.launch import business_api

urlpatterns = [path("products/<slug:slug>/launch/", business_api.LaunchView.as_view(), name="api-product-launch")]
