"""Proving that nothing of any contract was changed: evidence, texts, signatures, and the files in the archive."""

import hashlib
from collections.abc import Callable
from typing import NamedTuple

from portal.contracts.models import Contract, EvidenceEvent, SealedCopy
from portal.contracts.services import evidence
from portal.contracts.services.evidence import ChainBroken

BATCH = 200


class Proof(NamedTuple):
    """How much was found to be as it was written."""

    contracts: int
    events: int
    files: int


def verify_all(*, progress: Callable[[int], object] = lambda done: None) -> Proof:
    """Go through all contracts that were ever sent, in the order of their keys. Raises ChainBroken at the first."""
    contracts = events = files = 0
    # Those without evidence as well: somebody may have removed all of it.
    for contract in Contract.objects.sent().order_by("pk").iterator(chunk_size=BATCH):
        found = evidence.verify(contract)
        if not found:
            raise ChainBroken(f"{contract}: it was sent, and there is no evidence of it.")
        contracts, events, files = contracts + 1, events + found, files + _verify_files(contract)
        progress(contracts)
    return Proof(contracts, events, files)


def _verify_files(contract: Contract) -> int:
    told = set(
        contract.evidence.filter(kind__in=[EvidenceEvent.Kind.SEALED, EvidenceEvent.Kind.STAMPED]).values_list(
            "result_sha256", flat=True
        )
    )
    copies = list(contract.sealed_copies.order_by("pk"))
    for copy in copies:
        if _sha256_of(copy) != copy.sha256:
            raise ChainBroken(
                f"{contract}: the sealed copy of {copy.made_at:%Y-%m-%d %H:%M} was changed or is missing."
            )
        if copy.sha256 not in told:
            raise ChainBroken(f"{contract}: no event tells of the sealed copy of {copy.made_at:%Y-%m-%d %H:%M}.")
    if missing := told - {copy.sha256 for copy in copies}:
        raise ChainBroken(f"{contract}: the sealed copy with SHA-256 {min(missing)} is missing.")
    return len(copies)


def _sha256_of(copy: SealedCopy) -> str:
    try:
        with copy.file.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
