"""Addresses of products, below /api/business/v1/."""

from django.urls import path

from billing.launch import business_api

urlpatterns = [
    path("products/", business_api.ProductList.as_view(), name="api-products"),
    path("products/<slug:slug>/launch/", business_api.LaunchView.as_view(), name="api-product-launch"),
]
