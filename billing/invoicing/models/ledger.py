"""The ledger: every movement of money, in balanced entries that nobody changes."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import OuterRef, Q, Subquery, Sum
from djmoney.money import Money

from portal.core.models import PublicIdModel
from portal.core.money import round_half_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from billing.invoicing.models.invoices import Invoice
    from portal.accounts.models import Company

ZERO = Decimal(0)


class LedgerTransactionQuerySet(models.QuerySet["LedgerTransaction"]):
    """Movements."""

    def for_company(self, company: "Company") -> Self:
        """Those of one company."""
        return self.filter(company=company)

    def with_moved(self) -> Self:
        """With `moved`, the sum of the debits."""
        debits = LedgerEntry.objects.filter(transaction=OuterRef("pk"), amount__gt=0).order_by()
        return self.annotate(moved=Subquery(debits.values("transaction").annotate(sum=Sum("amount")).values("sum")))

    def about(self, subject: models.Model) -> Self:
        """Those that one record brought about."""
        return self.filter(content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk)


class LedgerTransaction(PublicIdModel):
    """One movement of money: entries that add up to zero.

    Append-only: the database refuses changes and deletions (migration 0002), and entries that do not add up to zero for
    each movement and currency within the statement that writes them (migration 0011). `reference` names what happened,
    so that it is booked once.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", "Invoice issued"
        VOID = "void", "Invoice voided"
        WRITE_OFF = "write_off", "Invoice written off"
        CREDIT_NOTE = "credit_note", "Credit note issued"
        BALANCE = "balance", "Balance used"
        PAYMENT = "payment", "Money received"
        REFUND = "refund", "Money returned"
        REVERSAL = "reversal", "Money taken back"
        CAME_BACK = "came_back", "Refund that came back"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    company = models.ForeignKey("accounts.Company", on_delete=models.PROTECT, related_name="+", db_index=False)
    currency = models.CharField(max_length=3, help_text="ISO 4217")
    reference = models.CharField(max_length=200, unique=True)
    content_type = models.ForeignKey(ContentType, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    object_id = models.PositiveBigIntegerField(null=True)
    subject = GenericForeignKey("content_type", "object_id")
    subject_label = models.CharField(max_length=80, blank=True)
    booked_at = models.DateTimeField(auto_now_add=True)

    objects = LedgerTransactionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["company", "-at", "-id"], name="invoicing_moves_of_company"),
            models.Index(fields=["-at", "-id"], name="invoicing_moves_newest"),
            models.Index(fields=["kind", "-at", "-id"], name="invoicing_moves_of_kind"),
            models.Index(fields=["content_type", "object_id"], name="invoicing_moves_about"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject_label or self.reference}"

    @property
    def moved_money(self) -> Money:
        """What moved, where read `with_moved`."""
        moved: Any = getattr(self, "moved", ZERO)
        return round_half_up(Money(moved, self.currency))


class LedgerEntryQuerySet(models.QuerySet["LedgerEntry"]):
    """Entries."""

    def of_account(self, account: str, company: "Company", currency: str) -> Self:
        """What a company has on one account in one currency."""
        return self.filter(account=account, company=company, currency=currency)

    def paid_from_balance(self) -> Self:
        """Of the entries of invoices: what the company's balance paid when they were issued, as credits."""
        kind = LedgerTransaction.Kind.BALANCE
        return self.filter(account=LedgerEntry.Account.RECEIVABLE, transaction__kind=kind)

    def by_invoice(self, invoices: "Sequence[Invoice]") -> dict[int, Decimal]:
        """Debits less credits of each of these invoices that has any, by its key."""
        entries = self.filter(invoice__in=[invoice.pk for invoice in invoices])
        return dict(entries.values_list("invoice").annotate(total=Sum("amount")))

    def total(self) -> Decimal:
        """Debits less credits."""
        return self.aggregate(total=Sum("amount"))["total"] or ZERO


class LedgerEntry(models.Model):
    """One account's part of a movement: a debit is positive, a credit negative.

    `detail` divides an account: cash by gateway, tax payable by name and rate. Receivables name
    their `invoice`, so that what is due follows from them.
    """

    class Account(models.TextChoices):
        RECEIVABLE = "receivable"
        REVENUE = "revenue"
        TAX_PAYABLE = "tax_payable"
        CASH = "cash"
        CUSTOMER_BALANCE = "customer_balance"
        WRITE_OFF = "write_off"

    transaction = models.ForeignKey(LedgerTransaction, on_delete=models.PROTECT, related_name="entries")
    company = models.ForeignKey("accounts.Company", on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.CharField(max_length=16, choices=Account.choices)
    detail = models.CharField(max_length=60, blank=True)
    invoice = models.ForeignKey(
        "invoicing.Invoice", null=True, on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    currency = models.CharField(max_length=3, help_text="ISO 4217")
    amount = models.DecimalField(max_digits=19, decimal_places=4, help_text="A debit is positive, a credit negative.")

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "ledger entries"
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="invoicing_ledgerentry_not_zero"),
            models.CheckConstraint(
                condition=Q(
                    account__in=["receivable", "revenue", "tax_payable", "cash", "customer_balance", "write_off"]
                ),
                name="invoicing_ledgerentry_account",
            ),
            models.CheckConstraint(
                condition=~Q(account="receivable") | Q(invoice__isnull=False),
                name="invoicing_ledgerentry_receivable_of_invoice",
            ),
        ]
        indexes = [
            # The amounts stand in the index, so that a balance is read from it alone.
            models.Index(
                fields=["company", "account", "currency"], include=["amount"], name="invoicing_entries_of_account"
            ),
            models.Index(
                fields=["invoice"],
                include=["amount"],
                condition=Q(account="receivable"),
                name="invoicing_entries_of_invoice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_account_display()} {self.amount:f} {self.currency}"

    @property
    def money(self) -> Money:
        """Its amount, with sign."""
        return round_half_up(Money(self.amount, self.currency))
