"""How long the health of products is kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from billing.launch.models import HealthDay, Incident
from portal.core.privacy import RetentionRule

KEPT_DAYS = 90


def health_before(limit: datetime) -> "Sequence[QuerySet[Any]]":
    """Days before then, and incidents that were over."""
    days = HealthDay.objects.filter(checked_on__lt=timezone.localdate(limit))
    return [days, Incident.objects.filter(ended_at__lt=limit)]


RULES = {"product_health": RetentionRule("Health of products by the day, and incidents", KEPT_DAYS, health_before)}
