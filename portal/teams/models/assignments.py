"""Who develops for which company, and until when."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from portal.core.models import PublicIdModel
from portal.core.states import StateField, StateModel, transition
from portal.teams.models.people import Agency, Developer

if TYPE_CHECKING:
    from portal.accounts.models import Company, User

NOTICE = timedelta(days=30)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments, as far as somebody may know of them."""

    def visible_to(self, user: "User") -> Self:
        """A developer's own, in active companies; those that were declined never concerned the developer."""
        return self.filter(developer__user=user, company__is_active=True).exclude(status=Assignment.Status.REJECTED)

    def for_company(self, company: "Company") -> Self:
        """Those of one company."""
        return self.filter(company=company)

    def of_agency(self, agency: Agency) -> Self:
        """Those of an agency's developers."""
        return self.filter(developer__agency=agency).exclude(status=Assignment.Status.REJECTED)

    def open(self) -> Self:
        """Those that are proposed, active or under notice."""
        return self.filter(status__in=Assignment.OPEN)

    def giving_access(self, *, today: date) -> Self:
        """Those by which a developer reaches a company on this day, whether or not the nightly end has run."""
        under_way = Q(status=Assignment.Status.ACTIVE) | Q(status=Assignment.Status.NOTICE, ends_on__gt=today)
        return self.filter(under_way, company__is_active=True, developer__status=Developer.Status.APPROVED)

    def ending_by(self, day: date) -> Self:
        """Those under notice that end on this day or have been due before, the earliest first."""
        return self.filter(status=Assignment.Status.NOTICE, ends_on__lte=day).order_by("ends_on", "pk")

    def with_people(self) -> Self:
        """With company, developer, account and agency at hand."""
        return self.select_related("company", "developer__user", "developer__agency")

    def newest(self) -> Self:
        """The latest proposal first."""
        return self.order_by("-proposed_at", "-pk")


class Assignment(StateModel, PublicIdModel):
    """A developer's place in a company's team, on the days from `starts_on` up to, not including, `ends_on`.

    Staff propose, the company decides; a removal gives 30 days' notice, after which it ends by itself.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed"
        ACTIVE = "active"
        REJECTED = "rejected"
        NOTICE = "notice", "Under notice"
        ENDED = "ended"

    OPEN = (Status.PROPOSED, Status.ACTIVE, Status.NOTICE)
    IN_TEAM = (Status.ACTIVE, Status.NOTICE)

    company = models.ForeignKey(
        "accounts.Company", on_delete=models.PROTECT, related_name="assignments", db_index=False
    )
    developer = models.ForeignKey(Developer, on_delete=models.PROTECT, related_name="assignments", db_index=False)
    status = StateField(max_length=8, choices=Status.choices, default=Status.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    note = models.TextField(blank=True, help_text="Why this developer: the company reads it when it decides.")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    removal_reason = models.TextField(blank=True, help_text="Why somebody asked for the removal.")
    notice_reason = models.TextField(blank=True, help_text="Why staff withdrew or shortened the notice.")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "developer"],
                condition=Q(status__in=["proposed", "active", "notice"]),
                name="teams_assignment_one_open",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["notice", "ended"], ends_on__isnull=False)
                | (~Q(status__in=["notice", "ended"]) & Q(ends_on=None)),
                name="teams_assignment_ends_under_notice",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["active", "notice", "ended"], starts_on__isnull=False)
                | (~Q(status__in=["active", "notice", "ended"]) & Q(starts_on=None)),
                name="teams_assignment_starts_when_active",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="teams_assignment_period"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "status", "-proposed_at", "-id"], name="teams_of_company"),
            models.Index(fields=["developer", "status", "-proposed_at", "-id"], name="teams_of_developer"),
            models.Index(fields=["ends_on", "id"], condition=Q(status="notice"), name="teams_ending"),
        ]

    def __str__(self) -> str:
        return f"Assignment to {self.company}"

    def gives_access(self, *, today: date) -> bool:
        """Whether state and days let the developer in: `ends_on` is the first day without access."""
        if self.status == Assignment.Status.NOTICE:
            return self.ends_on is not None and today < self.ends_on
        return bool(self.status == Assignment.Status.ACTIVE)

    def days_left(self, *, today: date) -> int | None:
        """Days of access that remain, today included; None where no end is set."""
        return None if self.ends_on is None else max((self.ends_on - today).days, 0)

    @property
    def last_day(self) -> date | None:
        """The last day of access, where an end is set."""
        return self.ends_on - timedelta(days=1) if self.ends_on else None

    @transition(status, source=Status.PROPOSED, target=Status.ACTIVE)
    def start(self, *, today: date) -> None:
        """Join the team."""
        self.starts_on = today

    @transition(status, source=Status.PROPOSED, target=Status.REJECTED)
    def decline(self) -> None:
        """Stay out of the team: the company said no, or staff took the proposal back."""

    @transition(status, source=Status.ACTIVE, target=Status.NOTICE)
    def give_notice(self, *, today: date) -> None:
        """Begin the thirty days after which the assignment ends."""
        self.ends_on = today + NOTICE

    @transition(status, source=Status.NOTICE, target=Status.ACTIVE)
    def withdraw_notice(self) -> None:
        """Stay in the team."""
        self.ends_on = None

    @transition(status, source=Status.NOTICE, target=Status.ENDED)
    def end(self) -> None:
        """Leave the team; the last day was the one before `ends_on`."""
