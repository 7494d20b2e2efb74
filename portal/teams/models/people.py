"""Developers and agencies."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models

from portal.core import files
from portal.core.models import PublicIdModel
from portal.core.states import StateField, StateModel, transition

if TYPE_CHECKING:
    from portal.accounts.models import User

MOST_SKILLS = 20
MOST_LINKS = 5
# GitHub: letters, digits and single hyphens, none at an end, 39 characters at most.
GITHUB_NAME = RegexValidator(
    r"^(?=.{1,39}$)[A-Za-z0-9]+(-[A-Za-z0-9]+)*$", "Give the name as it stands in your GitHub address."
)


class AgencyQuerySet(models.QuerySet["Agency"]):
    """Agencies, as far as somebody may know of them."""

    def visible_to(self, user: "User") -> Self:
        """Agencies that `user` administers; staff see all."""
        return self.all() if user.is_staff else self.filter(admins=user)


class Agency(PublicIdModel):
    """An organisation that supplies developers."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80, unique=True)
    admins = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="agencies")

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name


class DeveloperQuerySet(models.QuerySet["Developer"]):
    """Developers."""

    def approved(self) -> Self:
        """Those of the community: they can be assigned to companies."""
        return self.filter(status=Developer.Status.APPROVED)

    def with_person(self) -> Self:
        """With account and agency at hand."""
        return self.select_related("user", "agency")


class Developer(StateModel, PublicIdModel):
    """A person of the developer community, independent or of an agency; pending until staff decide."""

    class Status(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        REJECTED = "rejected"

    class Availability(models.TextChoices):
        FULL_TIME = "full_time", "Available full time"
        PART_TIME = "part_time", "Available part time"
        BUSY = "busy", "Not available now"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="developer")
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="developers")
    status = StateField(max_length=8, choices=Status.choices, default=Status.PENDING)
    headline = models.CharField(max_length=120, blank=True)
    skills = ArrayField(models.CharField(max_length=40), default=list, blank=True, size=MOST_SKILLS)
    links = ArrayField(models.URLField(max_length=300), default=list, blank=True, size=MOST_LINKS)
    github_name = models.CharField("GitHub name", max_length=39, blank=True, validators=[GITHUB_NAME])
    availability = models.CharField(max_length=9, choices=Availability.choices, default=Availability.FULL_TIME)
    cv = models.FileField("CV", storage=files.private_storage, upload_to=files.Folder("cvs"), blank=True)

    objects = DeveloperQuerySet.as_manager()

    class Meta:
        permissions = [
            ("approve_developer", "Can decide on the community membership of developers"),
            ("assign_developer", "Can propose developers to companies and change notices"),
            ("decide_removal", "Can decide on removals from teams"),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def is_approved(self) -> bool:
        """Whether the developer can be assigned to companies."""
        return bool(self.status == Developer.Status.APPROVED)

    @property
    def source(self) -> str:
        """Where the developer comes from: the agency's name, or "Independent"."""
        return self.agency.name if self.agency else "Independent"

    @property
    def cv_name(self) -> str:
        """What the CV is called when somebody saves it."""
        return f"CV {self}.pdf"

    @transition(status, source=Status.PENDING, target=Status.APPROVED)
    def approve(self) -> None:
        """Take into the community."""

    @transition(status, source=Status.PENDING, target=Status.REJECTED)
    def reject(self) -> None:
        """Decline the application."""

    @transition(status, source=Status.APPROVED, target=Status.REJECTED)
    def exclude(self) -> None:
        """Take the membership away."""

    @transition(status, source=Status.REJECTED, target=Status.PENDING)
    def apply_again(self) -> None:
        """Ask for another look."""
