"""What is asked about invoices, beside the invoice itself."""

from django.db import models
from django.db.models import Q

from billing.invoicing.models.invoices import Invoice


class WriteOffRequest(models.Model):
    """Why somebody wants an invoice written off; the approval is about this row. Asked again, it says why anew."""

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="write_off_request")
    reason = models.CharField(max_length=300, help_text="It stays with the invoice.")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="invoicing_writeoffrequest_reason")]

    def __str__(self) -> str:
        return str(self.invoice)
