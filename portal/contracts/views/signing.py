"""Reading a contract page by page and signing it, for those of the company and for ours."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts.services import proofs
from portal.contracts import places, signing_pages
from portal.contracts.forms import SignForm
from portal.contracts.models import Signature
from portal.contracts.places import Place
from portal.contracts.services import evidence, signing, turns, viewing
from portal.core.errors import DomainError
from portal.core.http import MemberRequest

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@login_required
@GET_OR_POST
def sign(request: MemberRequest, public_id: UUID, side: str) -> HttpResponse:
    """Read the text, then sign it; what stands in the way is explained."""
    place = places.find(request, public_id, side)
    refusal = signing_pages.refusal_of(place)
    if refusal:
        return closed(request, place, refusal)
    if request.method == "POST":
        return signed(request, place)
    if signing_pages.is_reading(request, place):
        return read(request, place)
    return form_page(request, place, SignForm(user=request.user))


@never_cache
@login_required
@GET_OR_POST
def viewed(request: MemberRequest, public_id: UUID, side: str) -> HttpResponse:
    """Note that the text was read to its end, and go on to sign it."""
    place = places.find(request, public_id, side)
    if request.method == "POST" and place.signer:
        try:
            viewing.viewed(**seen(request, place, request.POST.get("text_sha256", "")))
        except turns.TextReplaced as refusal:
            messages.warning(request, refusal.message)
        except DomainError as refusal:
            return closed(request, place, refusal)
    return redirect(place.url("sign"))


def read(request: MemberRequest, place: Place, error: str = "") -> HttpResponse:
    """One page of the text; showing the first opens it."""
    shown = signing_pages.Reading.of(place.contract, request.GET.get("page", ""))
    if place.signer and place.signer.opened_at is None:
        try:
            viewing.opened(**seen(request, place, shown.text.sha256))
        except DomainError as refusal:
            return closed(request, place, refusal)
    context = {**signing_pages.reading(place, shown), "error": error}
    return render(request, "contracts/read.html", context, status=409 if error else 200)


def seen(request: MemberRequest, place: Place, text_sha256: str) -> dict[str, Any]:
    """What viewing is told: who has seen which text, when, and from where."""
    trace = evidence.trace_of(request, time_zone=request.POST.get("time_zone", ""))
    return {
        "signer": place.signer,
        "by": request.user,
        "at": timezone.now(),
        "text_sha256": text_sha256,
        "trace": trace,
    }


def form_page(request: MemberRequest, place: Place, form: SignForm, status: int = 200) -> HttpResponse:
    """What is agreed and charged, and the form to sign it."""
    return render(request, "contracts/sign.html", signing_pages.form(place, form), status=status)


def signed(request: MemberRequest, place: Place) -> HttpResponse:
    """Sign, or show the form again with what was wrong and all that was written."""
    form = SignForm(request.POST, user=request.user)
    if not form.is_valid():
        return form_page(request, place, form, status=422)
    try:
        proofs.demand(request=request, user=request.user, proof=form.cleaned_data["proof"])
        signature = give(request, place, form.cleaned_data)
    except DomainError as refusal:
        return again(request, place, form, refusal)
    messages.success(request, signing_pages.thanks(signature))
    return redirect(place.home)


def give(request: MemberRequest, place: Place, said: dict[str, Any]) -> Signature:
    """The signature of one who has just proved who they are."""
    if place.signer is None:
        raise signing_pages.not_asked()
    way = Signature.Authentication.SECOND_FACTOR if request.user.second_factor_at else Signature.Authentication.PASSWORD
    return signing.sign(
        signer=place.signer,
        by=request.user,
        at=timezone.now(),
        text_sha256=request.POST.get("text_sha256", ""),
        typed_name=said["name"],
        consent_id=number_of(request.POST.get("consent_id", "")),
        trace=evidence.trace_of(request, authentication=way, time_zone=request.POST.get("time_zone", "")),
    )


def number_of(word: str) -> int:
    """A key that came with a form; 0, which nothing has, for what is none."""
    return int(word) if word.isdecimal() and len(word) < 10 else 0


def again(request: MemberRequest, place: Place, form: SignForm, refusal: DomainError) -> HttpResponse:
    """Show what stands in the way; a second click finds the signature of the first."""
    place = places.find(request, place.contract.public_id, place.side)
    closing = signing_pages.refusal_of(place)
    if closing:
        return closed(request, place, closing)
    if isinstance(refusal, turns.TextReplaced | signing.NotViewed):
        return read(request, place, refusal.message)
    if isinstance(refusal, signing.ConsentReplaced):
        form.ask_again()
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    answer = form_page(request, place, form, status=refusal.status)
    for name, value in refusal.headers.items():
        answer[name] = value
    return answer


def closed(request: MemberRequest, place: Place, refusal: DomainError) -> HttpResponse:
    """Say why nothing can be signed here, and what comes next."""
    if request.method == "POST" and isinstance(refusal, turns.AlreadySigned):
        messages.info(request, _("You have signed this contract. Your signature was counted once."))
        return redirect(place.home)
    status = refusal.status if request.method == "POST" else 200
    return render(request, "contracts/closed.html", signing_pages.closed(place, refusal), status=status)
