"""Addresses of invoices; a number may have slashes, as staff choose its format."""

from django.urls import path

from billing.invoicing import views

urlpatterns = [
    path("customer/billing/invoices/", views.invoices, name="invoices"),
    path("customer/billing/statement/", views.statement, name="statement"),
    path("customer/billing/invoices/<path:number>.pdf", views.invoice_pdf, name="invoice-pdf"),
    path("customer/billing/invoices/<path:number>/", views.invoice, name="invoice"),
    path("customer/billing/credit-notes/<path:number>.pdf", views.credit_note_pdf, name="credit-note-pdf"),
]
