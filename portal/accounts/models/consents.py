"""What people agreed to: the text with its version, and when."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from portal.core.models import PublicIdModel


class ConsentTextQuerySet(models.QuerySet["ConsentText"]):
    """Versions of texts."""

    def current(self, kind: str) -> Self:
        """The version that is in force now."""
        newest = self.filter(kind=kind, published_at__lte=timezone.now()).order_by("-published_at", "-pk")
        return self.filter(pk__in=newest.values("pk")[:1])


class ConsentText(models.Model):
    """One version of a text that people agree to; what somebody agreed to is never changed."""

    class Kind(models.TextChoices):
        TERMS = "terms", "Terms of service"
        PRIVACY = "privacy", "Privacy notice"
        NEWS = "news", "News about our products"
        SIGNING = "signing", "Signing electronically"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    version = models.CharField(max_length=20)
    body = models.TextField(help_text="Paragraphs, with an empty line between them.")
    published_at = models.DateTimeField()

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="accounts_consenttext_version")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, version {self.version}"


class Consent(PublicIdModel):
    """Somebody agreed to a text."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents")
    company = models.ForeignKey("accounts.Company", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "text"], name="accounts_consent_once")]

    def __str__(self) -> str:
        return str(self.text)
