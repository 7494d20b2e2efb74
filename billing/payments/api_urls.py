"""Addresses of the payments API, below /api/business/v1/; before those of invoices, whose numbers may have slashes."""

from django.urls import path

from billing.payments import api

urlpatterns = [
    path("invoices/<path:number>/pay/", api.PayInvoice.as_view(), name="api-invoice-pay"),
    path("payments/", api.PaymentList.as_view(), name="api-payments"),
    path("payments/<uuid:payment_id>/", api.PaymentDetail.as_view(), name="api-payment"),
    path("payment-methods/", api.PaymentMethodList.as_view(), name="api-payment-methods"),
    path("payment-methods/<uuid:method_id>/", api.PaymentMethodDetail.as_view(), name="api-payment-method"),
    path("payment-methods/<uuid:method_id>/default/", api.DefaultMethod.as_view(), name="api-payment-method-default"),
]
