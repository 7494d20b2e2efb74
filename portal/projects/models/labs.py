"""Who people are at Buildly Labs, what they can reach there, and the work of reading it."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.core.fields import EncryptedTextField
from portal.core.models import Job, PublicIdModel
from portal.projects.models.projects import Project

# A token that ends within this time is renewed first.
LEEWAY = timedelta(minutes=1)
# What was read longer ago than this is marked as old: the daily run has missed it.
STALE_AFTER = timedelta(hours=36)


class LabsAccount(PublicIdModel):
    """The link between a person and an account at Labs. `subject` is who that is; the address proves nothing.

    `refresh_ends_at` belongs to whoever renews the token: a refresh token may be good for one time only.
    """

    class Kind(models.TextChoices):
        OAUTH = "oauth", "Signed in at Labs"
        TOKEN = "token", "API token"

    class State(models.TextChoices):
        OK = "ok", "Works"
        REFUSED = "refused", "Refused by Labs"
        UNREACHABLE = "unreachable", "Labs did not answer"

    class Header(models.TextChoices):
        BEARER = "bearer", "Authorization"
        API_TOKEN = "api_token", "X-API-Token"
        API_KEY = "api_key", "X-API-Key"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="labs_account")
    subject = models.CharField(max_length=64, unique=True, editable=False)
    email = models.CharField(max_length=254, blank=True, editable=False)
    name = models.CharField(max_length=201, blank=True, editable=False)
    kind = models.CharField(max_length=5, choices=Kind.choices, editable=False)
    header = models.CharField(max_length=9, choices=Header.choices, default=Header.BEARER, editable=False)
    access_token = EncryptedTextField(editable=False)
    refresh_token = EncryptedTextField(blank=True, default="", editable=False)
    expires_at = models.DateTimeField(null=True, editable=False)
    scopes = models.CharField(max_length=200, blank=True, editable=False)
    state = models.CharField(max_length=11, choices=State.choices, default=State.OK, editable=False)
    linked_at = models.DateTimeField(editable=False)
    refreshed_at = models.DateTimeField(editable=False)
    refresh_ends_at = models.DateTimeField(null=True, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "Labs account"

    def __str__(self) -> str:
        return self.name or self.email or self.subject

    def is_expired(self, *, at: datetime) -> bool:
        """Whether the token is over, or nearly."""
        return self.expires_at is not None and self.expires_at <= at + LEEWAY


class LabsProjectQuerySet(models.QuerySet["LabsProject"]):
    """Projects at Labs."""

    def waiting(self) -> Self:
        """Those of which nobody has said yet whose they are."""
        return self.filter(state=LabsProject.State.WAITING)

    def unreached(self) -> Self:
        """Those that nobody has to do with any more: no account reaches them, and nobody has decided."""
        return self.waiting().filter(reaches=None)


class LabsProject(PublicIdModel):
    """A project at Labs that linked people can reach, and what Labs tells of it.

    `company` and `suggestion` are guesses for staff; only `project` counts, and only through it a company sees it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for a decision"
        JOINED = "joined", "Joined to a project"
        LEFT_OUT = "left_out", "Left out"

    # The UUID that Labs gives it, else its number there.
    key = models.CharField(max_length=64, unique=True, editable=False)
    uuid = models.UUIDField(null=True, unique=True, editable=False)
    number = models.CharField(max_length=20, blank=True, editable=False)
    name = models.CharField(max_length=200, editable=False)
    url = models.CharField(max_length=300, blank=True, editable=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING, editable=False)
    company = models.ForeignKey(
        "accounts.Company", null=True, blank=True, on_delete=models.SET_NULL, related_name="labs_projects"
    )
    suggestion = models.ForeignKey(
        Project, null=True, on_delete=models.SET_NULL, related_name="labs_suggestions", editable=False
    )
    project = models.OneToOneField(
        Project, null=True, on_delete=models.SET_NULL, related_name="labs_project", editable=False
    )
    milestones = models.JSONField(default=list, editable=False)
    releases = models.JSONField(default=list, editable=False)
    usage = models.JSONField(default=dict, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)
    first_seen_at = models.DateTimeField(editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)

    objects = LabsProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "project in Labs"
        verbose_name_plural = "projects in Labs"
        constraints = [
            models.CheckConstraint(condition=Q(project=None) | Q(state="joined"), name="projects_labsproject_joined")
        ]
        indexes = [
            models.Index(fields=["-first_seen_at", "-id"], name="projects_labs_newest"),
            models.Index(fields=["state", "-first_seen_at", "-id"], name="projects_labs_state"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_stale(self, *, at: datetime) -> bool:
        """Whether what it tells is old."""
        return self.read_at is not None and at - self.read_at > STALE_AFTER


class LabsReach(models.Model):
    """That an account reaches a project at Labs, when it was last asked."""

    account = models.ForeignKey(LabsAccount, on_delete=models.CASCADE, related_name="reaches", db_index=False)
    labs_project = models.ForeignKey(LabsProject, on_delete=models.CASCADE, related_name="reaches")

    class Meta:
        verbose_name_plural = "Labs reaches"
        constraints = [models.UniqueConstraint(fields=["account", "labs_project"], name="projects_labsreach_once")]

    def __str__(self) -> str:
        return f"{self.account_id} reaches {self.labs_project_id}"


class LabsReading(Job):
    """One look at what an account reaches at Labs. The row is the job."""

    task: ClassVar[str] = "portal.projects.tasks.read_labs_account"
    lease: ClassVar[timedelta] = timedelta(minutes=5)

    account = models.ForeignKey(LabsAccount, on_delete=models.CASCADE, related_name="readings")
    result = models.CharField(max_length=11, choices=LabsAccount.State.choices, blank=True)

    class Meta(Job.Meta):
        indexes = [
            *Job.Meta.indexes,
            models.Index(fields=["finished_at"], condition=Q(finished_at__isnull=False), name="projects_labs_read_old"),
        ]

    def __str__(self) -> str:
        return f"Reading of {self.account_id}"
