"""Payments that a payer's bank takes back."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from djmoney.money import Money

from billing.invoicing.models.papers import amount_field
from billing.payments.models.payments import Payment
from portal.core.models import PublicIdModel
from portal.core.money import round_half_up
from portal.core.states import StateField, StateModel, transition

if TYPE_CHECKING:
    from portal.accounts.models import Company


class DisputeQuerySet(models.QuerySet["Dispute"]):
    """Disputes."""

    def for_company(self, company: "Company") -> Self:
        """Those of one company."""
        return self.filter(company=company)


class Dispute(StateModel, PublicIdModel):
    """The payer's bank has taken money of a payment back. It is due again until the dispute is won."""

    class Status(models.TextChoices):
        OPEN = "open", "Argued"
        WON = "won"
        LOST = "lost"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    company = models.ForeignKey("accounts.Company", on_delete=models.PROTECT, related_name="+", db_index=False)
    gateway = models.CharField(max_length=20)
    reference = models.CharField(max_length=200, help_text="The gateway's own name of it.")
    currency = models.CharField(max_length=3, help_text="ISO 4217")
    amount = amount_field()
    reason = models.CharField(max_length=300, blank=True)
    status = StateField(max_length=4, choices=Status.choices, default=Status.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway", "reference"], name="payments_dispute_reference"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_dispute_above_zero"),
        ]
        indexes = [
            models.Index(fields=["company", "-opened_at", "-id"], name="payments_disputes_of_company"),
            models.Index(fields=["-opened_at", "-id"], name="payments_disputes_newest"),
        ]

    def __str__(self) -> str:
        return f"Dispute {self.reference}"

    @property
    def money(self) -> Money:
        """What was taken back."""
        return round_half_up(Money(self.amount, self.currency))

    @transition(status, source=Status.OPEN, target=Status.WON)
    def win(self, *, at: datetime) -> None:
        """The money came back."""
        self.closed_at = at

    @transition(status, source=Status.OPEN, target=Status.LOST)
    def lose(self, *, at: datetime) -> None:
        """The money stays away."""
        self.closed_at = at
