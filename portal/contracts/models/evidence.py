"""What happened to a contract, as it can be shown to others."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from portal.contracts.models.contracts import Contract


class EvidenceEvent(models.Model):
    """One step of a contract's way to a signature: who, as what, with which proof, from where, and over which text.

    Append-only, and a chain: `sha256` covers the event and that of the event before, as `services.evidence` writes it
    down. Names and addresses are copied in, since a certificate of completion outlives the account.
    """

    class Kind(models.TextChoices):
        SENT = "sent"
        INVITED = "invited", "Asked to sign"
        OPENED = "opened"
        VIEWED = "viewed", "Viewed to the end"
        CONSENTED = "consented", "Agreed to sign electronically"
        SIGNED = "signed"
        COUNTERSIGNED = "counter_signed", "Counter-signed"
        DECLINED = "declined"
        DELEGATED = "delegated"
        REMINDED = "reminded"
        TAKEN_BACK = "taken_back", "Taken back"
        CANCELLED = "cancelled"
        EXPIRED = "expired"
        COMPLETED = "completed", "Signed by everybody"
        SEALED = "sealed"
        STAMPED = "stamped", "Time stamped"
        RENEWED = "renewed"
        RENEWAL_OFF = "renewal_off", "Will not be renewed"
        TERMINATED = "terminated"

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="evidence", db_index=False)
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=14, choices=Kind.choices)
    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160, blank=True)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=160, blank=True, help_text="For which side and as what.")
    authentication = models.CharField(max_length=40, blank=True)
    ip_address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=400, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    consent_sha256 = models.CharField(max_length=64, blank=True)
    result_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the signature, or of the sealed PDF.")
    data = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    previous_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "sequence"], name="contracts_evidenceevent_sequence")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.contract}"
