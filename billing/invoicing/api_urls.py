"""Addresses of the invoicing API, below /api/business/v1/."""

from django.urls import path

from billing.invoicing import api

urlpatterns = [
    path("invoices/", api.InvoiceList.as_view(), name="api-invoices"),
    path("invoices/<path:number>/", api.InvoiceDetail.as_view(), name="api-invoice"),
]
