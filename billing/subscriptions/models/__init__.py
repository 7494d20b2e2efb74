"""Subscriptions, what they cover, what changing them costs, and who may open which product."""

from billing.subscriptions.models.access import ProductAccess, ProductGrant
from billing.subscriptions.models.periods import LimitWarning, SubscriptionComponent, SubscriptionPeriod
from billing.subscriptions.models.quotes import Quote, QuoteLine
from billing.subscriptions.models.subscriptions import Subscription
from billing.subscriptions.models.use import ChargedUse

__all__ = [
    "ChargedUse",
    "LimitWarning",
    "ProductAccess",
    "ProductGrant",
    "Quote",
    "QuoteLine",
    "Subscription",
    "SubscriptionComponent",
    "SubscriptionPeriod",
]
