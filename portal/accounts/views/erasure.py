"""Asking for the erasure of data: one's own, and for owners the company's."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.accounts.forms.privacy import ErasureForm
from portal.accounts.models import Company
from portal.accounts.permissions import requires
from portal.accounts.roles import Permission
from portal.accounts.services import erasures, proofs
from portal.accounts.views.privacy import GET_OR_POST, shell
from portal.core.forms import refusals_on
from portal.core.http import MemberRequest
from portal.core.posting import posted_from


@never_cache
@login_required
@GET_OR_POST
def ask_for_own(request: MemberRequest) -> HttpResponse:
    """Ask for the erasure of one's own data."""
    return ask(request, None, word=request.user.email)


@never_cache
@requires(Permission.GOVERN_COMPANY)
@GET_OR_POST
def ask_for_company(request: MemberRequest) -> HttpResponse:
    """Ask for the erasure of the company's data."""
    return ask(request, request.company, word=request.company.name)


@login_required
@posted_from("privacy")
def withdraw_own(request: MemberRequest) -> HttpResponse:
    """Take the request back."""
    return withdraw(request, None)


@requires(Permission.GOVERN_COMPANY)
@posted_from("company-privacy")
def withdraw_company(request: MemberRequest) -> HttpResponse:
    """Take the company's request back."""
    return withdraw(request, request.company)


def ask(request: MemberRequest, owner: Company | None, *, word: str) -> HttpResponse:
    """Warn; then take the typed word, and proof of who it is."""
    form = ErasureForm(request.POST or None, user=request.user, word=word)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            proofs.demand(request=request, user=request.user, proof=form.cleaned_data["proof"])
            erasures.ask(person=request.user, company=owner, at=timezone.now())
            messages.success(request, _("You asked for the erasure. We tell you as soon as it is decided."))
            return back(owner)
    context = {**shell(request), **consequences(owner), "form": form, "company": owner}
    return render(request, "accounts/privacy/erasure.html", context)


def consequences(owner: Company | None) -> dict[str, Any]:
    """What goes, and what stays until when."""
    return {"goes": erasures.what_goes(owner), "stays": erasures.what_stays(owner, today=timezone.localdate())}


def withdraw(request: MemberRequest, owner: Company | None) -> HttpResponse:
    """Take what waits back."""
    erasures.withdraw(person=request.user, company=owner, at=timezone.now())
    messages.success(request, _("The request is withdrawn. Nothing was erased."))
    return back(owner)


def back(owner: Company | None) -> HttpResponse:
    """The page one came from."""
    return redirect("company-privacy" if owner else "privacy")
