"""Pages of the second factor: setting it up, giving a code at sign-in, turning it off."""

import time

import segno
from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.account.stages import LoginStage, LoginStageController
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_otp import login as note_device

from portal.accounts.forms.second_factor import CodeForm, DisableForm
from portal.accounts.models import User
from portal.accounts.services import second_factor
from portal.accounts.sign_in_stages import SecondFactorStage
from portal.core.addresses import is_path
from portal.core.forms import refusals_on
from portal.core.http import MemberRequest, PortalRequest
from portal.notifications.registry import letterheads

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
RECENT_SECONDS = 600


@never_cache
@login_required
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """Whether the account has a second factor, and what one can do about it."""
    context = {
        "since": request.user.second_factor_at,
        "codes_left": second_factor.codes_left(request.user),
        "is_required": second_factor.required_of(request.user, request.membership),
    }
    return render(request, "accounts/second_factor/index.html", context)


def was_proven_long_ago(request: MemberRequest) -> bool:
    """Whether the password was last written more than ten minutes ago: the browser may have been left open."""
    records = get_authentication_records(request, request.user)
    return not records or time.time() - records[-1]["at"] > RECENT_SECONDS


@never_cache
@login_required
@reauthentication_required(enabled=was_proven_long_ago)
@GET_OR_POST
def set_up(request: MemberRequest) -> HttpResponse:
    """Show the secret to an app, and take the first code; then show the recovery codes, this once."""
    if request.user.second_factor_at:
        return redirect("second-factor")
    form = CodeForm(request.POST or None, recovery=False)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            code, now = form.cleaned_data["code"], timezone.now()
            authenticator, codes = second_factor.confirm(user=request.user, code=code, at=now)
            note_device(request, authenticator)
            return show_codes(request, codes, then=wanted(request))
    is_required = second_factor.required_of(request.user, request.membership)
    context = {"form": form, "is_required": is_required, **secret(request.user)}
    return render(request, "accounts/second_factor/set_up.html", context)


@never_cache
@GET_OR_POST
def step(request: PortalRequest) -> HttpResponseBase:
    """Ask for the code: after the password, or in a browser that was signed in before there was a second factor."""
    stage = None if request.user.is_authenticated else LoginStageController.enter(request, SecondFactorStage.key)
    user = person(request, stage)
    if user is None:
        return redirect("account_login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            device = second_factor.check(user=user, code=form.cleaned_data["code"])
            return go_on(request, stage, device)
    return render(request, "accounts/second_factor/step.html", {"form": form, "next": wanted(request)})


@never_cache
@login_required
@GET_OR_POST
def recovery_codes(request: MemberRequest) -> HttpResponse:
    """Make new recovery codes, for a code."""
    if not request.user.second_factor_at:
        return redirect("second-factor")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            return show_codes(request, second_factor.renew_codes(user=request.user, code=form.cleaned_data["code"]))
    return render(request, "accounts/second_factor/recovery_codes.html", {"form": form})


@never_cache
@login_required
@GET_OR_POST
def disable(request: MemberRequest) -> HttpResponse:
    """Turn the second factor off, for password and code."""
    if not request.user.second_factor_at:
        return redirect("second-factor")
    form = DisableForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            second_factor.disable(user=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The second factor is off."))
            return redirect("second-factor")
    return render(request, "accounts/second_factor/disable.html", {"form": form})


def go_on(request: PortalRequest, stage: LoginStage | None, device: second_factor.Device) -> HttpResponseBase:
    """Finish the sign-in that was waiting, or let the browser in that was signed in before."""
    if stage is not None:
        vars(stage.login.user)["otp_device"] = device
        going_on: HttpResponseBase = stage.exit()
        return going_on
    request.session.cycle_key()
    note_device(request, device)
    return redirect(wanted(request))


def person(request: PortalRequest, stage: LoginStage | None) -> User | None:
    """Whose code is asked for; None when nobody's is."""
    if stage is not None:
        waiting: User | None = stage.login.user
        return waiting
    user = request.user
    return user if isinstance(user, User) and user.second_factor_at else None


def secret(user: User) -> dict[str, str]:
    """The secret as QR code, and in letters for those who cannot scan."""
    authenticator = second_factor.begin(user=user)
    key = authenticator.key
    picture = segno.make(second_factor.address_of(authenticator, issuer=letterheads.get("vendor")().name), error="m")
    return {
        "picture": picture.svg_data_uri(scale=5, border=3, light="#fff"),
        "key": " ".join(key[place : place + 4] for place in range(0, len(key), 4)),
    }


def show_codes(request: PortalRequest, codes: list[str], then: str = "") -> HttpResponse:
    """The recovery codes, which nobody sees again."""
    return render(request, "accounts/second_factor/codes.html", {"codes": "\n".join(codes), "then": then})


def wanted(request: PortalRequest) -> str:
    """Where the person was going, if that is a page of ours."""
    after = request.POST.get("next") or request.GET.get("next", "")
    return after if is_path(after) else "/dashboard/"
