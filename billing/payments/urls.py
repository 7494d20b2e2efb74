"""Addresses of the billing center, of pay links and of webhooks; a number of an invoice may have slashes."""

from django.urls import path

from billing.payments.views import center, links, paying, sandbox
from billing.payments.views.webhooks import GatewayWebhookView

CENTER = "customer/billing"
METHODS = f"{CENTER}/payment-methods"
HOOKS = ("stripe", "wave", "mpesa", "sandbox")

urlpatterns = [
    path(f"{CENTER}/", center.overview, name="billing"),
    path(f"{CENTER}/settings/", center.billing_settings, name="billing-settings"),
    path(f"{METHODS}/", center.payment_methods, name="payment-methods"),
    path(f"{METHODS}/add/", center.add_method, name="payment-method-add"),
    path(f"{METHODS}/<uuid:method_id>/added/", center.method_added, name="payment-method-added"),
    path(f"{METHODS}/<uuid:method_id>/default/", center.default_method, name="payment-method-default"),
    path(f"{METHODS}/<uuid:method_id>/remove/", center.remove_method, name="payment-method-remove"),
    path(f"{CENTER}/payments/", center.payments, name="payments"),
    path(f"{CENTER}/payments/<uuid:payment_id>/", paying.payment, name="payment"),
    path(f"{CENTER}/payments/<uuid:payment_id>/cancel/", paying.cancel, name="payment-cancel"),
    path(f"{CENTER}/payments/<uuid:payment_id>/receipt.pdf", paying.receipt, name="payment-receipt"),
    path(f"{CENTER}/invoices/<path:number>/pay/", paying.pay, name="invoice-pay"),
    path("pay/<str:token>/", links.pay, name="pay-link"),
    path("sandbox/<slug:reference>/", sandbox.payment, name="sandbox-payment"),
    path("sandbox/<slug:reference>/authentication/", sandbox.authentication, name="sandbox-authentication"),
    *(path(f"webhooks/{name}/", GatewayWebhookView.as_view(), {"gateway": name}, f"{name}-webhook") for name in HOOKS),
]
