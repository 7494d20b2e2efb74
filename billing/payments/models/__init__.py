"""Money that moves, and what moves it."""

from billing.payments.models.disputes import Dispute
from billing.payments.models.dunning import DunningSettings, DunningStep, DunningTask
from billing.payments.models.methods import PaymentMethod
from billing.payments.models.payments import Payment
from billing.payments.models.refunds import Refund
from billing.payments.models.sandbox import SandboxCard, SandboxPayment, SandboxRefund, SandboxWebhook
from billing.payments.models.statements import BankStatement, StatementLine
from billing.payments.models.webhooks import WebhookMessage

__all__ = [
    "BankStatement",
    "Dispute",
    "DunningSettings",
    "DunningStep",
    "DunningTask",
    "Payment",
    "PaymentMethod",
    "Refund",
    "SandboxCard",
    "SandboxPayment",
    "SandboxRefund",
    "SandboxWebhook",
    "StatementLine",
    "WebhookMessage",
]
