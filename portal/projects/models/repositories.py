"""Repositories on GitHub, what was read of them, and the work of reading."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from portal.core.fields import EncryptedTextField
from portal.core.models import Job, PublicIdModel
from portal.projects.models.projects import Project
from portal.teams.models import Developer

# GitHub: an account is letters, digits and hyphens; a repository may have dots and underscores, but not be "." or "..".
FULL_NAME = RegexValidator(
    r"^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$",
    "Write owner and name as they stand in the address on GitHub: owner/name.",
)
LONGEST_NAME = 140
# What was read longer ago than this is marked as old: the daily run has missed it.
STALE_AFTER = timedelta(hours=36)


class RepositoryQuerySet(models.QuerySet["Repository"]):
    """Repositories."""

    def named(self, *, github_id: int | None, names: Collection[str]) -> Self:
        """Those that GitHub means: by its own number, or by name where that is not known yet."""
        by_name = Q(github_id=None) & Q(lower_name__in=[name.lower() for name in names])
        return self.alias(lower_name=Lower("full_name")).filter(
            Q(github_id=github_id, github_id__isnull=False) | by_name
        )

    def in_order(self) -> Self:
        """By name, with figures at hand."""
        return self.select_related("figures").order_by("full_name", "pk")


class Repository(PublicIdModel):
    """A repository of a project.

    `state` is what asking GitHub last has shown. Figures are of `synced_at`, and stay while it gives none.
    The token is shown to nobody once it is kept; `token_key` says of two tokens only whether they are the same.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Not asked yet"
        OK = "ok", "Up to date"
        BAD_TOKEN = "bad_token", "Token refused"
        MISSING = "missing", "Not found"
        RATE_LIMITED = "rate_limited", "Waiting for GitHub"
        UNREACHABLE = "unreachable", "GitHub did not answer"

    class Verdict(models.TextChoices):
        UNKNOWN = "unknown", "Not known"
        RIGHT = "right", "May read, and no more"
        TOO_MUCH = "too_much", "May more than it needs"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="repositories", db_index=False)
    full_name = models.CharField("Owner and name", max_length=LONGEST_NAME, validators=[FULL_NAME])
    # GitHub's own number: it stays when the repository is renamed or moves.
    github_id = models.BigIntegerField(null=True, editable=False)
    is_private = models.BooleanField(null=True, editable=False)
    token = EncryptedTextField(blank=True, default="", editable=False)
    token_key = models.CharField(max_length=64, blank=True, editable=False)
    token_scopes = models.JSONField(default=list, editable=False)
    token_expires_at = models.DateTimeField(null=True, editable=False)
    token_verdict = models.CharField(
        max_length=8,
        choices=Verdict.choices,
        default=Verdict.UNKNOWN,
        editable=False,
        verbose_name="What the token may",
    )
    webhook_secret = EncryptedTextField(blank=True, default="", editable=False)
    webhook_heard_at = models.DateTimeField(null=True, editable=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING, editable=False)
    detail = models.CharField(max_length=300, blank=True, editable=False)
    synced_at = models.DateTimeField(null=True, editable=False)
    tried_at = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    # Made up for the demo: never asked for at GitHub.
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RepositoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "repositories"
        constraints = [
            models.UniqueConstraint("project", Lower("full_name"), name="projects_repository_once"),
        ]
        indexes = [
            models.Index(Lower("full_name"), name="projects_repository_name"),
            models.Index(fields=["github_id"], name="projects_repository_number"),
            models.Index(fields=["token_key"], condition=~Q(token_key=""), name="projects_repository_token"),
            models.Index(fields=["state", "full_name", "id"], name="projects_repository_state"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def url(self) -> str:
        """Where people look at it."""
        return f"https://github.com/{self.full_name}"

    def is_stale(self, *, at: datetime) -> bool:
        """Whether its figures are old, or those of a repository that does not answer any more."""
        if self.is_demo or self.synced_at is None:
            return False
        return self.state not in (self.State.OK, self.State.WAITING) or at - self.synced_at > STALE_AFTER


class RepositoryFigures(models.Model):
    """What one synchronisation has read of a repository.

    `weeks` are commits of the last 52 weeks, the oldest first; the last of them ends at `taken_at`. `etags` are what
    GitHub called the answers that the figures are from: it says when they still hold.
    """

    repository = models.OneToOneField(Repository, primary_key=True, on_delete=models.CASCADE, related_name="figures")
    commits = models.PositiveIntegerField(default=0)
    open_pull_requests = models.PositiveIntegerField(default=0)
    merged_pull_requests = models.PositiveIntegerField(default=0)
    open_issues = models.PositiveIntegerField(default=0)
    # Open issues and pull requests together, as GitHub counts them.
    open_items = models.PositiveIntegerField(default=0, editable=False)
    contributors = models.PositiveIntegerField(default=0)
    commits_this_week = models.PositiveIntegerField(default=0)
    weeks = models.JSONField(default=list)
    # GitHub still counts them: it was asked, and asks for patience.
    weeks_pending = models.BooleanField(default=False)
    etags = models.JSONField(default=dict)
    taken_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "figures of repositories"

    def __str__(self) -> str:
        return f"Figures of {self.repository_id}"


class Contribution(models.Model):
    """Commits of a developer of the project in a repository, found by the developer's name on GitHub."""

    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="contributions", db_index=False)
    developer = models.ForeignKey(Developer, on_delete=models.CASCADE, related_name="contributions")
    commits = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["repository", "developer"], name="projects_contribution_once")]

    def __str__(self) -> str:
        return f"{self.developer_id}: {self.commits} commits"


class Synchronisation(Job):
    """One look at a repository on GitHub. The row is the job; a second one that waits is not added (`queue`)."""

    task: ClassVar[str] = "portal.projects.tasks.synchronise"
    drain: ClassVar[str] = "portal.projects.tasks.synchronise_waiting"
    lease: ClassVar[timedelta] = timedelta(minutes=10)

    class Cause(models.TextChoices):
        DAILY = "daily", "Every day"
        WEBHOOK = "webhook", "GitHub told of a change"
        STAFF = "staff", "Asked for"
        AGAIN = "again", "Once more"

    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="synchronisations")
    cause = models.CharField(max_length=7, choices=Cause.choices, default=Cause.DAILY)
    calls = models.PositiveSmallIntegerField(default=0)
    result = models.CharField(max_length=12, choices=Repository.State.choices, blank=True)

    class Meta(Job.Meta):
        indexes = [
            *Job.Meta.indexes,
            models.Index(fields=["finished_at"], condition=Q(finished_at__isnull=False), name="projects_syncs_old"),
        ]

    def __str__(self) -> str:
        return f"Synchronisation of {self.repository_id}"
