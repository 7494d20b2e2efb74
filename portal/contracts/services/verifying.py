"""What a code or a file proves, to whoever has it: in words for the page, never the text of a document."""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.contracts import certificate, codes
from portal.contracts.models import Contract, SealedCopy, Signature
from portal.contracts.models.signers import Side
from portal.contracts.sealing.findings import BROKEN, ENCRYPTED, NOT_PDF, Findings
from portal.contracts.services import inspection
from portal.contracts.verifiers import Fact, Proof, Verifier, verifiers

# Where a revision of a PDF ends (ISO 32000-1, 7.5.5); some write a line break after it.
REVISION = re.compile(rb"%%EOF(?:\r\n|\r|\n)?")
MOST_REVISIONS = 100


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a file proves; `outcome` is one of the words below."""

    outcome: str
    proof: Proof | None = None
    findings: Findings | None = None


# Byte for byte a document of ours; begins as one of ours and goes on; bears our seal, and was changed; bears our
# seal, and is in no record of ours; is sealed by others; is not sealed at all. Then what could not be looked at.
KNOWN, EXTENDED, CHANGED, UNKNOWN, FOREIGN, UNSEALED = "known", "extended", "changed", "unknown", "foreign", "unsealed"
TOO_HARD = "too_hard"
UNREADABLE = (NOT_PDF, ENCRYPTED, BROKEN)


def by_code(text: str) -> Proof | None:
    """The document of this code, however it was typed; nothing tells a code that nearly exists from any other."""
    found = (verifier.by_code(text) for verifier in verifiers.all())
    return next((proof for proof in found if proof), None)


def by_file(content: bytes) -> Verdict:
    """What a file proves, whatever it is."""
    whole, *beginnings = _digests(content)
    known, begun = _find([whole]), _find(beginnings)
    findings = inspection.look(content)
    if known:
        return Verdict(KNOWN, known, findings)
    if begun:
        return Verdict(EXTENDED, begun, findings)
    return Verdict(_outcome(findings), None, findings)


def _outcome(findings: Findings | None) -> str:
    """What a file is of which we know no byte."""
    if findings is None:
        return TOO_HARD
    if findings.problem:
        return findings.problem
    ours = [seal for seal in findings.seals if seal.is_ours]
    if ours:
        return UNKNOWN if all(seal.is_sound for seal in ours) else CHANGED
    # The digest of a changed file does not match, so nobody vouches for the name in its seal.
    return FOREIGN if findings.seals else UNSEALED


def _find(digests: Collection[str]) -> Proof | None:
    found = (verifier.by_sha256(digests) for verifier in verifiers.all()) if digests else iter(())
    return next((proof for proof in found if proof), None)


def _digests(content: bytes) -> list[str]:
    """Of the whole file, and of each beginning of it that is a PDF by itself, the longest first."""
    digest, done, found = hashlib.sha256(), 0, []
    for count, mark in enumerate(REVISION.finditer(content)):
        if count == MOST_REVISIONS:
            break
        # With the line break and without: the one or the other is where our file ended.
        for end in (mark.start() + len(b"%%EOF"), mark.end()):
            digest.update(content[done:end])
            done = end
            found.append(digest.hexdigest())
    whole = hashlib.sha256(content).hexdigest()
    return [whole, *(beginning for beginning in reversed(found) if beginning != whole)]


def _contract_by_code(text: str) -> Proof | None:
    code = codes.cleaned(text)
    contract = Contract.objects.filter(verification_code=code).first() if code else None
    return _proof(contract, newest_copy_of(contract)) if contract else None


def _contract_by_sha256(digests: Collection[str]) -> Proof | None:
    order = {digest: place for place, digest in enumerate(digests)}
    copies = SealedCopy.objects.filter(sha256__in=order).select_related("contract__company")
    copy = min(copies, key=lambda found: order[found.sha256], default=None)
    return _proof(copy.contract, copy) if copy else None


def newest_copy_of(contract: Contract) -> SealedCopy | None:
    """The copy that everybody should have."""
    return contract.sealed_copies.order_by("-pk").first()


def _proof(contract: Contract, copy: SealedCopy | None) -> Proof:
    signatures = list(
        Signature.objects.filter(signer__contract=contract, text__version=contract.texts.latest("version").version)
        .select_related("signer")
        .order_by("signer__position")
    )
    newest = newest_copy_of(contract)
    names = tuple((str(Side(found.side).label), found.typed_name) for found in signatures)
    return Proof(
        what=_("Contract"),
        number=contract.number,
        status=contract.status,
        label=contract.get_status_display(),
        facts=_facts(contract, len(signatures), copy),
        in_file=((_("Between"), f"{contract.company.name}"), *names) if copy else (),
        sha256=copy.sha256 if copy else "",
        is_newest=copy == newest,
    )


def _facts(contract: Contract, count: int, copy: SealedCopy | None) -> tuple[Fact, ...]:
    facts = [
        (_("Signed by everybody"), certificate.instant(contract.signed_at) if contract.signed_at else _("Not yet")),
        (_("Signatures"), str(count)),
        (_("SHA-256 of the text"), contract.texts.latest("version").sha256),
    ]
    if copy:
        facts += [
            (_("Sealed"), certificate.instant(copy.made_at)),
            (_("Time stamp"), certificate.instant(copy.stamped_at) if copy.stamped_at else _("None")),
            (_("SHA-256 of the PDF"), copy.sha256),
        ]
    return tuple(facts)


CONTRACTS = Verifier(_contract_by_code, _contract_by_sha256)
