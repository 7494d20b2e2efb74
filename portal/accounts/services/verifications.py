"""Companies show who they are: papers collected, handed in, checked by staff."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts import roles
from portal.accounts.models import Company, User, Verification, VerificationDocument
from portal.accounts.models.verifications import missing_from
from portal.accounts.services import members
from portal.activity import services as activity
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.core import files
from portal.core.errors import Conflict, DomainError
from portal.notifications.services import notices

KIND = "company_verification"
Status = Verification.Status
Paper = tuple["UploadedFile[Any]", date | None]


class PapersMissing(DomainError):
    """Not all that is required has been handed in."""

    code = "documents_missing"


class PaperEnded(DomainError):
    """This paper is not valid any more."""

    code = "document_expired"


class HandedIn(Conflict):
    """The papers are being checked."""

    code = "being_checked"


@transaction.atomic
def add_document(
    *,
    company: Company,
    kind: str,
    upload: "UploadedFile[Any]",
    by: User,
    at: datetime,
    expires_on: date | None = None,
) -> VerificationDocument:
    """Add a paper to what is being collected, in place of one of its kind.

    Raises NotAllowed, FileRefused, PaperEnded, HandedIn while staff check what was handed in.
    """
    checked = files.check(upload, kinds=files.DOCUMENTS, field=kind)
    if expires_on is not None and expires_on <= timezone.localdate(at):
        raise PaperEnded(_("This paper has expired. Send one that is valid."), field="expires_on")
    draft = _draft(_locked(company, by), at)
    for earlier in draft.documents.filter(kind=kind):
        _forget(earlier)
    document = VerificationDocument(
        verification=draft,
        kind=kind,
        name=checked.name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        expires_on=expires_on,
        uploaded_by=by,
        uploaded_at=at,
    )
    document.file.save(checked.name, upload, save=False)
    document.save(force_insert=True)
    activity.record(verb="verification.document_added", actor=by, company=draft.company, subject=document, at=at)
    return document


@transaction.atomic
def remove_document(*, document: VerificationDocument, by: User, at: datetime) -> None:
    """Take a paper out of what is being collected. Raises NotAllowed, HandedIn."""
    company = _locked(document.verification.company, by)
    document.verification.refresh_from_db()
    if document.verification.status != Status.DRAFT:
        raise HandedIn(_("This paper was handed in already."))
    activity.record(verb="verification.document_removed", actor=by, company=company, subject=document, at=at)
    _forget(document)


@transaction.atomic
def submit(*, company: Company, by: User, at: datetime) -> Verification:
    """Hand the papers in for staff to decide. Raises NotAllowed, PapersMissing, PaperEnded, HandedIn."""
    locked = _locked(company, by)
    draft = _draft(locked, at)
    documents = list(draft.documents.all())
    missing = missing_from(documents)
    if missing:
        names = ", ".join(str(kind.label).lower() for kind in missing)
        raise PapersMissing(_("Still missing: %(names)s.") % {"names": names})
    if any(document.has_ended(timezone.localdate(at)) for document in documents):
        raise PaperEnded(_("One of the papers has expired. Send one that is valid."))
    draft.submit(by=by, at=at)
    draft.save(update_fields=["status", "submitted_by", "submitted_at"])
    # A company whose verification still stands keeps it while staff look at the newer papers.
    if not locked.is_verified:
        locked.await_verification()
        locked.save(update_fields=["verification"])
    approvals.ask(kind=KIND, subject=draft, by=by, at=at, company=locked)
    return draft


@transaction.atomic
def hand_in(*, company: Company, papers: Mapping[str, Paper], by: User, at: datetime) -> Verification:
    """Add several papers, by kind, and hand everything in unless something required is missing still.

    Raises as `add_document` and `submit`.
    """
    for kind, (upload, expires_on) in papers.items():
        add_document(company=company, kind=kind, upload=upload, expires_on=expires_on, by=by, at=at)
    attempt = _draft(_locked(company, by), at)
    if missing_from(attempt.documents.all()):
        return attempt
    return submit(company=company, by=by, at=at)


@transaction.atomic
def withdraw(*, company: Company, by: User, at: datetime) -> None:
    """Take back what was handed in. Raises NotAllowed, AlreadyDecided, HandedIn when nothing waits."""
    waiting = Approval.objects.for_company(company).pending().filter(kind=KIND).first()
    if waiting is None:
        raise HandedIn(_("Nothing is being checked."))
    roles.demand(members.membership_of(company, by), roles.Permission.EDIT_COMPANY)
    approvals.cancel(approval=waiting, by=by, at=at)


def on_approve(approval: Approval, at: datetime) -> None:
    """What approving does: the company is verified until the first of its papers ends."""
    company, verification = _subjects(approval)
    verification.approve(at=at)
    verification.save(update_fields=["status", "closed_at"])
    ends = [document.expires_on for document in verification.documents.all() if document.expires_on]
    company.verify(at=at, ends_on=min(ends, default=None))
    company.save(update_fields=["verification", "verified_at", "verification_ends_on"])
    _tell(approval, company, "verification_approved", at)


def on_reject(approval: Approval, at: datetime) -> None:
    """What rejecting does: the papers can be put right and handed in again."""
    company, verification = _subjects(approval)
    verification.reject(at=at, reason=approval.comment)
    verification.save(update_fields=["status", "closed_at", "reason"])
    if company.verification == Company.Verification.PENDING:
        company.refuse_verification()
        company.save(update_fields=["verification"])
    _tell(approval, company, "verification_rejected", at)


def on_cancel(approval: Approval, at: datetime) -> None:
    """What withdrawing does: all is as it was before."""
    company, verification = _subjects(approval)
    verification.withdraw(at=at)
    verification.save(update_fields=["status", "closed_at"])
    if company.verification == Company.Verification.PENDING:
        company.withdraw_verification()
        company.save(update_fields=["verification"])


def open_one(company: Company) -> Verification | None:
    """The attempt that is being prepared or checked."""
    return company.verifications.filter(status__in=[Status.DRAFT, Status.PENDING]).first()


def latest_papers(company: Company) -> list[VerificationDocument]:
    """The papers of the open attempt; without one, of the last."""
    latest = open_one(company) or company.verifications.first()
    return list(latest.documents.order_by("kind")) if latest else []


def _locked(company: Company, by: User) -> Company:
    locked = members.lock(company)
    roles.demand(members.membership_of(locked, by), roles.Permission.EDIT_COMPANY)
    return locked


def _draft(company: Company, at: datetime) -> Verification:
    """The attempt being prepared; a new one starts with the papers of the last that are still valid."""
    attempt = open_one(company)
    if attempt is None:
        last = company.verifications.first()
        attempt = Verification.objects.create(company=company, created_at=at)
        for document in last.documents.all() if last else ():
            if not document.has_ended(timezone.localdate(at)):
                document.pk, document.verification = None, attempt
                document.public_id = VerificationDocument().public_id
                document.save(force_insert=True)
    if attempt.status != Status.DRAFT:
        raise HandedIn(_("The papers are being checked. Withdraw them to change something."))
    return attempt


def _forget(document: VerificationDocument) -> None:
    """Delete a paper, and its file unless another attempt has the same."""
    if not VerificationDocument.objects.filter(file=document.file.name).exclude(pk=document.pk).exists():
        files.delete_on_commit(document.file)
    document.delete()


def _subjects(approval: Approval) -> tuple[Company, Verification]:
    verification = Verification.objects.get(pk=approval.object_id)
    company = members.lock(verification.company)
    return company, Verification.objects.select_for_update().get(pk=verification.pk)


def _tell(approval: Approval, company: Company, kind: str, at: datetime) -> None:
    notices.notify(
        kind=kind,
        people=members.managers(company),
        key=f"approval {approval.public_id}",
        at=at,
        fields={"company": company.name, "comment": approval.comment},
        url="/customer/settings/verification/",
        company=company,
    )
