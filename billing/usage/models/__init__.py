"""Use as it was reported, and by the day."""

from billing.usage.models.daily import DailyTotal, DailyUsage
from billing.usage.models.events import EventHorizon, StaleDay, UsageEvent

__all__ = ["DailyTotal", "DailyUsage", "EventHorizon", "StaleDay", "UsageEvent"]
