"""What a company owes."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from djmoney.money import Money

from billing.invoicing.models.ledger import LedgerEntry
from billing.invoicing.models.papers import Paper, TaxedLine, TaxLine, by_rate
from billing.invoicing.models.taxes import TaxRate
from portal.core.states import StateField, StateModel, transition

if TYPE_CHECKING:
    from portal.accounts.models import Company


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    """Invoices."""

    def for_company(self, company: "Company") -> Self:
        """Those of one company that were issued: drafts are the vendor's own affair."""
        return self.filter(company=company).exclude(status=Invoice.Status.DRAFT)

    def payable(self, currency: str) -> Self:
        """Those that wait for money in this currency, what is due first comes first."""
        return self.filter(status=Invoice.Status.OPEN, currency=currency).order_by("due_on", "pk")

    def overdue(self, *, today: date) -> Self:
        """Those whose day has passed."""
        return self.filter(status=Invoice.Status.OPEN, due_on__lt=today)

    def with_due(self) -> Self:
        """With `due_amount`, what is still to be paid by the ledger."""
        booked = LedgerEntry.objects.filter(account=LedgerEntry.Account.RECEIVABLE, invoice=OuterRef("pk"))
        rest = booked.order_by().values("invoice").annotate(rest=Sum("amount")).values("rest")
        return self.annotate(due_amount=Coalesce(Subquery(rest), Value(Decimal(0))))

    def newest(self) -> Self:
        """The last issued first."""
        return self.order_by("-issued_on", "-pk")


class Invoice(StateModel, Paper):
    """What a company owes for its lines. What is still due follows from the ledger (`with_due`)."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        OPEN = "open"
        PAID = "paid"
        VOID = "void"
        UNCOLLECTIBLE = "uncollectible"

    status = StateField(max_length=13, choices=Status.choices, default=Status.DRAFT)
    created_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    note = models.TextField(blank=True, help_text="Shown on the invoice.")
    closed_at = models.DateTimeField(null=True, help_text="When it was paid, voided or written off.")
    closing_reason = models.CharField(max_length=300, blank=True)

    objects = InvoiceQuerySet.as_manager()

    class Meta(Paper.Meta):
        permissions = [
            ("manage_invoice", "Can issue, void and credit invoices"),
            ("decide_sending", "Can decide whether an invoice is sent"),
            ("decide_write_off", "Can decide whether an invoice is written off"),
        ]
        constraints = [
            *Paper.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status="draft", number=None)
                | (
                    ~Q(status="draft")
                    & Q(number__isnull=False, sequence__isnull=False, issued_at__isnull=False, due_on__isnull=False)
                ),
                name="invoicing_invoice_issued_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-issued_on", "-id"], name="invoicing_of_company"),
            models.Index(fields=["company", "status", "-issued_on", "-id"], name="invoicing_of_company_state"),
            models.Index(fields=["-issued_on", "-id"], name="invoicing_newest"),
            models.Index(fields=["status", "-issued_on", "-id"], name="invoicing_of_state"),
            models.Index(fields=["due_on", "id"], condition=Q(status="open"), name="invoicing_due"),
        ]

    def __str__(self) -> str:
        return self.number or f"Draft {self.public_id.hex[:8]}"

    def get_absolute_url(self) -> str:
        """Its page at the company's desk."""
        return f"/customer/billing/invoices/{self.number}/"

    @property
    def due(self) -> Money:
        """What is still to be paid; one query, unless read by `with_due`."""
        known: Any = getattr(self, "due_amount", None)
        if known is None:
            known = self.entries.filter(account=LedgerEntry.Account.RECEIVABLE).total()
        return self.money(known)

    @property
    def tax_lines(self) -> list[TaxLine]:
        """The tax by rate."""
        return by_rate(self.lines.all(), self.currency)

    def is_overdue(self, *, today: date) -> bool:
        """Whether its day has passed without payment."""
        return self.status == Invoice.Status.OPEN and self.due_on is not None and self.due_on < today

    @transition(status, source=Status.DRAFT, target=Status.OPEN)
    def issue(self, *, at: datetime, issued_on: date, due_on: date) -> None:
        """Make it payable."""
        self.issued_at, self.issued_on, self.due_on = at, issued_on, due_on

    @transition(status, source=Status.OPEN, target=Status.PAID)
    def settle(self, *, at: datetime) -> None:
        """Nothing is due any more."""
        self.closed_at = at

    @transition(status, source=Status.PAID, target=Status.OPEN)
    def reopen(self) -> None:
        """Money that paid it was taken back."""
        self.closed_at = None

    @transition(status, source=Status.OPEN, target=Status.VOID)
    def void(self, *, at: datetime, reason: str) -> None:
        """It should not have been issued."""
        self.closed_at, self.closing_reason = at, reason

    @transition(status, source=Status.OPEN, target=Status.UNCOLLECTIBLE)
    def write_off(self, *, at: datetime, reason: str) -> None:
        """Nobody expects the money any more."""
        self.closed_at, self.closing_reason = at, reason


class InvoiceLine(TaxedLine):
    """One thing that is invoiced; `source` names what it is for, which is invoiced once.

    The period, where there is one, is half-open: `starts_on` <= day < `ends_on`.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    quantity = models.DecimalField(max_digits=19, decimal_places=6, default=Decimal(1))
    unit_price = models.DecimalField(max_digits=19, decimal_places=6)
    tax_category = models.CharField(max_length=8, choices=TaxRate.Category.choices, default=TaxRate.Category.STANDARD)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    source = models.CharField(max_length=160, null=True, unique=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="invoicing_invoiceline_position"),
            models.CheckConstraint(
                condition=Q(starts_on=None, ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="invoicing_invoiceline_period",
            ),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def currency(self) -> str:
        """That of its invoice."""
        return self.invoice.currency

    @property
    def price(self) -> Money:
        """Of one, with all digits that it has, at least those of the currency."""
        whole = self.invoice.money(self.unit_price)
        exact = self.unit_price.normalize()
        return whole if whole.amount == exact else Money(exact, self.currency)

    @property
    def period(self) -> str:
        """Its first and last day in words."""
        if self.starts_on is None or self.ends_on is None:
            return ""
        last = date.fromordinal(self.ends_on.toordinal() - 1)
        return f"{date_format(self.starts_on, 'j M Y')} – {date_format(last, 'j M Y')}"
