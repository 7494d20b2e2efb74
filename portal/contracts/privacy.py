"""What archives hold of contracts, and what stays of them when somebody is erased."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from portal.accounts.models import Company, User
from portal.contracts.models import Contract, EvidenceEvent, SealedCopy, Signature
from portal.contracts.services import ending
from portal.core.privacy import Eraser, Erasing, Exporter, Kept, KeptFile, Record, RetentionRule

YEARS = 10


def signatures(user: User) -> Iterable[Record]:
    """What the person has signed."""
    rows = Signature.objects.filter(user=user).order_by("pk").values(
        "typed_name", "email", "side", "title", "authentication", "ip_address", "user_agent", "time_zone", "signed_at",
        "text_sha256", "consent_sha256", "sha256", contract=F("signer__contract__number"),
    )  # fmt: skip
    return rows.iterator()


def evidence(user: User) -> Iterable[Record]:
    """What was written down of the person's steps in contracts."""
    rows = EvidenceEvent.objects.filter(user=user).order_by("pk").values(
        "kind", "at", "name", "email", "role", "authentication", "ip_address", "user_agent", "time_zone",
        "text_sha256", "data", number=F("contract__number"),
    )  # fmt: skip
    return rows.iterator()


def contracts(company: Company) -> Iterator[Record]:
    """The company's contracts, each with the text that was sent last."""
    for contract in Contract.objects.for_company(company).sent().order_by("pk").iterator():
        text = contract.texts.order_by("-version").first()
        yield {
            "number": contract.number,
            "title": contract.title,
            "type": contract.type,
            "status": contract.status,
            "starts_on": contract.starts_on,
            "ends_on": contract.ends_on,
            "signed_at": contract.signed_at,
            "reason": contract.reason,
            "text": text.html if text else "",
            "text_sha256": text.sha256 if text else "",
        }


def copies(company: Company) -> Iterator[KeptFile]:
    """The sealed PDF of each, with its time stamp where there is one."""
    for copy in SealedCopy.objects.filter(contract__company=company).select_related("contract").order_by("pk"):
        stamped = "-stamped" if copy.stamped_at else ""
        yield KeptFile(f"{copy.contract.number}{stamped}.pdf", copy.file)


def keep(erasing: "Erasing[User]") -> None:
    """Leave signatures and evidence as they are: a signature without its signer proves nothing."""


def forget_drafts(erasing: Erasing[Company]) -> None:
    """Withdraw what not everybody has signed, and empty what was never sent."""
    ending.cancel_all(company=erasing.owner, at=erasing.at, reason=_("The company's data was erased."))
    Contract.objects.for_company(erasing.owner).filter(sent_at=None).update(values={}, reason="")


def never_by_itself(limit: datetime) -> Sequence[QuerySet[Any]]:
    """Nothing: the database refuses to delete what was signed, and nobody deletes it while claims may be made."""
    return []


KEPT = Kept(
    "Contracts with their signatures and evidence: names, addresses, times and places of signing, and the sealed PDF",
    f"They prove what was agreed, and by whom, while claims can be made from it: {YEARS} years after it ends.",
    "contracts",
)
PERSON_ERASER = Eraser("Nothing of contracts that you signed", keep, keeps=(KEPT,))
COMPANY_ERASER = Eraser(
    "What was filled into contracts that were never sent, and offers that not everybody has signed",
    forget_drafts,
    keeps=(KEPT,),
)
PERSON = {"signatures": Exporter(signatures), "contract-evidence": Exporter(evidence)}
COMPANY = {"contracts": Exporter(contracts, copies)}
RULES = {
    "contracts": RetentionRule(
        "Contracts with their signatures and evidence",
        days=YEARS * 365,
        expired=never_by_itself,
        least=6 * 365,
        why="Claims from a contract can be made for years after it ended, and the evidence answers them.",
    )
}
