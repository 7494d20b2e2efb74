"""What a change costs, line by line, before somebody agrees to exactly that."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from djmoney.money import Money

from billing.catalog.models import PlanPrice
from billing.invoicing.models import Invoice
from billing.invoicing.models.papers import TaxedLine, amount_field
from billing.subscriptions.models.subscriptions import Subscription
from portal.accounts.models import Company
from portal.core.models import PublicIdModel
from portal.core.money import round_half_up

if TYPE_CHECKING:
    from portal.accounts.models import User

GOOD_FOR = timedelta(minutes=15)


class QuoteQuerySet(models.QuerySet["Quote"]):
    """Quotes."""

    def for_company(self, company: Company) -> Self:
        """Those of one company."""
        return self.filter(company=company)

    def visible_to(self, user: "User") -> Self:
        """Those of the companies that `user` belongs to; staff see all."""
        return self.all() if user.is_staff else self.filter(company__memberships__user=user)


class Quote(PublicIdModel):
    """What is to be done and exactly what it costs, good for fifteen minutes and for one confirmation.

    It holds for `version` of the subscription, and takes effect as at `effective_at`: the instant of the quote, or the
    end of the period. `price` and `seats` are those that hold afterwards. `total_amount` is charged at once, with tax;
    below zero it is credited. `balance_amount` is what the company's balance pays of it.
    """

    class Action(models.TextChoices):
        SUBSCRIBE = "subscribe"
        CHANGE = "change"
        CANCEL = "cancel"
        RESUME = "resume"

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    subscription = models.ForeignKey(Subscription, null=True, on_delete=models.CASCADE, related_name="quotes")
    version = models.PositiveIntegerField(default=0)
    action = models.CharField(max_length=9, choices=Action.choices)
    price = models.ForeignKey(PlanPrice, on_delete=models.PROTECT, related_name="+")
    seats = models.PositiveIntegerField()
    is_at_once = models.BooleanField(default=True)
    effective_at = models.DateTimeField()
    trial_ends_at = models.DateTimeField(null=True)
    period_ends_at = models.DateTimeField(help_text="When the period ends that it brings, or that goes on.")
    cancel_reason = models.CharField(max_length=16, choices=Subscription.CancelReason.choices, blank=True)
    cancel_comment = models.CharField(max_length=500, blank=True)
    currency = models.CharField(max_length=3, help_text="ISO 4217")
    net_amount = amount_field()
    tax_amount = amount_field()
    total_amount = amount_field()
    balance_amount = amount_field()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    override = models.CharField(max_length=300, null=True, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.PROTECT, related_name="+")

    objects = QuoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(total_amount=F("net_amount") + F("tax_amount")), name="subscriptions_quote_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(action="subscribe") | Q(subscription__isnull=False), name="subscriptions_quote_subject"
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(used_at=None), name="subscriptions_quotes_unused"),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.price.plan}"

    @property
    def net(self) -> Money:
        """What is charged at once, without tax."""
        return self._money(self.net_amount)

    @property
    def tax(self) -> Money:
        """The tax on it."""
        return self._money(self.tax_amount)

    @property
    def total(self) -> Money:
        """What is charged at once, with tax."""
        return self._money(self.total_amount)

    @property
    def from_balance(self) -> Money:
        """What of it the company's balance pays."""
        return self._money(self.balance_amount)

    @property
    def to_pay(self) -> Money:
        """What is left to pay."""
        return max(self.total - self.from_balance, self.total * 0)

    @property
    def per_period(self) -> Money:
        """What a period costs afterwards, without tax and use."""
        return self.price.charge(self.seats)

    def has_expired(self, at: datetime) -> bool:
        """Whether its fifteen minutes are over."""
        return at >= self.expires_at

    def _money(self, amount: Decimal) -> Money:
        return round_half_up(Money(amount, self.currency))


class QuoteLine(TaxedLine):
    """One line of the charge, as it will stand on the invoice; `is_period`: it pays the period that begins."""

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="lines")
    quantity = models.DecimalField(max_digits=19, decimal_places=6, default=Decimal(1))
    unit_price = models.DecimalField(max_digits=19, decimal_places=6)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    is_period = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["quote", "position"], name="subscriptions_quoteline_position"),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def currency(self) -> str:
        """That of its quote."""
        return self.quote.currency
