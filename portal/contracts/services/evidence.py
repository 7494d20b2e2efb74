"""The evidence of a contract: a chain of events, each sealed by the hash of itself and of the one before.

`sha256` is SHA-256 over the UTF-8 bytes of the event's columns as JSON: keys sorted, no spaces, instants in UTC with
microseconds. Decision 18 says what it proves, and to whom.
"""

import hashlib
import json
import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest

from portal.contracts.models import Contract, ContractText, EvidenceEvent, Signature

if TYPE_CHECKING:
    from portal.accounts.models import User

BEGINNING = "0" * 64
LONGEST_NAME, LONGEST_AGENT = 160, 400
SIGNED = (EvidenceEvent.Kind.SIGNED, EvidenceEvent.Kind.COUNTERSIGNED)
# A column that events or signatures get later begins a new form of their record.
EVENT = (
    "contract_id", "sequence", "kind", "at", "user_id", "name", "email", "role", "authentication", "ip_address",
    "user_agent", "time_zone", "text_sha256", "consent_sha256", "result_sha256", "data", "previous_sha256",
)  # fmt: skip
SIGNATURE = (
    "public_id", "signer_id", "text_id", "user_id", "typed_name", "email", "side", "title", "authentication",
    "ip_address", "user_agent", "time_zone", "signed_at", "text_sha256", "consent_text_id", "consent_sha256",
)  # fmt: skip


class ChainBroken(Exception):
    """Something was changed, removed or inserted past the portal; the message names the first difference."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Where somebody acted from, and by which proof; `time_zone` is what their browser says of itself."""

    ip_address: str | None = None
    user_agent: str = ""
    time_zone: str = ""
    authentication: str = ""


def trace_of(request: HttpRequest, *, authentication: str = "", time_zone: str = "") -> Trace:
    """What a request tells of where it comes from; `time_zone` is the name that the browser or program gave."""
    return Trace(
        ip_address=_address_of(request),
        user_agent=request.headers.get("User-Agent", "")[:LONGEST_AGENT],
        time_zone=_known_zone(time_zone),
        authentication=authentication,
    )


def event(
    *,
    kind: str,
    at: datetime,
    user: "User | None" = None,
    role: str = "",
    trace: Trace | None = None,
    text_sha256: str = "",
    consent_sha256: str = "",
    result_sha256: str = "",
    data: Mapping[str, Any] | None = None,
) -> EvidenceEvent:
    """An event that has no place in a chain yet; `data` takes words and whole numbers."""
    found = trace or Trace()
    return EvidenceEvent(
        kind=kind,
        at=at,
        user=user,
        name=user.get_full_name()[:LONGEST_NAME] if user else "",
        email=user.email if user else "",
        role=role[:LONGEST_NAME],
        authentication=found.authentication,
        ip_address=found.ip_address,
        user_agent=found.user_agent,
        time_zone=found.time_zone,
        text_sha256=text_sha256,
        consent_sha256=consent_sha256,
        result_sha256=result_sha256,
        data=json.loads(json.dumps(dict(data or {}), cls=DjangoJSONEncoder)),
    )


def append(
    *, contract: Contract, events: Iterable[EvidenceEvent], after: tuple[int | None, str | None] | None = None
) -> list[EvidenceEvent]:
    """Write events at the end of the chain of a contract that the open transaction has locked, in two statements.

    `after` is the end of the chain where it is at hand, as `end_of` reads it: then in one.
    """
    newest = after or contract.evidence.order_by("-sequence").values_list("sequence", "sha256").first()
    sequence, head = (newest and newest[0]) or 0, (newest and newest[1]) or BEGINNING
    placed = list(events)
    for one in placed:
        sequence += 1
        one.contract, one.sequence, one.previous_sha256 = contract, sequence, head
        one.sha256 = head = sha256_of(one)
    return EvidenceEvent.objects.bulk_create(placed)


