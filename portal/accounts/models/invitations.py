"""Who was asked to join a company, by e-mail; and who asks to."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from portal.accounts.models.companies import Company, Membership
from portal.core.models import PublicIdModel
from portal.core.states import StateField, StateModel, transition
from portal.notifications.models import Sending

if TYPE_CHECKING:
    from portal.accounts.models.users import User

LIFETIME = timedelta(days=7)


def digest_of(token: str) -> str:
    """What the database knows of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations of companies; the invited person finds theirs by the token of the e-mail, or by a proved address."""

    def for_company(self, company: Company) -> Self:
        """Those of one company."""
        return self.filter(company=company)

    def pending(self) -> Self:
        """Those that nobody has accepted or revoked; some may have expired."""
        return self.filter(status=Invitation.Status.PENDING)

    def by_token(self, token: str) -> Self:
        """The one that this token opens, whatever its state."""
        return self.filter(token_digest=digest_of(token))

    def to_proved_addresses_of(self, user: "User") -> Self:
        """Those for an address that the person has confirmed; that it merely stands in the account proves nothing."""
        proved = EmailAddress.objects.filter(user=user, verified=True).annotate(lower=Lower("email"))
        return self.filter(email__in=proved.values("lower"))


class Invitation(StateModel, PublicIdModel):
    """An invitation to join a company, for one address, once.

    The token follows from the secret key, `public_id` and `nonce`, so that the mail can be written without storing it;
    looked up by digest alone. Sending again makes another nonce, and the old link dead.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        ACCEPTED = "accepted"
        REVOKED = "revoked"

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="invitations", db_index=False)
    email = models.EmailField()
    role = models.CharField(max_length=8, choices=Membership.Role.choices)
    can_approve_developers = models.BooleanField()
    can_sign_contracts = models.BooleanField()
    can_manage_billing = models.BooleanField()
    grants = models.JSONField(default=dict, blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    nonce = models.CharField(max_length=32, editable=False)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    status = StateField(max_length=8, choices=Status.choices, default=Status.PENDING)
    closed_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "email"], condition=Q(status="pending"), name="accounts_invitation_one_pending"
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="accounts_invitation_email_lower"),
        ]
        indexes = [models.Index(fields=["company", "-sent_at"], name="accounts_invitation_company")]

    def __str__(self) -> str:
        return f"Invitation to {self.company}"

    @property
    def token(self) -> str:
        """What stands in the link."""
        return salted_hmac("accounts.invitation", f"{self.public_id}:{self.nonce}", algorithm="sha256").hexdigest()

    def has_expired(self, at: datetime) -> bool:
        """Whether its seven days are over."""
        return at >= self.expires_at

    def renew(self, *, at: datetime) -> None:
        """Give it another link and seven days more."""
        self.nonce = secrets.token_hex(16)
        self.token_digest = digest_of(self.token)
        self.sent_at, self.expires_at = at, at + LIFETIME

    @transition(status, source=Status.PENDING, target=Status.ACCEPTED)
    def accept(self, *, by: "User", at: datetime) -> None:
        """Somebody joined by it."""
        self.accepted_by, self.closed_at = by, at

    @transition(status, source=Status.PENDING, target=Status.REVOKED)
    def revoke(self, *, at: datetime) -> None:
        """It was taken back."""
        self.closed_at = at


class InvitationMail(Sending):
    """The e-mail of one sending of an invitation."""

    task: ClassVar[str] = "portal.accounts.tasks.send_invitation"

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="+")
    nonce = models.CharField(max_length=32)

    def __str__(self) -> str:
        return f"E-mail of {self.invitation}"


class JoinRequest(PublicIdModel):
    """Somebody whose address is of the company's domain asks to join; an approval of kind `join_request` decides."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="join_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="join_requests")
    message = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "user"], name="accounts_joinrequest_once")]

    def __str__(self) -> str:
        return f"Joining {self.company}"
