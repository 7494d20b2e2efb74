"""Partners who bring customers."""

from django.conf import settings
from django.db import models

from portal.core.models import PublicIdModel


class Reseller(PublicIdModel):
    """A partner who brings customers and earns commissions."""

    class Status(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        REJECTED = "rejected"
        SUSPENDED = "suspended"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reseller")
    business_name = models.CharField(max_length=120)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PENDING)

    def __str__(self) -> str:
        return self.business_name
