"""Use as it was reported, and by the day."""

from billing.usage.models.daily import DailyUsage
from billing.usage.models.events import UsageEvent

__all__ = ["DailyUsage", "UsageEvent"]
