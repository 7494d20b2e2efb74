"""An agreement between a company and the vendor."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from portal.contracts.models.templates import ContractTemplate
from portal.core.models import PublicIdModel
from portal.core.states import StateField, StateModel, transition

if TYPE_CHECKING:
    from portal.accounts.models import Company, User


class ContractQuerySet(models.QuerySet["Contract"]):
    """Contracts, as far as somebody may know of them."""

    def visible_to(self, user: "User") -> Self:
        """Those that were sent to companies of which `user` is a member; staff see all."""
        if user.is_staff:
            return self.all()
        return self.filter(company__memberships__user=user, company__is_active=True).sent()

    def for_company(self, company: "Company") -> Self:
        """Those of one company."""
        return self.filter(company=company)

    def sent(self) -> Self:
        """Those that were sent once: what is still a draft, or was cancelled as one, a company never hears of."""
        return self.exclude(sent_at=None)

    def offered(self) -> Self:
        """Those that wait for signatures."""
        return self.filter(status=Contract.Status.SENT)

    def in_force(self) -> Self:
        """Those that bind both sides now."""
        return self.filter(status=Contract.Status.ACTIVE)

    def renewing(self) -> Self:
        """Those that go on by themselves when they would end."""
        return self.filter(status__in=[Contract.Status.SIGNED, Contract.Status.ACTIVE], renewal_months__gt=0)

    def newest(self) -> Self:
        """The latest first."""
        return self.order_by("-created_at", "-pk")


class Contract(StateModel, PublicIdModel):
    """An agreement, on the days from `starts_on` up to, not including, `ends_on`; without an end it runs on.

    Its text is worked out from the template and `values`, and frozen as a `ContractText` when it is sent. Nothing of
    what was sent is changed but by taking it back first; what was signed never is: an amendment is a new contract
    that names it.
    """

    class Type(models.TextChoices):
        ONBOARDING = "onboarding"
        ENGAGEMENT = "engagement"
        MAINTENANCE = "maintenance"

    class Status(models.TextChoices):
        DRAFT = "draft"
        SENT = "sent", "Waiting for signatures"
        SIGNED = "signed"
        ACTIVE = "active"
        EXPIRED = "expired"
        TERMINATED = "terminated"
        CANCELLED = "cancelled"
        DECLINED = "declined"

    class SigningOrder(models.TextChoices):
        IN_TURN = "in_turn", "One after another"
        PARALLEL = "parallel", "All at once, the vendor last"

    company = models.ForeignKey("accounts.Company", on_delete=models.PROTECT, related_name="contracts", db_index=False)
    type = models.CharField(max_length=11, choices=Type.choices)
    status = StateField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    number = models.CharField(max_length=40, blank=True, editable=False)
    title = models.CharField(max_length=160)
    template = models.ForeignKey(ContractTemplate, on_delete=models.PROTECT, related_name="contracts")
    values = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    amends = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="amendments", help_text="What it changes."
    )
    project = models.ForeignKey(
        "projects.Project", null=True, blank=True, on_delete=models.PROTECT, related_name="contracts"
    )
    currency = models.CharField(max_length=3, help_text="ISO 4217")
    discount_percent = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="Of a Labs customer: a line of its own on each invoice.",
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The first day after it; empty for no end.")
    renewal_months = models.PositiveSmallIntegerField(
        default=0, help_text="By so many months it goes on when it would end; 0 for an end that stands."
    )
    notice_days = models.PositiveSmallIntegerField(
        default=30, help_text="So long before a renewal the company is told."
    )
    signing_order = models.CharField(max_length=8, choices=SigningOrder.choices, default=SigningOrder.IN_TURN)
    offer_ends_on = models.DateField(null=True, blank=True, help_text="The last day on which it can be signed.")
    verification_code = models.CharField(max_length=24, blank=True, editable=False)
    reason = models.TextField(blank=True, editable=False, help_text="Why it was declined, cancelled or terminated.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    signed_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False, help_text="When it ended, however it did.")

    objects = ContractQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="contracts_contract_number"),
            models.UniqueConstraint(
                fields=["verification_code"], condition=~Q(verification_code=""), name="contracts_contract_code"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="contracts_contract_period"
            ),
            models.CheckConstraint(
                condition=Q(discount_percent__gte=0, discount_percent__lte=100), name="contracts_contract_discount"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["sent", "signed", "active"])
                | (~Q(number="") & ~Q(verification_code="") & Q(sent_at__isnull=False)),
                name="contracts_contract_sent",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["signed", "active", "terminated"]) | Q(signed_at__isnull=False),
                name="contracts_contract_signed",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["declined", "terminated"]) | ~Q(reason=""), name="contracts_contract_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "status", "-created_at", "-id"], name="contracts_of_company"),
            models.Index(fields=["status", "-created_at", "-id"], name="contracts_by_status"),
            models.Index(fields=["offer_ends_on", "id"], condition=Q(status="sent"), name="contracts_offers"),
            models.Index(fields=["ends_on", "id"], condition=Q(status="active"), name="contracts_ending"),
        ]
        permissions = [
            ("send_contract", "Can send contracts, take them back and end them"),
            ("sign_for_vendor", "Can sign contracts for us"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    def can_be_signed(self, *, today: date) -> bool:
        """Whether the offer stands on this day."""
        return self.status == Contract.Status.SENT and (self.offer_ends_on is None or today <= self.offer_ends_on)

    @property
    def is_renewed(self) -> bool:
        """Whether it goes on by itself when it would end."""
        return self.status in (Contract.Status.SIGNED, Contract.Status.ACTIVE) and self.renewal_months > 0

    @transition(status, source=Status.DRAFT, target=Status.SENT)
    def send(self, *, at: datetime) -> None:
        """Offer it for signing."""
        self.sent_at = self.sent_at or at

    @transition(status, source=Status.SENT, target=Status.DRAFT)
    def take_back(self) -> None:
        """Change it before it is sent anew: what was signed of the text before counts no more."""

    @transition(status, source=Status.SENT, target=Status.SIGNED)
    def complete(self, *, at: datetime) -> None:
        """Everybody has signed."""
        self.signed_at = at

    @transition(status, source=Status.SIGNED, target=Status.ACTIVE)
    def begin(self) -> None:
        """Its first day has come."""

    @transition(status, source=(Status.SENT, Status.ACTIVE), target=Status.EXPIRED)
    def expire(self, *, at: datetime) -> None:
        """Its last day, or that of the offer, is over."""
        self.closed_at = at

    @transition(status, source=(Status.SIGNED, Status.ACTIVE), target=Status.TERMINATED)
    def terminate(self, *, at: datetime, reason: str) -> None:
        """End it before its time."""
        self.closed_at, self.reason = at, reason

    @transition(status, source=(Status.DRAFT, Status.SENT), target=Status.CANCELLED)
    def cancel(self, *, at: datetime, reason: str) -> None:
        """Withdraw it before everybody has signed."""
        self.closed_at, self.reason = at, reason

    @transition(status, source=Status.SENT, target=Status.DECLINED)
    def decline(self, *, at: datetime, reason: str) -> None:
        """One who was to sign said no."""
        self.closed_at, self.reason = at, reason
