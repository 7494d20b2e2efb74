"""What is signed, to the last byte."""

from django.db import models

from portal.contracts.models.contracts import Contract


class ContractText(models.Model):
    """The text of a contract as it was sent: HTML, frozen with its SHA-256; the database refuses every change.

    Each sending makes a version; the highest is what can be signed.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="texts")
    version = models.PositiveSmallIntegerField()
    html = models.TextField()
    sha256 = models.CharField(max_length=64, help_text="Of the UTF-8 bytes of `html`, in hexadecimal.")
    # Number of Wagtail's revision of the template; no foreign key, as revisions may be cleaned up.
    template_revision = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "version"], name="contracts_contracttext_version")]

    def __str__(self) -> str:
        return f"{self.contract}, version {self.version}"
