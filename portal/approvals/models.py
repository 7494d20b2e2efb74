"""One decision that waits for, or was made by, somebody entitled to it."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.approvals.registry import Kind, kinds
from portal.core.models import PublicIdModel
from portal.core.states import StateField, StateModel, transition

if TYPE_CHECKING:
    from portal.accounts.models import Company, User


class ApprovalQuerySet(models.QuerySet["Approval"]):
    """Approvals, as far as somebody may know of them."""

    def visible_to(self, user: "User", *, company: "Company | None" = None) -> Self:
        """Those that staff may decide; at a company's desk what the company decides; and what `user` asked for there.

        `company` is the request's, which the middleware found among the user's own.
        """
        mine = Q(asked_by=user, company=company) if company else Q(asked_by=user)
        if company is not None:
            return self.filter(mine | Q(company=company, kind__in=member_kinds()))
        return self.filter(mine | Q(kind__in=staff_kinds(user)))

    def for_company(self, company: "Company") -> Self:
        """Those that concern one company."""
        return self.filter(company=company)

    def about(self, subject: models.Model) -> Self:
        """Those of one subject."""
        return self.filter(content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk)

    def pending(self) -> Self:
        """Those that wait."""
        return self.filter(status=Approval.Status.PENDING)

    def waiting_for_staff(self, user: "User") -> Self:
        """Those that this member of staff is asked to decide; what companies decide themselves is not among them."""
        return self.pending().filter(kind__in=[code for code in staff_kinds(user) if not kinds.get(code).member_may])

    def waiting_for_member(self, user: "User", company: "Company") -> Self:
        """Those that a member may decide for the company."""
        may = [code for code in member_kinds() if (rule := kinds.get(code).member_may) and rule(user, company)]
        return self.pending().filter(company=company, kind__in=may)

    def oldest(self) -> Self:
        """In the order in which they came: whoever waits longest is first."""
        return self.order_by("asked_at", "pk")


class Approval(StateModel, PublicIdModel):
    """A request for a decision about a subject, and the decision; `subject_label` is its name at that time."""

    class Status(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        REJECTED = "rejected"
        CANCELLED = "cancelled"

    kind = models.CharField(max_length=60)
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+", db_index=False)
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    subject_label = models.CharField(max_length=200)
    company = models.ForeignKey(
        "accounts.Company", null=True, on_delete=models.PROTECT, related_name="approvals", db_index=False
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    status = StateField(choices=Status.choices, default=Status.PENDING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    comment = models.TextField(blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "content_type", "object_id"],
                condition=Q(status="pending"),
                name="approvals_approval_one_pending",
            ),
            models.CheckConstraint(
                condition=Q(status="pending", decided_at=None) | (~Q(status="pending") & Q(decided_at__isnull=False)),
                name="approvals_approval_decided_at",
            ),
            models.CheckConstraint(
                condition=~Q(status="rejected") | ~Q(comment=""), name="approvals_approval_rejected_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "asked_at", "id"], condition=Q(status="pending"), name="approvals_waiting"),
            models.Index(fields=["company", "status", "-asked_at", "-id"], name="approvals_of_company"),
            models.Index(fields=["content_type", "object_id", "-asked_at"], name="approvals_about"),
            models.Index(fields=["-asked_at", "-id"], name="approvals_newest"),
            models.Index(fields=["kind", "status", "-asked_at", "-id"], name="approvals_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.subject_label}"

    @property
    def rules(self) -> Kind:
        """What its kind says."""
        return kinds.get(self.kind)

    @property
    def label(self) -> str:
        """The name of its kind."""
        return kinds.get(self.kind).label if self.kind in kinds else self.kind

    @transition(status, source=Status.PENDING, target=Status.APPROVED)
    def approve(self, *, by: "User", at: datetime, comment: str = "") -> None:
        """Say yes."""
        self.decided_by, self.decided_at, self.comment = by, at, comment

    @transition(status, source=Status.PENDING, target=Status.REJECTED)
    def reject(self, *, by: "User", at: datetime, comment: str) -> None:
        """Say no, and why."""
        self.decided_by, self.decided_at, self.comment = by, at, comment

    @transition(status, source=Status.PENDING, target=Status.CANCELLED)
    def cancel(self, *, by: "User | None", at: datetime) -> None:
        """Take the question back."""
        self.decided_by, self.decided_at = by, at


def staff_kinds(user: "User") -> list[str]:
    """The kinds that this person may decide as staff."""
    return [code for code in kinds if user.is_staff and user.has_perm(kinds.get(code).permission)]


def member_kinds() -> list[str]:
    """The kinds that companies decide."""
    return [code for code in kinds if kinds.get(code).member_may is not None]
