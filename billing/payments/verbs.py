"""What can happen to payments; money that moves is told of by invoicing."""

from billing.invoicing.verbs import payers
from portal.activity.registry import Verb

VERBS = {
    "payment.failed": Verb("A payment of {amount} failed", icon="triangle-alert", tone="warning", shown_to=payers),
    "payment.disputed": Verb("The bank took {amount} back", icon="triangle-alert", tone="danger", shown_to=payers),
    "payment.dispute_closed": Verb("The dispute over {amount} was {outcome}", icon="receipt", shown_to=payers),
    "refund.failed": Verb("{amount} could not be returned", icon="triangle-alert", tone="warning", shown_to=payers),
    "payment_method.added": Verb("{actor} added the payment method {subject}", icon="credit-card", shown_to=payers),
    "payment_method.default": Verb("{actor} chose {subject} for payments", icon="credit-card", shown_to=payers),
    "payment_method.renewed": Verb("The bank renewed {subject}", icon="credit-card", shown_to=payers),
    "payment_method.removed": Verb("{actor} removed the payment method {subject}", icon="ban", shown_to=payers),
    "webhook.replayed": Verb("{actor} processed the webhook {subject} again", icon="history"),
    "failed_work.retried": Verb("{actor} had failed work tried again: {work}", icon="history"),
    "statement.imported": Verb("{actor} imported the bank statement {subject}", icon="receipt"),
}
TOPICS = {"payment": "Payments", "refund": "Refunds", "payment_method": "Payment methods"}
