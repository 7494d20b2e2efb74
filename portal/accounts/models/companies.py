"""The tenant and its members."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from portal.accounts.models.choices import Industry, Size
from portal.core import files
from portal.core.fields import EncryptedTextField
from portal.core.models import PublicIdModel
from portal.core.names import ONE_LINE
from portal.core.states import StateField, StateModel, transition

if TYPE_CHECKING:
    from portal.accounts.models.users import User


class CompanyQuerySet(models.QuerySet["Company"]):
    """Companies, as far as somebody may know of them."""

    def visible_to(self, user: "User") -> Self:
        """Companies that `user` belongs to; staff see all."""
        return self.all() if user.is_staff else self.filter(memberships__user=user)

    def with_domain(self, domain: str) -> Self:
        """The active company whose own domain this is."""
        return self.filter(is_active=True, email_domain=domain.lower()).exclude(email_domain="")


class Company(StateModel, PublicIdModel):
    """The customer organisation: the tenant. What belongs to one does not exist for another."""

    class Verification(models.TextChoices):
        UNVERIFIED = "unverified", "Not verified"
        PENDING = "pending", "Being checked"
        VERIFIED = "verified"
        REJECTED = "rejected", "Not approved"
        EXPIRED = "expired"

    name = models.CharField(max_length=120, validators=[ONE_LINE])
    slug = models.SlugField(max_length=80, unique=True)
    legal_name = models.CharField(max_length=160, blank=True, validators=[ONE_LINE])
    registration_number = models.CharField(max_length=60, blank=True)
    country = models.CharField(max_length=2, default="KE", help_text="ISO 3166-1 alpha-2")
    currency = models.CharField(max_length=3, default="KES", help_text="ISO 4217")
    industry = models.CharField(max_length=20, choices=Industry.choices, blank=True)
    size = models.CharField(max_length=8, choices=Size.choices, blank=True)
    website = models.URLField(blank=True)
    email = models.EmailField("contact e-mail", blank=True)
    phone = models.CharField(max_length=20, blank=True, help_text="E.164")
    tax_id = EncryptedTextField(null=True, blank=True)
    billing_email = models.EmailField(blank=True)
    billing_street = models.CharField(max_length=200, blank=True)
    billing_city = models.CharField(max_length=80, blank=True)
    billing_region = models.CharField(max_length=80, blank=True)
    billing_postal_code = models.CharField(max_length=20, blank=True)
    billing_country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2")
    is_labs_customer = models.BooleanField(default=False)
    labs_url = models.URLField(blank=True)
    logo = models.FileField(storage=files.private_storage, upload_to=files.Folder("logos"), blank=True)
    email_domain = models.CharField(max_length=120, blank=True)
    email_domain_verified_at = models.DateTimeField(null=True, blank=True)
    verification = StateField(max_length=10, choices=Verification.choices, default=Verification.UNVERIFIED)
    verified_at = models.DateTimeField(null=True, blank=True)
    verification_ends_on = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "companies"
        ordering = ["name"]
        permissions = [
            ("verify_company", "Can decide on the verification of companies"),
            ("override_company", "Can act in a company's place, with a reason"),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("email_domain"), condition=~Q(email_domain=""), name="accounts_company_domain_unique"
            ),
            models.CheckConstraint(
                condition=~Q(verification="verified") | Q(verified_at__isnull=False),
                name="accounts_company_verified_at",
            ),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="accounts_company_by_name"),
            models.Index(
                fields=["verification_ends_on"], condition=Q(verification="verified"), name="accounts_company_lapsing"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_verified(self) -> bool:
        """Whether staff have checked who the company is, and its papers still hold."""
        return bool(self.verification == self.Verification.VERIFIED)

    @property
    def billing_lines(self) -> list[str]:
        """The billing address as it stands on an envelope, below the name; without the country."""
        place = " ".join(part for part in (self.billing_postal_code, self.billing_city) if part)
        return [line for line in (*self.billing_street.splitlines(), place, self.billing_region) if line]

    @transition(
        verification,
        source=[Verification.UNVERIFIED, Verification.REJECTED, Verification.EXPIRED],
        target=Verification.PENDING,
    )
    def await_verification(self) -> None:
        """Papers were handed in."""

    @transition(verification, source=Verification.PENDING, target=Verification.UNVERIFIED)
    def withdraw_verification(self) -> None:
        """The papers were taken back."""

    @transition(verification, source=[Verification.PENDING, Verification.VERIFIED], target=Verification.VERIFIED)
    def verify(self, *, at: datetime, ends_on: date | None) -> None:
        """Staff are satisfied, until the first of the papers ends."""
        self.verified_at, self.verification_ends_on = at, ends_on

    @transition(verification, source=Verification.PENDING, target=Verification.REJECTED)
    def refuse_verification(self) -> None:
        """Staff are not satisfied."""

    @transition(verification, source=Verification.VERIFIED, target=Verification.EXPIRED)
    def expire_verification(self) -> None:
        """One of the papers has ended."""

    @transition(verification, source=Verification.VERIFIED, target=Verification.UNVERIFIED)
    def unsettle_verification(self) -> None:
        """What was checked is not true any more: the company has another name, number or country."""
        self.verified_at, self.verification_ends_on = None, None


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships."""

    def with_people(self) -> Self:
        """With the people at hand, owners first, then by name."""
        rank = models.Case(
            *(models.When(role=role, then=place) for place, role in enumerate(Membership.Role)),
            output_field=models.IntegerField(),
        )
        return self.select_related("user").order_by(rank, "user__first_name", "user__last_name", "pk")


class Membership(models.Model):
    """A user's role in a company, with the three rights that an owner may switch on one by one."""

    class Role(models.TextChoices):
        OWNER = "owner"
        ADMIN = "admin"
        BILLING = "billing"
        VIEWER = "viewer"

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices)
    can_approve_developers = models.BooleanField()
    can_sign_contracts = models.BooleanField()
    can_manage_billing = models.BooleanField()
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(null=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "user"], name="accounts_membership_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=["owner", "admin", "billing", "viewer"]), name="accounts_membership_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()}) of {self.company}"
