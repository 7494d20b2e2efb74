"""Work done for companies."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from portal.core.models import PublicIdModel
from portal.core.states import StateField, StateModel, transition
from portal.teams.models import Assignment

if TYPE_CHECKING:
    from portal.accounts.models import Company, User


class ProjectQuerySet(models.QuerySet["Project"]):
    """Projects, as far as somebody may know of them."""

    def visible_to(self, user: "User", *, today: date) -> Self:
        """A member's companies' and those a developer works on; staff see all."""
        if user.is_staff:
            return self.all()
        return self.filter(
            Q(company__memberships__user=user, company__is_active=True) | Q(pk__in=_worked_on(user, today))
        ).distinct()

    def worked_on_by(self, user: "User", *, today: date) -> Self:
        """Those a developer works on, while the place in the company's team gives access."""
        return self.filter(pk__in=_worked_on(user, today))

    def for_company(self, company: "Company") -> Self:
        """Those of one company."""
        return self.filter(company=company)

    def under_way(self) -> Self:
        """Those on which somebody works, or is about to."""
        return self.filter(status__in=[Project.Status.PLANNING, Project.Status.ACTIVE])

    def completed(self) -> Self:
        """Those that are done."""
        return self.filter(status=Project.Status.COMPLETED)

    def not_completed(self) -> Self:
        """Those that are not done, whether or not somebody works on them now."""
        return self.exclude(status=Project.Status.COMPLETED)

    def newest(self) -> Self:
        """The latest first."""
        return self.order_by("-created_at", "-pk")

    def with_parts(self) -> Self:
        """With milestones, people and repositories at hand: five queries, however many projects."""
        places = ProjectDeveloper.objects.select_related("assignment__developer__user").order_by("since_on", "pk")
        return self.prefetch_related(
            models.Prefetch("milestones", Milestone.objects.order_by("due_on", "pk")),
            models.Prefetch("developers", places),
            "repositories__figures",
        )


class Project(StateModel, PublicIdModel):
    """Work done for a company."""

    class Type(models.TextChoices):
        LABS = "labs"
        CUSTOM = "custom"
        MAINTENANCE = "maintenance"

    class Status(models.TextChoices):
        PLANNING = "planning"
        ACTIVE = "active"
        PAUSED = "paused"
        COMPLETED = "completed"

    company = models.ForeignKey("accounts.Company", on_delete=models.PROTECT, related_name="projects", db_index=False)
    name = models.CharField(max_length=120)
    type = models.CharField(max_length=11, choices=Type.choices)
    status = StateField(max_length=9, choices=Status.choices, default=Status.PLANNING)
    description = models.TextField(blank=True)
    labs_url = models.URLField("Labs address", max_length=300, blank=True)
    # What Labs calls it; matched once, and kept when it is renamed there.
    labs_uuid = models.UUIDField(null=True, blank=True, editable=False)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True, help_text="The first day after it; empty for no end.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="projects_project_name"),
            models.UniqueConstraint(fields=["labs_uuid"], name="projects_project_labs_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gt=F("starts_on")),
                name="projects_project_period",
            ),
        ]
        indexes = [models.Index(fields=["company", "status", "-created_at", "-id"], name="projects_of_company")]
        permissions = [("run_project", "Can change the state of projects, their people and repositories")]

    def __str__(self) -> str:
        return self.name

    @transition(status, source=(Status.PLANNING, Status.PAUSED), target=Status.ACTIVE)
    def start(self) -> None:
        """Work begins, or goes on."""

    @transition(status, source=(Status.PLANNING, Status.ACTIVE), target=Status.PAUSED)
    def pause(self) -> None:
        """Nobody works on it for a while."""

    @transition(status, source=(Status.ACTIVE, Status.PAUSED), target=Status.COMPLETED)
    def complete(self) -> None:
        """It is done."""

    @transition(status, source=Status.COMPLETED, target=Status.ACTIVE)
    def reopen(self) -> None:
        """It was not done yet."""


def _worked_on(user: "User", today: date) -> models.QuerySet[Any, Any]:
    inside = Assignment.objects.filter(developer__user=user).giving_access(today=today)
    return ProjectDeveloper.objects.filter(assignment__in=inside).values("project")


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    """Milestones."""

    def upcoming(self, *, today: date) -> Self:
        """Those that are not reached yet, the next first; those that are late come before."""
        return self.filter(reached_on=None).order_by("due_on", "pk")


class Milestone(PublicIdModel):
    """A point of a project that is to be reached by a day."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones", db_index=False)
    name = models.CharField(max_length=160)
    description = models.TextField(blank=True)
    due_on = models.DateField()
    reached_on = models.DateField(null=True, blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["project", "due_on", "id"], name="projects_milestones")]

    def __str__(self) -> str:
        return self.name


class ProjectDeveloper(models.Model):
    """A developer's part in a project, by their place in the company's team: it ends when that ends."""

    class Role(models.TextChoices):
        LEAD = "lead"
        DEVELOPER = "developer"
        REVIEWER = "reviewer"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="developers", db_index=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="project_roles")
    role = models.CharField(max_length=9, choices=Role.choices, default=Role.DEVELOPER)
    since_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "assignment"], name="projects_projectdeveloper_once")]

    def __str__(self) -> str:
        return f"{self.assignment.developer}, {self.get_role_display()}"
