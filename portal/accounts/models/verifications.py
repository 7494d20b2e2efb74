"""The papers by which staff know that a company is who it says."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.accounts.models.companies import Company
from portal.core import files
from portal.core.models import PublicIdModel
from portal.core.states import StateField, StateModel, transition

if TYPE_CHECKING:
    from portal.accounts.models.users import User


class Verification(StateModel, PublicIdModel):
    """One attempt of a company to be verified: papers collected, handed in, decided upon by staff."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Being prepared"
        PENDING = "pending", "Being checked"
        APPROVED = "approved"
        REJECTED = "rejected", "Not approved"
        WITHDRAWN = "withdrawn"

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="verifications")
    status = StateField(max_length=9, choices=Status.choices, default=Status.DRAFT)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(status__in=["draft", "pending"]),
                name="accounts_verification_one_open",
            )
        ]
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return str(self.company)

    @transition(status, source=Status.DRAFT, target=Status.PENDING)
    def submit(self, *, by: "User", at: datetime) -> None:
        """Hand the papers in."""
        self.submitted_by, self.submitted_at = by, at

    @transition(status, source=Status.PENDING, target=Status.APPROVED)
    def approve(self, *, at: datetime) -> None:
        """Staff are satisfied."""
        self.closed_at = at

    @transition(status, source=Status.PENDING, target=Status.REJECTED)
    def reject(self, *, at: datetime, reason: str) -> None:
        """Staff are not satisfied, and say why."""
        self.closed_at, self.reason = at, reason

    @transition(status, source=Status.PENDING, target=Status.WITHDRAWN)
    def withdraw(self, *, at: datetime) -> None:
        """The company took it back."""
        self.closed_at = at


class DocumentQuerySet(models.QuerySet["VerificationDocument"]):
    """Papers, as far as somebody may read them."""

    def visible_to(self, user: "User", *, company: Company | None = None) -> Self:
        """Staff who verify companies see all that was handed in; at a company's desk, the company's own."""
        if company is not None:
            return self.filter(verification__company=company)
        if user.is_staff and user.has_perm("accounts.verify_company"):
            return self.exclude(verification__status=Verification.Status.DRAFT)
        return self.none()

    def ending_between(self, today: date, last: date) -> Self:
        """Papers on which a standing verification rests, that end after `today`, up to `last`."""
        newer = Verification.objects.filter(
            company=models.OuterRef("verification__company"),
            status=Verification.Status.APPROVED,
            closed_at__gt=models.OuterRef("verification__closed_at"),
        )
        return self.filter(
            ~models.Exists(newer),
            verification__status=Verification.Status.APPROVED,
            verification__company__verification=Company.Verification.VERIFIED,
            expires_on__gt=today,
            expires_on__lte=last,
        )


class VerificationDocument(PublicIdModel):
    """One paper of a verification."""

    class Kind(models.TextChoices):
        REGISTRATION = "registration_certificate", "Registration certificate"
        TAX = "tax_certificate", "Tax certificate"
        ADDRESS = "proof_of_address", "Proof of address"
        DIRECTORS = "directors", "List of directors"

    REQUIRED = (Kind.REGISTRATION, Kind.TAX, Kind.ADDRESS)

    verification = models.ForeignKey(Verification, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    file = models.FileField(storage=files.private_storage, upload_to=files.Folder("verification"))
    name = models.CharField(max_length=files.LONGEST_NAME)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    expires_on = models.DateField(null=True, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField()

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["verification", "kind"], name="accounts_verificationdocument_one_of_a_kind")
        ]
        indexes = [
            models.Index(fields=["expires_on"], condition=Q(expires_on__isnull=False), name="accounts_document_ending")
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def has_ended(self, today: date) -> bool:
        """Whether it is not valid any more."""
        return self.expires_on is not None and self.expires_on <= today


def missing_from(documents: Iterable[VerificationDocument]) -> list[VerificationDocument.Kind]:
    """The kinds that a company has to hand in and has not."""
    there = {document.kind for document in documents}
    return [kind for kind in VerificationDocument.REQUIRED if kind not in there]
