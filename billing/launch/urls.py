"""Addresses of products."""

from django.urls import path

from billing.launch.views import products

PLACE = "customer/products"
ONE = f"{PLACE}/<slug:slug>"

urlpatterns = [
    path(f"{PLACE}/", products.index, name="products"),
    path(f"{ONE}/", products.product, name="product"),
    path(f"{ONE}/settings/", products.product_settings, name="product-settings"),
]
