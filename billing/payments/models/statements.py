"""What a bank says of our account."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from djmoney.money import Money

from billing.invoicing.models.papers import amount_field
from billing.payments.models.payments import Payment
from portal.core.money import round_half_up


class BankStatement(models.Model):
    """A file of the bank, as it was imported; the same file a second time is this one."""

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        MT940 = "mt940", "MT940"
        CAMT053 = "camt053", "CAMT.053"

    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, unique=True)
    format = models.CharField(max_length=7, choices=Format.choices)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class StatementLine(models.Model):
    """Money that arrived on our account, and the payment that it became, or who has to look at it.

    `key` names the line, also where two statements overlap.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for staff"
        MATCHED = "matched"
        IGNORED = "ignored"

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    key = models.CharField(max_length=64, unique=True)
    booked_on = models.DateField()
    currency = models.CharField(max_length=3, help_text="ISO 4217")
    amount = amount_field()
    reference = models.CharField(max_length=200, blank=True, help_text="The bank's own.")
    payer = models.CharField(max_length=200, blank=True)
    text = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    note = models.CharField(max_length=300, blank=True, help_text="Why it waits, or was ignored.")
    payment = models.OneToOneField(Payment, null=True, on_delete=models.PROTECT, related_name="statement_line")

    class Meta:
        verbose_name = "bank transfer"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="matched", payment__isnull=False) | ~Q(state="matched") & Q(payment=None),
                name="payments_statementline_matched",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_statementline_above_zero"),
        ]
        indexes = [
            models.Index(fields=["-booked_on", "-id"], name="payments_lines_newest"),
            models.Index(fields=["state", "-booked_on", "-id"], name="payments_lines_of_state"),
        ]

    def __str__(self) -> str:
        return self.reference or f"Transfer {self.key[:8]}"

    @property
    def money(self) -> Money:
        """What arrived."""
        return round_half_up(Money(self.amount, self.currency))
