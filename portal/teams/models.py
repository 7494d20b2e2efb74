"""People who develop for companies, and the agencies that supply them."""

from django.conf import settings
from django.db import models

from portal.core.models import PublicIdModel


class Agency(PublicIdModel):
    """An organisation that supplies developers."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80, unique=True)
    admins = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="agencies")

    class Meta:
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name


class Developer(PublicIdModel):
    """A person of the developer community, independent or of an agency."""

    class Status(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        REJECTED = "rejected"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="developer")
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="developers")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PENDING)

    def __str__(self) -> str:
        return str(self.user)
