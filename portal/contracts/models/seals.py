"""The PDF of a contract that everybody has signed, and the work of making it."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from portal.contracts.models.contracts import Contract
from portal.core import files
from portal.core.models import Job


class SealedCopy(models.Model):
    """A sealed PDF as it was sent to everybody; the newest of a contract is the one to download.

    A time stamp that comes later makes another copy, with the bytes of the one before at its beginning: both stay
    valid. `stamped_at` is the time that the time stamp authority gave.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="sealed_copies")
    file = models.FileField(storage=files.private_storage, upload_to=files.Folder("contracts"))
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    stamped_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "sealed copies"
        constraints = [
            models.UniqueConstraint(
                fields=["contract"], condition=Q(stamped_at=None), name="contracts_sealedcopy_unstamped_once"
            ),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(stamped_at__isnull=False), name="contracts_sealedcopy_stamped_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract}, sealed"


class SealJob(Job):
    """Typeset, seal and archive a contract that everybody has signed; then, where a server is set, stamp the time."""

    task = "portal.contracts.tasks.seal"
    lease: ClassVar[timedelta] = timedelta(minutes=5)
    # A time stamp authority may be away for days, as may be the certificate of whoever operates the portal.
    most_attempts: ClassVar[int] = 200
    longest_pause: ClassVar[timedelta] = timedelta(hours=1)

    class Step(models.TextChoices):
        SEAL = "seal"
        STAMP = "stamp"

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="seal_jobs")
    step = models.CharField(max_length=5, choices=Step.choices, default=Step.SEAL)

    class Meta(Job.Meta):
        constraints = [models.UniqueConstraint(fields=["contract", "step"], name="contracts_sealjob_once")]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.contract}"
