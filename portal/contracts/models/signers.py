"""Who signs, in which order, and what they signed."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.accounts.models import ConsentText
from portal.contracts.models.contracts import Contract
from portal.contracts.models.texts import ContractText
from portal.core.models import Job, PublicIdModel
from portal.core.states import StateField, StateModel, transition

if TYPE_CHECKING:
    from portal.accounts.models import User


class Side(models.TextChoices):
    """For whom somebody signs."""

    COMPANY = "company"
    VENDOR = "vendor"


class SignerQuerySet(models.QuerySet["Signer"]):
    """Those who sign."""

    def waiting_for(self, user: "User") -> Self:
        """Places in which this person is asked to sign now."""
        return self.filter(user=user, status=Signer.Status.INVITED, contract__status=Contract.Status.SENT)

    def open(self) -> Self:
        """Those who have yet to sign."""
        return self.filter(status__in=Signer.OPEN)

    def in_order(self) -> Self:
        """As they sign: the company's, then the vendor's."""
        return self.order_by("position", "pk")


class Signer(StateModel, PublicIdModel):
    """A place for a signature in a contract: who is to sign it, for which side, and how far they are.

    `position` counts from 1 within the contract; the company's come before the vendor's. Whoever delegates stays as a
    record, and the one it went to takes the same position.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "Not their turn yet"
        INVITED = "invited", "Asked to sign"
        SIGNED = "signed"
        DECLINED = "declined"
        DELEGATED = "delegated"

    OPEN = (Status.WAITING, Status.INVITED)

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="signers", db_index=False)
    side = models.CharField(max_length=7, choices=Side.choices)
    position = models.PositiveSmallIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120, blank=True, help_text="As what they sign, such as “Managing director”.")
    status = StateField(max_length=9, choices=Status.choices, default=Status.WAITING)
    delegated_from = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="delegated_to"
    )
    invited_at = models.DateTimeField(null=True, editable=False)
    opened_at = models.DateTimeField(null=True, editable=False)
    viewed_at = models.DateTimeField(null=True, editable=False, help_text="When they had seen all of the text.")
    reminded_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SignerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "user"], condition=~Q(status="delegated"), name="contracts_signer_once"
            ),
            models.UniqueConstraint(
                fields=["contract", "position"], condition=~Q(status="delegated"), name="contracts_signer_position"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "contract"], condition=Q(status="invited"), name="contracts_signers_asked")
        ]

    def __str__(self) -> str:
        return str(self.user)

    @transition(status, source=Status.WAITING, target=Status.INVITED)
    def invite(self, *, at: datetime) -> None:
        """Their turn has come."""
        self.invited_at = at

    @transition(status, source=(Status.INVITED, Status.SIGNED), target=Status.WAITING)
    def start_again(self) -> None:
        """The text was taken back: what they have seen and signed of it counts no more."""
        self.invited_at = self.opened_at = self.viewed_at = self.reminded_at = None

    @transition(status, source=Status.INVITED, target=Status.SIGNED)
    def sign(self) -> None:
        """They have signed."""

    @transition(status, source=Status.INVITED, target=Status.DECLINED)
    def decline(self) -> None:
        """They said no."""

    @transition(status, source=Status.INVITED, target=Status.DELEGATED)
    def delegate(self) -> None:
        """Somebody else of their side signs instead."""


class Signature(PublicIdModel):
    """One signature under one version of a text, with all that shows whose it is; the database refuses every change.

    `sha256` is that of the signature's own record, as `services.evidence` writes it down.
    """

    class Authentication(models.TextChoices):
        PASSWORD = "password", "Password, asked again at signing"
        SECOND_FACTOR = "second_factor", "Second factor, asked again at signing"

    signer = models.ForeignKey(Signer, on_delete=models.PROTECT, related_name="signatures", db_index=False)
    text = models.ForeignKey(ContractText, on_delete=models.PROTECT, related_name="signatures")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    typed_name = models.CharField(max_length=120)
    email = models.EmailField()
    side = models.CharField(max_length=7, choices=Side.choices)
    title = models.CharField(max_length=120, blank=True)
    authentication = models.CharField(max_length=13, choices=Authentication.choices)
    ip_address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=400, blank=True)
    time_zone = models.CharField(max_length=64, blank=True, help_text="Of the signer's browser, as it says itself.")
    signed_at = models.DateTimeField()
    text_sha256 = models.CharField(max_length=64)
    consent_text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+")
    consent_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["signer", "text"], name="contracts_signature_once")]

    def __str__(self) -> str:
        return self.typed_name


class TurnJob(Job):
    """Tell those whose turn has come to sign; and ours of the signature that came before, where there is one."""

    task = "portal.contracts.tasks.tell_turn"

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="+")
    signature = models.ForeignKey(Signature, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Job.Meta):
        pass

    def __str__(self) -> str:
        return f"Whose turn it is in {self.contract}"
