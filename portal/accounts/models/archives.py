"""Archives of all that the portal knows of a person or a company."""

from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from portal.accounts.models.companies import Company
from portal.core import files
from portal.core.models import Job, PublicIdModel

UNDER_WAY = Q(state__in=["queued", "running"])


class ArchiveQuerySet(models.QuerySet["Archive"]):
    """Archives."""

    def of(self, user: object, company: Company | None) -> Self:
        """Those of a company; without one, those of the person."""
        return self.filter(company=company) if company else self.filter(person=user, company=None)


class Archive(Job, PublicIdModel):
    """An archive that somebody asked for: `person`'s own data, or with `company` that company's. The row is the job."""

    task: ClassVar[str] = "portal.accounts.tasks.build_archive"
    lease: ClassVar[timedelta] = timedelta(minutes=30)
    most_attempts: ClassVar[int] = 3

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="archives")
    company = models.ForeignKey(Company, null=True, on_delete=models.CASCADE, related_name="archives")
    file = models.FileField(storage=files.private_storage, upload_to=files.Folder("archives"), blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    expires_at = models.DateTimeField(null=True)

    objects = ArchiveQuerySet.as_manager()

    class Meta(Job.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=UNDER_WAY & Q(company=None), name="accounts_archive_one_of_a_person"
            ),
            models.UniqueConstraint(fields=["company"], condition=UNDER_WAY, name="accounts_archive_one_of_a_company"),
        ]

    def __str__(self) -> str:
        return f"Data of {self.company or 'a person'}"

    @property
    def file_name(self) -> str:
        """What the file is called when somebody saves it."""
        return f"{self.company.slug if self.company else 'my-data'}-{self.created_at:%Y-%m-%d}.zip"

    def names(self) -> list[str]:
        """Where in the storage each attempt so far writes; the last one's is the archive."""
        return [f"archives/{self.public_id.hex}-{attempt}.zip" for attempt in range(1, self.attempts + 1)]

    def delete_files(self) -> None:
        """Delete after commit what any attempt has written, also one whose worker stopped in the middle."""
        storage = files.private_storage()
        for name in self.names():
            transaction.on_commit(partial(storage.delete, name), robust=True)

    def given_up(self) -> None:
        """Leave no half of somebody's data behind."""
        self.delete_files()

    def is_ready(self, *, at: datetime) -> bool:
        """Whether it can be downloaded."""
        return self.state == Job.State.DONE and self.expires_at is not None and at < self.expires_at

    @property
    def status(self) -> str:
        """Where it stands now: waiting, ready, expired or failed."""
        if self.state in (Job.State.QUEUED, Job.State.RUNNING):
            return "waiting"
        if self.state == Job.State.FAILED:
            return "failed"
        return "ready" if self.is_ready(at=timezone.now()) else "expired"
