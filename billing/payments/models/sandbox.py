"""What the sandbox remembers, a card gateway of our own for demo and tests: another company's database, as it were."""

from datetime import timedelta
from typing import ClassVar

from django.db import models

from billing.invoicing.models.papers import amount_field
from portal.core.models import Job


class SandboxCard(models.Model):
    """A test card that was entered on the sandbox's page; `behaviour` says what becomes of its charges."""

    class Behaviour(models.TextChoices):
        SUCCEEDS = "succeeds"
        DECLINED = "declined"
        DECLINED_LATER = "declined_later", "Declined once it is saved"
        AUTHENTICATION = "authentication", "Needs authentication"
        EXPIRED = "expired"
        DELAYED = "delayed"
        NOISY = "noisy", "Succeeds; webhooks come twice and in the wrong order"

    reference = models.CharField(max_length=40, unique=True)
    customer = models.CharField(max_length=80)
    behaviour = models.CharField(max_length=14, choices=Behaviour.choices)
    brand = models.CharField(max_length=20)
    last4 = models.CharField(max_length=4)
    expires_on = models.CharField(max_length=7)
    is_forgotten = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.brand} ending in {self.last4}"


class SandboxPayment(models.Model):
    """A payment, or with no amount a card that is to be saved."""

    reference = models.CharField(max_length=40, unique=True)
    key = models.CharField(max_length=80, unique=True)
    customer = models.CharField(max_length=80)
    amount = amount_field()
    currency = models.CharField(max_length=3, blank=True)
    description = models.CharField(max_length=300, blank=True)
    return_url = models.CharField(max_length=600, blank=True)
    state = models.CharField(max_length=12, default="needs_action")
    card = models.ForeignKey(SandboxCard, null=True, on_delete=models.CASCADE, related_name="payments")
    saves_card = models.BooleanField(default=False)
    code = models.CharField(max_length=40, blank=True)
    settles_at = models.DateTimeField(null=True, help_text="When a delayed one comes to its end.")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.reference


class SandboxRefund(models.Model):
    """Money that went back."""

    reference = models.CharField(max_length=40, unique=True)
    key = models.CharField(max_length=80, unique=True)
    payment = models.ForeignKey(SandboxPayment, on_delete=models.CASCADE, related_name="refunds")
    amount = amount_field()

    def __str__(self) -> str:
        return self.reference


class SandboxWebhook(Job):
    """A webhook that the sandbox is to send, over HTTP, to our own address."""

    task: ClassVar[str] = "billing.payments.tasks.send_sandbox_webhook"
    lease: ClassVar[timedelta] = timedelta(minutes=1)

    body = models.TextField()

    class Meta(Job.Meta):
        pass

    def __str__(self) -> str:
        return f"Webhook {self.pk}"
