"""Every gateway there is; which of them work, their settings say (`is_enabled`)."""

from billing.payments.gateways.base import Gateway
from billing.payments.gateways.manual import Manual
from billing.payments.gateways.mpesa.gateway import Mpesa
from billing.payments.gateways.sandbox.client import Sandbox
from billing.payments.gateways.stripe.gateway import Stripe
from billing.payments.gateways.wave.gateway import Wave

KNOWN: tuple[Gateway, ...] = (Manual(), Sandbox(), Stripe(), Wave(), Mpesa())
