"""Who is told of sealed PDFs, with the PDF, and of what went wrong with one."""

from datetime import datetime

from django.utils import timezone

from portal.accounts.models import Membership
from portal.accounts.services import staff
from portal.contracts import addresses
from portal.contracts.models import Contract, SealedCopy, SealJob, Signature
from portal.contracts.models.signers import Side
from portal.core.models import Job
from portal.notifications.services import notices
from portal.notifications.services.notices import Telling

# Staff hear of a contract that is not sealed after so many attempts: four minutes, in which servers may start again.
PATIENCE = 5
KEY = "contract "
RIGHT = "contracts.send_contract"


def tell_everybody(contract: Contract, *, at: datetime) -> None:
    """Send the PDF to all who signed the text, and to the owners of the company."""
    signatures = Signature.objects.filter(text=contract.texts.latest("version")).select_related("user")
    theirs = {member.user_id: member.user for member in _owners(contract)}
    theirs |= {found.user_id: found.user for found in signatures if found.side == Side.COMPANY}
    ours = {found.user_id: found.user for found in signatures if found.side == Side.VENDOR}
    fields = {"number": contract.number, "title": contract.title, "company": contract.company.name}
    key = f"{KEY}{contract.public_id}"
    page, admin = addresses.page(contract), addresses.in_admin(contract)
    notices.notify_many(
        [
            Telling("contract_signed", list(theirs.values()), key, at, fields, page, contract.company),
            Telling("contract_signed", list(ours.values()), key, at, fields, admin),
        ]
    )


def tell_of_damage(copy: SealedCopy, *, at: datetime) -> None:
    """Tell staff of a file that was changed; once a day."""
    contract = copy.contract
    notices.notify(
        kind="contract_copy_damaged",
        people=staff.who_may(RIGHT),
        key=f"sealed copy {copy.pk} {at:%Y-%m-%d}",
        at=at,
        fields={"number": contract.number, "file": str(copy.file.name)},
        url=addresses.in_admin(contract),
    )


def tell_of_failure(job: SealJob) -> None:
    """Tell staff, once, of a contract that is still not sealed, or of a time stamp that is given up."""
    is_late = job.step == SealJob.Step.SEAL and job.attempts >= PATIENCE and job.state == Job.State.QUEUED
    if is_late or job.state == Job.State.FAILED:
        contract = job.contract
        notices.notify(
            kind="contract_not_sealed",
            people=staff.who_may(RIGHT),
            key=f"{job.step} {contract.public_id} {job.state}",
            at=timezone.now(),
            fields={"number": contract.number, "reason": job.error},
            url=addresses.in_admin(contract),
        )


def _owners(contract: Contract) -> list[Membership]:
    owners = Membership.objects.filter(company=contract.company, role=Membership.Role.OWNER)
    return list(owners.select_related("user"))
