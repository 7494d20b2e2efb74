"""Use as it was reported, and by the day."""

from billing.usage.models.daily import DailyUsage
from billing.usage.models.events import EventHorizon, StaleDay, UsageEvent

__all__ = ["DailyUsage", "EventHorizon", "StaleDay", "UsageEvent"]
