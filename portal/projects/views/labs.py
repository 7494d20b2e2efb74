"""A person's account at Labs: linking, signing in by it, unlinking."""

from typing import cast

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.forms.privacy import ProofForm
from portal.accounts.models import User
from portal.accounts.services import proofs
from portal.core.addresses import is_path
from portal.core.errors import DomainError
from portal.core.forms import refusals_on
from portal.core.http import MemberRequest, PortalRequest
from portal.core.posting import posted_from
from portal.projects.labs import client, flow, oauth, showing
from portal.projects.labs.flow import Way
from portal.projects.labs.forms import TokenForm
from portal.projects.labs.oauth import Tokens
from portal.projects.models import LabsAccount
from portal.projects.services.labs import linking, reading

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
Kind, Header = LabsAccount.Kind, LabsAccount.Header
NOT_LINKED = gettext_lazy(
    "This account at Labs opens none here. Sign in with your password once, then link it by signing in at Labs, under "
    "Buildly Labs in the menu of your account."
)


@never_cache
@login_required
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """One identity: who the person is here, and at Labs."""
    return render(request, "projects/labs/account.html", showing.of_person(request, request.user))


@never_cache
@login_required
@GET_OR_POST
def link(request: MemberRequest) -> HttpResponse:
    """Ask who it is once more, then lead to Labs."""
    if not oauth.is_configured():
        raise Http404
    form = ProofForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            proofs.demand(request=request, user=request.user, proof=form.cleaned_data["proof"])
            return redirect(flow.begin(request, purpose=flow.LINK))
    return render(request, "projects/labs/link.html", {"form": form})


@never_cache
@login_required
@GET_OR_POST
def link_by_token(request: MemberRequest) -> HttpResponse:
    """Link by an API token, once Labs has said whose it is."""
    form = TokenForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            proofs.demand(request=request, user=request.user, proof=form.cleaned_data["proof"])
            token = form.cleaned_data["token"]
            identity, header = client.recognise(token)
            return _linked(request, identity, Tokens(token, "", None, ""), Kind.TOKEN, header)
    return render(request, "projects/labs/token.html", {"form": form})


@never_cache
@login_required
@GET_OR_POST
def unlink(request: MemberRequest) -> HttpResponse:
    """Forget the link, for proof of who it is."""
    account = LabsAccount.objects.filter(user=request.user).first()
    if account is None:
        return redirect("labs")
    form = ProofForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            proofs.demand(request=request, user=request.user, proof=form.cleaned_data["proof"])
            linking.unlink(user=request.user, at=timezone.now())
            messages.success(request, _("Your account is linked to Labs no more."))
            return redirect("labs")
    return render(request, "projects/labs/unlink.html", {"form": form, "account": account})


@login_required
@posted_from("labs")
def read(request: MemberRequest) -> HttpResponse:
    """Have Labs asked again now."""
    account = LabsAccount.objects.filter(user=request.user).first()
    if account:
        reading.queue(account=account, at=timezone.now())
        messages.success(request, _("We ask Labs. Reload this page in a moment."))
    return redirect("labs")


@never_cache
@posted_from("account_login")
def sign_in(request: PortalRequest) -> HttpResponse:
    """Lead somebody to Labs who wants to sign in by it."""
    if not oauth.is_configured():
        raise Http404
    if request.user.is_authenticated:
        return redirect("dashboard")
    if not ratelimit.consume(request, action="labs_sign_in"):
        return render(request, "429.html", status=429)
    after = request.POST.get("next", "")
    return redirect(flow.begin(request, purpose=flow.SIGN_IN, next_url=after if is_path(after) else ""))


@never_cache
@require_safe
def callback(request: PortalRequest) -> HttpResponseBase:
    """Where Labs leads back to. Whoever did not leave from here costs nothing."""
    try:
        way = flow.end(request)
        if "code" in request.GET:
            return _came_back(request, way, request.GET["code"][:4096])
        messages.info(request, _("Nothing was changed: you did not agree at Labs."))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("labs" if request.user.is_authenticated else "account_login")


def _came_back(request: PortalRequest, way: Way, code: str) -> HttpResponseBase:
    """Ask Labs who it is, in no transaction, then go on where the person was going. Raises a DomainError."""
    tokens = oauth.exchange(code=code, verifier=way.verifier)
    with client.asking(token=tokens.access_token, header=Header.BEARER) as labs:
        identity = labs.me()
    if way.purpose == flow.SIGN_IN:
        return _signed_in(request, way, identity, tokens)
    return _linked(request, identity, tokens, Kind.OAUTH, Header.BEARER)


def _linked(request: PortalRequest, identity: client.Identity, tokens: Tokens, kind: str, header: str) -> HttpResponse:
    person = cast("User", request.user)
    linking.link(user=person, identity=identity, tokens=tokens, kind=kind, header=header, at=timezone.now())
    messages.success(request, _("Your account is linked to Labs."))
    return redirect("labs")


def _signed_in(request: PortalRequest, way: Way, identity: client.Identity, tokens: Tokens) -> HttpResponseBase:
    """Go on as after a right password: the second factor comes next, where there is one."""
    # Whoever pasted a token has shown that they hold it, and not that the account at Labs is theirs: who made the token
    # would come in as them.
    theirs = LabsAccount.objects.filter(subject=identity.subject, kind=Kind.OAUTH)
    account = theirs.select_related("user").first()
    if account is None:
        messages.warning(request, NOT_LINKED)
        return redirect("account_login")
    linking.signed_in(account=account, identity=identity, tokens=tokens, at=timezone.now())
    login = Login(user=account.user, redirect_url=way.next or None, email=account.user.email)
    done: HttpResponseBase = perform_login(request, login)
    return done
