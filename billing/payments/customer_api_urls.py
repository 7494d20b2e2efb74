"""Addresses of billing's API, below /api/customer/."""

from django.urls import path

from billing.payments.summary_api import CustomerBilling

urlpatterns = [path("billing/", CustomerBilling.as_view(), name="api-customer-billing")]
