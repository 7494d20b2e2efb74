"""PDF files of invoices and credit notes, as they were made once."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from billing.invoicing.models.credit_notes import CreditNote
from billing.invoicing.models.invoices import Invoice
from portal.core import files
from portal.core.models import Job


class PaperFile(Job):
    """The PDF of an invoice or of a credit note, made after it was issued. The row is the job.

    It is handed out only while its content has the SHA-256 that was noted when it was made.
    """

    task: ClassVar[str] = "billing.invoicing.tasks.make_paper"
    drain: ClassVar[str] = "billing.invoicing.tasks.make_papers"
    lease: ClassVar[timedelta] = timedelta(minutes=5)

    invoice = models.OneToOneField(Invoice, null=True, on_delete=models.PROTECT, related_name="paper")
    credit_note = models.OneToOneField(CreditNote, null=True, on_delete=models.PROTECT, related_name="paper")
    file = models.FileField(storage=files.private_storage, upload_to=files.Folder("invoices"), blank=True)
    size = models.PositiveIntegerField(default=0, help_text="Bytes.")
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta(Job.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(invoice=None, credit_note__isnull=False) | Q(invoice__isnull=False, credit_note=None),
                name="invoicing_paperfile_of_one",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | (~Q(file="") & ~Q(sha256="")), name="invoicing_paperfile_made"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper}.pdf"

    @property
    def paper(self) -> Invoice | CreditNote:
        """What it is the PDF of."""
        return self.invoice or CreditNote.objects.get(paper=self)
