"""What corrects an issued invoice."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from billing.invoicing.models.invoices import Invoice, InvoiceLine
from billing.invoicing.models.papers import Paper, TaxedLine, TaxLine, by_rate

if TYPE_CHECKING:
    from portal.accounts.models import Company


class CreditNoteQuerySet(models.QuerySet["CreditNote"]):
    """Credit notes."""

    def for_company(self, company: "Company") -> Self:
        """Those of one company."""
        return self.filter(company=company)

    def newest(self) -> Self:
        """The last issued first."""
        return self.order_by("-issued_on", "-pk")


class CreditNote(Paper):
    """Takes an invoice back, wholly or in part. Its amounts are positive."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="credit_notes")
    reason = models.CharField(max_length=300)

    objects = CreditNoteQuerySet.as_manager()

    class Meta(Paper.Meta):
        constraints = [
            *Paper.Meta.constraints,
            models.CheckConstraint(condition=Q(total_amount__gt=0), name="invoicing_creditnote_above_zero"),
            models.CheckConstraint(condition=~Q(reason=""), name="invoicing_creditnote_reason"),
        ]
        indexes = [
            models.Index(fields=["company", "-issued_on", "-id"], name="invoicing_credits_of_company"),
            models.Index(fields=["-issued_on", "-id"], name="invoicing_credits_newest"),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def tax_lines(self) -> list[TaxLine]:
        """The tax by rate."""
        return by_rate(self.lines.all(), self.currency)


class CreditNoteLine(TaxedLine):
    """What is taken back of one line of the invoice."""

    credit_note = models.ForeignKey(CreditNote, on_delete=models.PROTECT, related_name="lines")
    invoice_line = models.ForeignKey(InvoiceLine, on_delete=models.PROTECT, related_name="credits")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["credit_note", "position"], name="invoicing_creditnoteline_position")
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def currency(self) -> str:
        """That of its credit note."""
        return self.credit_note.currency
