"""What one can do about data: one's own, and for owners the company's."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts import navigation, roles
from portal.accounts.forms.privacy import ProofForm
from portal.accounts.models import Archive, Company, User
from portal.accounts.permissions import requires
from portal.accounts.roles import Permission
from portal.accounts.services import archives, cleaning, consents, erasures, proofs
from portal.core.forms import refusals_on
from portal.core.http import MemberRequest

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
MOST = 10


@never_cache
@login_required
@require_safe
def person(request: MemberRequest) -> HttpResponse:
    """One's own data."""
    context = {**overview(request, None), **agreed(request.user), "periods": cleaning.periods()}
    return render(request, "accounts/privacy/person.html", context)


@never_cache
@requires(Permission.VIEW_COMPANY)
@require_safe
def company(request: MemberRequest) -> HttpResponse:
    """The company's data, for owners; the way to their own for everybody."""
    is_owner = roles.allows(request.membership, Permission.GOVERN_COMPANY)
    found = overview(request, request.company) if is_owner else {}
    context = {
        **found,
        **shell(request),
        "company": request.company,
        "is_owner": is_owner,
        "periods": cleaning.periods(),
    }
    return render(request, "accounts/privacy/company.html", context)


@never_cache
@login_required
@GET_OR_POST
def ask_for_own(request: MemberRequest) -> HttpResponse:
    """Have one's own archive made."""
    return ask(request, None)


@never_cache
@requires(Permission.GOVERN_COMPANY)
@GET_OR_POST
def ask_for_company(request: MemberRequest) -> HttpResponse:
    """Have the company's archive made."""
    return ask(request, request.company)


@never_cache
@login_required
@GET_OR_POST
def own_archive(request: MemberRequest, archive_id: UUID) -> HttpResponseBase:
    """One of one's own archives."""
    return show(request, None, archive_id)


@never_cache
@requires(Permission.GOVERN_COMPANY)
@GET_OR_POST
def company_archive(request: MemberRequest, archive_id: UUID) -> HttpResponseBase:
    """One of the company's archives."""
    return show(request, request.company, archive_id)


def ask(request: MemberRequest, owner: Company | None) -> HttpResponse:
    """Ask who it is once more, then have the archive made."""
    form = ProofForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            proofs.demand(request=request, user=request.user, proof=form.cleaned_data["proof"])
            made = archives.ask(person=request.user, company=owner, at=timezone.now())
            messages.success(request, _("The archive is being made. You are told when it is ready."))
            return redirect(archives.url_of(made))
    context = {**shell(request), "form": form, "company": owner}
    return render(request, "accounts/privacy/archive_ask.html", context)


def show(request: MemberRequest, owner: Company | None, archive_id: UUID) -> HttpResponseBase:
    """How far the archive is; for proof of who it is, the file."""
    archive = get_object_or_404(Archive.objects.of(request.user, owner), public_id=archive_id)
    form = ProofForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            proofs.demand(request=request, user=request.user, proof=form.cleaned_data["proof"])
            return archives.download(archive=archive, by=request.user, at=timezone.now())
    context = {**shell(request), "archive": archive, "form": form, "company": owner}
    return render(request, "accounts/privacy/archive.html", context)


def overview(request: MemberRequest, owner: Company | None) -> dict[str, Any]:
    """What both pages show."""
    return {
        "waiting": erasures.pending(request.user, owner),
        "archives": Archive.objects.of(request.user, owner).order_by("-created_at")[:MOST],
    }


def agreed(user: User) -> dict[str, Any]:
    """What the person agreed to, what has a newer version, and what is optional."""
    return {
        "consents": user.consents.select_related("text", "company").order_by("-given_at", "-pk"),
        "outstanding": consents.outstanding(user),
        "optional": [
            {"kind": kind, "label": kind.label, "holds": consents.holds(user, kind)} for kind in consents.OPTIONAL
        ],
    }


def shell(request: MemberRequest) -> dict[str, Any]:
    """The settings' tabs, at a company's desk."""
    return {"tabs": navigation.tabs(request.desk, request.path)}
