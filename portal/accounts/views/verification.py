"""A company shows who it is."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts import downloads, roles
from portal.accounts.forms.verification import DocumentForm
from portal.accounts.models import Company, User, Verification, VerificationDocument
from portal.accounts.models.verifications import missing_from
from portal.accounts.permissions import requires
from portal.accounts.roles import Permission
from portal.accounts.services import verifications
from portal.accounts.views.companies import shell
from portal.core.forms import refusals_on
from portal.core.http import MemberRequest, PortalRequest
from portal.core.posting import posted_from

Kind = VerificationDocument.Kind


@requires(Permission.VIEW_COMPANY)
@require_safe
def status(request: MemberRequest) -> HttpResponse:
    """How far the verification is, its papers for those who hand them in, and what was decided before."""
    return show(request, DocumentForm())


def show(request: MemberRequest, form: DocumentForm) -> HttpResponse:
    """The page, with a form that may have errors."""
    company = request.company
    attempt = verifications.open_one(company)
    found = {document.kind: document for document in verifications.latest_papers(company)}
    context = {
        **shell(request),
        **progress(attempt, missing_from(found.values())),
        "form": form,
        "papers": [paper(kind, found.get(kind)) for kind in Kind],
        "history": company.verifications.filter(closed_at__isnull=False).order_by("-closed_at"),
    }
    return render(request, "accounts/verification.html", context)


def progress(attempt: Verification | None, missing: list[Kind]) -> dict[str, Any]:
    """How far the open attempt is, and whether it can be handed in."""
    is_waiting = attempt is not None and attempt.status == Verification.Status.PENDING
    return {
        "attempt": attempt,
        "is_waiting": is_waiting,
        "missing": missing,
        "may_submit": attempt is not None and not is_waiting and not missing,
    }


def paper(kind: Kind, document: VerificationDocument | None) -> dict[str, Any]:
    """One line of the list of papers."""
    today = timezone.localdate()
    return {
        "label": kind.label,
        "document": document,
        "is_required": kind in VerificationDocument.REQUIRED,
        "has_ended": document is not None and document.has_ended(today),
    }


@requires(Permission.EDIT_COMPANY)
@posted_from("verification")
def add(request: MemberRequest) -> HttpResponse:
    """Take a paper."""
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals_on(form):
            verifications.add_document(company=request.company, by=request.user, at=timezone.now(), **form.values())
            messages.success(request, _("The document is saved."))
            return redirect("verification")
    return show(request, form)


@login_required
@require_safe
def document(request: PortalRequest, document_id: UUID, *, inline: bool = False) -> HttpResponseBase:
    """Hand a paper out: to members who hand papers in, and to staff who check them; written down each time."""
    if not request.user.is_authenticated:
        raise Http404
    found = readable(request.user, request.company, document_id)
    if request.membership is not None:
        roles.demand(request.membership, Permission.EDIT_COMPANY)
    return handed_out(found, request.user, inline=inline)


def handed_out(found: VerificationDocument, by: User, *, inline: bool) -> HttpResponseBase:
    """The file of a paper, to keep or to look at."""
    company, kind = found.verification.company, found.content_type
    return downloads.hand_out(
        file=found.file, name=found.name, content_type=kind, by=by, subject=found, company=company, inline=inline
    )


def readable(user: User, company: Company | None, document_id: UUID) -> VerificationDocument:
    """A paper that the person may know of, at the desk of the company or as staff; else Http404."""
    known = VerificationDocument.objects.visible_to(user, company=company)
    return get_object_or_404(known.select_related("verification__company"), public_id=document_id)


@requires(Permission.EDIT_COMPANY)
@posted_from("verification")
def remove(request: MemberRequest, document_id: UUID) -> HttpResponse:
    """Take a paper out."""
    found = readable(request.user, request.company, document_id)
    verifications.remove_document(document=found, by=request.user, at=timezone.now())
    messages.success(request, _("The document is removed."))
    return redirect("verification")


@requires(Permission.EDIT_COMPANY)
@posted_from("verification")
def submit(request: MemberRequest) -> HttpResponse:
    """Hand the papers in."""
    verifications.submit(company=request.company, by=request.user, at=timezone.now())
    messages.success(request, _("The documents are handed in. We tell you as soon as they are checked."))
    return redirect("verification")


@requires(Permission.EDIT_COMPANY)
@posted_from("verification")
def withdraw(request: MemberRequest) -> HttpResponse:
    """Take back what was handed in."""
    verifications.withdraw(company=request.company, by=request.user, at=timezone.now())
    messages.success(request, _("The documents are taken back. Nothing is lost."))
    return redirect("verification")
