"""The certificate of completion: what the evidence and the signatures of a contract say, in words, and nothing else."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from portal.contracts.models import Contract, ContractText, EvidenceEvent, Signature
from portal.contracts.models.signers import Side
from portal.contracts.services import evidence

Fact = tuple[str, str]
NOBODY = "The portal"


@dataclass(frozen=True, slots=True)
class Block:
    """One signature under the text."""

    typed_name: str
    printed_name: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One event; `facts` leaves out what it does not have."""

    number: int
    label: str
    who: str
    at: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Agreed:
    """A text that the signers agreed to."""

    label: str
    version: str
    sha256: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """All that it shows; `head` is the hash of the last event."""

    text: ContractText
    signatures: tuple[Block, ...]
    steps: tuple[Step, ...]
    agreed: tuple[Agreed, ...]
    head: str
    # The events as they were hashed, for who wants to reckon the chain.
    records: str


def of(contract: Contract) -> Certificate:
    """What happened to a contract up to now, in three queries and one for its text."""
    text = contract.texts.latest("version")
    signatures = list(
        Signature.objects.filter(text=text)
        .select_related("user", "consent_text", "signer")
        .order_by("signer__position")
    )
    events = list(contract.evidence.order_by("sequence"))
    return Certificate(
        text=text,
        signatures=tuple(_block(signature) for signature in signatures),
        steps=tuple(_step(event) for event in events),
        agreed=_agreed(signatures),
        head=events[-1].sha256 if events else evidence.BEGINNING,
        records=_records(events),
    )


def instant(at: datetime) -> str:
    """An instant in UTC, to the last digit that is hashed."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC"


def _block(signature: Signature) -> Block:
    facts = [
        ("Signs for", Side(signature.side).label),
        ("Title", signature.title),
        ("E-mail", signature.email),
        ("Signed at", instant(signature.signed_at)),
        ("Authentication", signature.get_authentication_display()),
        ("Signature, SHA-256", signature.sha256),
    ]
    printed = signature.user.get_full_name() or signature.typed_name
    return Block(signature.typed_name, printed, _told(facts))


def _step(event: EvidenceEvent) -> Step:
    facts = [
        ("E-mail", event.email),
        ("Role", event.role),
        ("Authentication", event.authentication),
        ("IP address", event.ip_address or ""),
        ("Browser", event.user_agent),
        ("Time zone", event.time_zone),
        ("Text, SHA-256", event.text_sha256),
        ("Consent, SHA-256", event.consent_sha256),
        ("Result, SHA-256", event.result_sha256),
        *((name.replace("_", " ").capitalize(), str(value)) for name, value in sorted(event.data.items())),
        ("Event before", event.previous_sha256),
        ("This event", event.sha256),
    ]
    who = event.name or event.email or NOBODY
    return Step(event.sequence, event.get_kind_display(), who, instant(event.at), _told(facts))


def _agreed(signatures: Iterable[Signature]) -> tuple[Agreed, ...]:
    texts = {signature.consent_sha256: signature.consent_text for signature in signatures}
    return tuple(
        Agreed(text.get_kind_display(), text.version, sha256, tuple(text.body.replace("\r\n", "\n").split("\n\n")))
        for sha256, text in texts.items()
    )


def _records(events: Iterable[EvidenceEvent]) -> str:
    rows = [{"record": evidence.record_of(event), "sha256": event.sha256} for event in events]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _told(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple((word, value) for word, value in facts if value)