def end_of(name: str) -> Subquery:
    """A column of the newest event of the contract that a query's rows belong to: `sequence` or `sha256`."""
    newest = EvidenceEvent.objects.filter(contract=OuterRef("contract")).order_by("-sequence")
    return Subquery(newest.values(name)[:1])


def record(*, contract: Contract, kind: str, at: datetime, **facts: Any) -> EvidenceEvent:
    """Write one event of a contract that the open transaction has locked; `facts` as for `event`."""
    return append(contract=contract, events=[event(kind=kind, at=at, **facts)])[0]


def record_of(one: EvidenceEvent) -> str:
    """The words of which an event's hash is taken."""
    return _canonical({name: getattr(one, name) for name in EVENT})


def sha256_of(one: EvidenceEvent) -> str:
    """The hash of an event that has its place."""
    return sha256_of_text(record_of(one))


def sha256_of_signature(signature: Signature) -> str:
    """The hash of a signature's own record."""
    return sha256_of_text(_canonical({name: getattr(signature, name) for name in SIGNATURE}))


def sha256_of_text(text: str) -> str:
    """The hash of a text, as UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def verify(contract: Contract) -> int:
    """Prove the evidence of a contract, its texts and signatures; return how many events that is.

    Raises ChainBroken with the first difference: of the chain in its order, then of what it tells of.
    """
    events = _chain_of(contract)
    texts = {text.sha256 for text in contract.texts.all() if _proven(contract, text)}
    signatures = _signatures_of(contract)
    for one in events:
        if one.text_sha256 and one.text_sha256 not in texts:
            raise ChainBroken(f"{contract}: the text of event {one.sequence} is missing.")
        if one.kind in SIGNED and one.result_sha256 not in signatures:
            raise ChainBroken(f"{contract}: the signature of event {one.sequence} is missing.")
    told = {one.result_sha256 for one in events}
    for sha256, signature in signatures.items():
        if sha256 not in told:
            raise ChainBroken(f"{contract}: no event tells of signature {signature.public_id}.")
    if contract.signed_at and EvidenceEvent.Kind.COMPLETED not in {one.kind for one in events}:
        raise ChainBroken(f"{contract}: it counts as signed, and no event says so.")
    return len(events)


def _chain_of(contract: Contract) -> list[EvidenceEvent]:
    head, events = BEGINNING, list(contract.evidence.order_by("sequence"))
    for expected, one in enumerate(events, start=1):
        if one.sequence != expected:
            raise ChainBroken(f"{contract}: event {expected} is missing.")
        if one.previous_sha256 != head or sha256_of(one) != one.sha256:
            raise ChainBroken(f"{contract}: event {expected} was changed.")
        head = one.sha256
    return events


def _proven(contract: Contract, text: ContractText) -> bool:
    if sha256_of_text(text.html) != text.sha256:
        raise ChainBroken(f"{contract}: version {text.version} of its text was changed.")
    return True


def _signatures_of(contract: Contract) -> dict[str, Signature]:
    found = Signature.objects.filter(signer__contract=contract).order_by("pk")
    for signature in found:
        if sha256_of_signature(signature) != signature.sha256:
            raise ChainBroken(f"{contract}: signature {signature.public_id} was changed.")
    return {signature.sha256: signature for signature in found}


def _canonical(columns: Mapping[str, Any]) -> str:
    plain = {name: _instant(value) if isinstance(value, datetime) else value for name, value in columns.items()}
    return json.dumps(plain, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _address_of(request: HttpRequest) -> str | None:
    """The address as the database keeps it, which has no names of networks and no IPv4 within IPv6."""
    try:
        found: IPv4Address | IPv6Address = ip_address(get_adapter().get_client_ip(request).partition("%")[0])
    except (PermissionDenied, ValueError):
        return None
    return str((isinstance(found, IPv6Address) and found.ipv4_mapped) or found)


def _known_zone(name: str) -> str:
    try:
        return zoneinfo.ZoneInfo(name).key
    except (KeyError, OSError, ValueError):
        return ""
