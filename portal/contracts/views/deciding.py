"""Passing a signature on, and saying no."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.contracts import places, signing_pages
from portal.contracts.forms import DeclineForm, DelegateForm
from portal.contracts.services import declining, delegating, evidence
from portal.contracts.views.signing import closed
from portal.core.forms import refusals_on
from portal.core.http import MemberRequest

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@login_required
@GET_OR_POST
def delegate(request: MemberRequest, public_id: UUID, side: str) -> HttpResponse:
    """Have somebody else of the same side sign."""
    place = places.find(request, public_id, side)
    refusal = signing_pages.refusal_of(place)
    if refusal or place.signer is None:
        return closed(request, place, refusal or signing_pages.not_asked())
    form = DelegateForm(request.POST or None, signer=place.signer)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            said = form.cleaned_data
            delegating.delegate(signer=place.signer, to=said["to"], note=said["note"], **who(request))
            messages.success(request, _("%(person)s is asked to sign instead of you.") % {"person": said["to"]})
            return redirect(place.home)
    return answer(request, "contracts/delegate.html", signing_pages.delegation(place, form), form)


@never_cache
@login_required
@GET_OR_POST
def decline(request: MemberRequest, public_id: UUID, side: str) -> HttpResponse:
    """Say no, and why."""
    place = places.find(request, public_id, side)
    refusal = signing_pages.refusal_of(place)
    if refusal or place.signer is None:
        return closed(request, place, refusal or signing_pages.not_asked())
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            declining.decline(signer=place.signer, reason=form.cleaned_data["reason"], **who(request))
            messages.success(request, _("You declined. Everybody concerned is told why."))
            return redirect(place.home)
    return answer(request, "contracts/decline.html", signing_pages.refusing(place, form), form)


def who(request: MemberRequest) -> dict[str, Any]:
    """By whom, when and from where something is decided."""
    trace = evidence.trace_of(request, time_zone=request.POST.get("time_zone", ""))
    return {"by": request.user, "at": timezone.now(), "trace": trace}


def answer(request: MemberRequest, template: str, context: dict[str, Any], form: forms.Form) -> HttpResponse:
    """The page with its form."""
    return render(request, template, context, status=422 if form.errors else 200)
