"""Attempts to move money to us."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from djmoney.money import Money

from billing.invoicing.models.papers import amount_field
from portal.core.models import PublicIdModel
from portal.core.money import round_half_up
from portal.core.states import StateField, StateModel, transition

if TYPE_CHECKING:
    from portal.accounts.models import Company


class PaymentQuerySet(models.QuerySet["Payment"]):
    """Payments."""

    def for_company(self, company: "Company") -> Self:
        """Those of one company."""
        return self.filter(company=company)

    def under_way(self) -> Self:
        """Those whose outcome is not known."""
        return self.filter(status__in=Payment.OPEN)

    def newest(self) -> Self:
        """The last begun first."""
        return self.order_by("-created_at", "-pk")


class Payment(StateModel, PublicIdModel):
    """One attempt to move money, written before the gateway is called: it is never called twice for one row.

    `called_at` is committed before the call. Until the outcome is known the gateway is asked again at `ask_at`.
    `received_amount` is what really moved; `movement` is how it was booked.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        NEEDS_ACTION = "needs_action", "Needs action"
        SUCCEEDED = "succeeded"
        FAILED = "failed"
        CANCELLED = "cancelled"

    OPEN = (Status.PENDING, Status.NEEDS_ACTION)

    company = models.ForeignKey("accounts.Company", on_delete=models.PROTECT, related_name="+", db_index=False)
    invoice = models.ForeignKey(
        "invoicing.Invoice", null=True, on_delete=models.PROTECT, related_name="payments", db_index=False
    )
    currency = models.CharField(max_length=3, help_text="ISO 4217")
    amount = amount_field()
    received_amount = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    gateway = models.CharField(max_length=20)
    method = models.ForeignKey("payments.PaymentMethod", null=True, on_delete=models.PROTECT, related_name="payments")
    status = StateField(max_length=12, choices=Status.choices, default=Status.PENDING)
    key = models.CharField(max_length=80, unique=True)
    reference = models.CharField(max_length=200, null=True, help_text="The gateway's own name of it.")
    receipt = models.CharField(max_length=80, null=True, help_text="What the customer knows it by.")
    action_url = models.CharField(max_length=2000, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    failure_code = models.CharField(max_length=80, blank=True)
    failure_message = models.CharField(max_length=400, blank=True)
    can_retry = models.BooleanField(default=True)
    is_automatic = models.BooleanField(default=False)
    saves_method = models.BooleanField(default=False)
    return_url = models.CharField(max_length=600, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    ask_at = models.DateTimeField(null=True)
    asked = models.PositiveSmallIntegerField(default=0, help_text="How often the gateway was asked.")
    closed_at = models.DateTimeField(null=True)
    movement = models.OneToOneField(
        "invoicing.LedgerTransaction", null=True, on_delete=models.PROTECT, related_name="payment"
    )

    objects = PaymentQuerySet.as_manager()

    class Meta:
        permissions = [
            ("manage_payment", "Can record bank transfers and ask for refunds"),
            ("decide_refund", "Can decide whether money is returned"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["gateway", "reference"], name="payments_payment_reference"),
            models.UniqueConstraint(fields=["gateway", "receipt"], name="payments_payment_receipt"),
            models.UniqueConstraint(
                fields=["invoice"],
                condition=Q(status__in=["pending", "needs_action"]),
                name="payments_payment_one_under_way",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_payment_above_zero"),
            models.CheckConstraint(
                condition=~Q(status="succeeded")
                | Q(received_amount__gt=0, movement__isnull=False, closed_at__isnull=False),
                name="payments_payment_booked",
            ),
            models.CheckConstraint(
                condition=Q(status="succeeded") | Q(movement=None, received_amount=None),
                name="payments_payment_books_success_alone",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-created_at", "-id"], name="payments_of_company"),
            models.Index(fields=["-created_at", "-id"], name="payments_newest"),
            models.Index(fields=["status", "-created_at", "-id"], name="payments_of_state"),
            models.Index(fields=["gateway", "-created_at", "-id"], name="payments_of_gateway"),
            models.Index(fields=["invoice"], name="payments_of_invoice"),
            models.Index(fields=["ask_at"], condition=Q(ask_at__isnull=False), name="payments_to_ask"),
        ]

    def __str__(self) -> str:
        return self.receipt or f"Payment {self.public_id.hex[:8]}"

    def get_absolute_url(self) -> str:
        """Its page at the company's desk."""
        return f"/customer/billing/payments/{self.public_id}/"

    @property
    def asked_for(self) -> Money:
        """What was asked for."""
        return round_half_up(Money(self.amount, self.currency))

    @property
    def money(self) -> Money:
        """What moved, or as long as nothing has, what was asked for."""
        moved = self.amount if self.received_amount is None else self.received_amount
        return round_half_up(Money(moved, self.currency))

    @property
    def is_under_way(self) -> bool:
        """Whether the outcome is not known."""
        return str(self.status) in self.OPEN

    @property
    def returnable(self) -> Money:
        """What was received and is not returned, on its way back, or disputed."""
        if self.received_amount is None:
            return round_half_up(Money(0, self.currency))
        returned = self.refunds.filter(status__in=["waiting", "pending", "succeeded"]).aggregate(sum=Sum("amount"))
        disputed = self.disputes.exclude(status="won").aggregate(sum=Sum("amount"))
        gone = (returned["sum"] or Decimal(0)) + (disputed["sum"] or Decimal(0))
        return round_half_up(Money(max(self.received_amount - gone, Decimal(0)), self.currency))

    @transition(status, source=OPEN, target=Status.PENDING)
    def wait(self) -> None:
        """The gateway works on it."""
        self.action_url = ""

    @transition(status, source=OPEN, target=Status.NEEDS_ACTION)
    def need_action(self, *, url: str) -> None:
        """The customer has to do something, at `url` where there is one."""
        self.action_url = url

    # Money that moved is booked, whatever was thought of it before.
    @transition(status, source=[*OPEN, Status.FAILED, Status.CANCELLED], target=Status.SUCCEEDED)
    def succeed(self, *, amount: Decimal, at: datetime) -> None:
        """The money is here."""
        self.received_amount, self.closed_at = amount, at
        self.action_url = self.failure_code = self.failure_message = ""

    @transition(status, source=OPEN, target=Status.FAILED)
    def fail(self, *, code: str, message: str, can_retry: bool, at: datetime) -> None:
        """The gateway refused, finally."""
        self.failure_code, self.failure_message, self.can_retry = code[:80], message[:400], can_retry
        self.closed_at, self.action_url = at, ""

    @transition(status, source=OPEN, target=Status.CANCELLED)
    def cancel(self, *, at: datetime) -> None:
        """Nobody wants it any more."""
        self.closed_at, self.action_url = at, ""
