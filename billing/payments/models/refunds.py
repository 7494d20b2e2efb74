"""Money that goes back."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
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


class RefundQuerySet(models.QuerySet["Refund"]):
    """Refunds."""

    def for_company(self, company: "Company") -> Self:
        """Those of one company."""
        return self.filter(company=company)

    def newest(self) -> Self:
        """The last asked for first."""
        return self.order_by("-created_at", "-pk")


class Refund(StateModel, PublicIdModel):
    """Money of one payment that goes back to who paid it: asked for, decided by somebody else, then sent.

    `credit_note` says what is not owed any more; without one the money comes from the company's balance.
    """

    # How our keys begin of refunds that were made at the gateway's own desk.
    ELSEWHERE = "elsewhere-"

    class Status(models.TextChoices):
        WAITING = "waiting", "Waits for a decision"
        PENDING = "pending", "On its way"
        SUCCEEDED = "succeeded", "Returned"
        FAILED = "failed"
        CANCELLED = "cancelled"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    company = models.ForeignKey("accounts.Company", on_delete=models.PROTECT, related_name="+", db_index=False)
    currency = models.CharField(max_length=3, help_text="ISO 4217")
    amount = amount_field()
    reason = models.CharField(max_length=300)
    status = StateField(max_length=9, choices=Status.choices, default=Status.WAITING)
    key = models.CharField(max_length=80, unique=True)
    reference = models.CharField(max_length=200, null=True, help_text="The gateway's own name of it.")
    credit_note = models.OneToOneField(
        "invoicing.CreditNote", null=True, on_delete=models.PROTECT, related_name="refund"
    )
    failure_message = models.CharField(max_length=400, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    ask_at = models.DateTimeField(null=True)
    asked = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_refund_above_zero"),
            models.CheckConstraint(condition=~Q(reason=""), name="payments_refund_reason"),
        ]
        indexes = [
            models.Index(fields=["company", "-created_at", "-id"], name="payments_refunds_of_company"),
            models.Index(fields=["-created_at", "-id"], name="payments_refunds_newest"),
            models.Index(fields=["status", "-created_at", "-id"], name="payments_refunds_of_state"),
            models.Index(fields=["ask_at"], condition=Q(ask_at__isnull=False), name="payments_refunds_to_ask"),
        ]

    def __str__(self) -> str:
        return f"Refund of {self.payment}"

    @property
    def is_from_elsewhere(self) -> bool:
        """Whether it was made at the gateway's own desk, and not asked for here."""
        return self.key.startswith(self.ELSEWHERE)

    @property
    def money(self) -> Money:
        """What goes back."""
        return round_half_up(Money(self.amount, self.currency))

    @transition(status, source=Status.WAITING, target=Status.PENDING)
    def send(self) -> None:
        """It was decided, and goes to the gateway."""

    @transition(status, source=Status.WAITING, target=Status.CANCELLED)
    def cancel(self, *, at: datetime) -> None:
        """It was decided against."""
        self.closed_at = at

    @transition(status, source=Status.PENDING, target=Status.SUCCEEDED)
    def succeed(self, *, at: datetime) -> None:
        """The money is back."""
        self.closed_at = at

    # A bank may send back weeks later what it had taken; the gateway tries no more then.
    @transition(status, source=[Status.PENDING, Status.SUCCEEDED], target=Status.FAILED)
    def fail(self, *, message: str, at: datetime) -> None:
        """It was refused, or came back; the money is the company's balance."""
        self.closed_at, self.failure_message = at, message[:400]
