"""Links that lead nowhere, for editors to mend."""

from datetime import timedelta
from typing import ClassVar

from django.db import models

from portal.core.models import Job


class BrokenLink(models.Model):
    """A link of a live page whose target does not exist, as the last check found it."""

    page = models.ForeignKey("knowledge.HelpPage", on_delete=models.CASCADE, related_name="broken_links")
    target = models.CharField(max_length=1000)
    reason = models.CharField(max_length=200)
    found_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "target"], name="knowledge_brokenlink_once")]

    def __str__(self) -> str:
        return self.target


class LinkCheck(Job):
    """A check of all links that an editor or the night asked for."""

    task: ClassVar[str] = "helpcenter.knowledge.tasks.run_link_check"
    lease: ClassVar[timedelta] = timedelta(minutes=15)

    pages = models.PositiveIntegerField(default=0, help_text="Pages to check.")
    checked = models.PositiveIntegerField(default=0, help_text="Pages checked so far.")
    found = models.PositiveIntegerField(default=0, help_text="Broken links found.")

    def __str__(self) -> str:
        return f"Check of {self.created_at:%d.%m.%Y %H:%M}"
