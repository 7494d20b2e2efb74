"""Joining a company: by the link of an invitation, or by asking."""

from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.account.views import SignupView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.accounts.forms.members import JoinForm
from portal.accounts.forms.registration import InvitedForm
from portal.accounts.middleware import act_for
from portal.accounts.models import Company, Invitation, User
from portal.accounts.services import domains, invitations
from portal.approvals.models import Approval
from portal.core.errors import DomainError
from portal.core.forms import refusals_on

DASHBOARD = "/customer/dashboard/"


class InvitedSignup(SignupView):
    """An account and a membership at once, for an invited address that has no account."""

    template_name = "accounts/invitation_signup.html"
    # Set by as_view.
    invitation: Any = None

    def get_form_class(self) -> type[InvitedForm]:
        """Ask for a name and a password; the address is the invitation's."""
        return InvitedForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Hand the invitation to the form."""
        return {**super().get_form_kwargs(), "invitation": self.invitation}

    def get_success_url(self) -> str:
        """Lead to the dashboard: the company joined is the new account's only desk."""
        return DASHBOARD

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Show the invitation beside the form."""
        return {**super().get_context_data(**more), "invitation": self.invitation}


@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """What the link of an invitation opens: joining, signing in or up, or why none of these is possible."""
    found = get_object_or_404(Invitation.objects.by_token(token).select_related("company", "invited_by"))
    user = request.user if request.user.is_authenticated else None
    refusal = refusal_of(found, user)
    if refusal:
        return refused(request, found, refusal)
    if user is not None:
        return join(request, found, user)
    if User.objects.filter(email__iexact=found.email).exists():
        return render(request, "accounts/invitation.html", {"invitation": found, "has_account": True})
    return InvitedSignup.as_view(invitation=found)(request)


@never_cache
@login_required
def own_invitation(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """The same for somebody who has proved the address that it is for; to everybody else it does not exist."""
    user = signed_in(request)
    mine = Invitation.objects.to_proved_addresses_of(user).select_related("company", "invited_by")
    found = get_object_or_404(mine, public_id=invitation_id)
    refusal = refusal_of(found, user)
    return refused(request, found, refusal) if refusal else join(request, found, user)


def refusal_of(found: Invitation, user: User | None) -> DomainError | None:
    """What keeps this person from joining."""
    try:
        invitations.check_acceptable(found, user, timezone.now())
    except DomainError as refusal:
        return refusal
    return None


def join(request: HttpRequest, found: Invitation, user: User) -> HttpResponse:
    """Ask once more, then join."""
    if request.method == "POST":
        try:
            invitations.accept(invitation=found, user=user, at=timezone.now())
        except invitations.AlreadyAMember as refusal:
            messages.info(request, refusal.message)
        act_for(request, found.company)
        return redirect(DASHBOARD)
    return render(request, "accounts/invitation.html", {"invitation": found})


def refused(request: HttpRequest, found: Invitation, refusal: DomainError) -> HttpResponse:
    """Say why this link does not lead in, and what to do."""
    is_mine = refusal.code == "invitation_closed" and found.accepted_by_id == request.user.pk
    if is_mine and found.accepted_by_id is not None:
        return redirect("dashboard")
    context = {"invitation": found, "refusal": refusal, "is_elsewhere": refusal.code == "another_address"}
    return render(request, "accounts/invitation_refused.html", context, status=refusal.status)


@login_required
def joinable(request: HttpRequest) -> HttpResponse:
    """Companies that one's confirmed address belongs to, and how far one's requests to join them are."""
    user = signed_in(request)
    unconfirmed = EmailAddress.objects.filter(user=user, verified=False).order_by("-primary", "pk").first()
    open_ones = Invitation.objects.to_proved_addresses_of(user).pending().filter(company__is_active=True)
    context = {
        "invitations": open_ones.filter(expires_at__gt=timezone.now()).select_related("company").order_by("expires_at"),
        "unconfirmed": unconfirmed,
        **requests_of(user),
    }
    return render(request, "accounts/join.html", context)


def requests_of(user: User) -> dict[str, Any]:
    """Requests to join that wait or were refused lately, and the companies that can be asked."""
    waiting = Approval.objects.pending().filter(kind=domains.KIND, asked_by=user).select_related("company")
    joinable = domains.joinable_by(user)
    refused = domains.refused_lately(user, at=timezone.now()).filter(company__in=joinable).select_related("company")
    asked = {approval.company_id for approval in (*waiting, *refused)}
    companies = [company for company in joinable if company.pk not in asked]
    return {"companies": companies, "waiting": waiting, "refused": refused}


@login_required
def ask_to_join(request: HttpRequest, company_id: UUID) -> HttpResponse:
    """Ask one of them; any other company does not exist."""
    user = signed_in(request)
    mine = [company.pk for company in domains.joinable_by(user)]
    company = get_object_or_404(Company.objects.filter(pk__in=mine), public_id=company_id)
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            message = form.cleaned_data["message"]
            domains.ask_to_join(company=company, user=user, at=timezone.now(), message=message)
            messages.success(request, _("%s was asked. You will hear as soon as somebody decides.") % company)
            return redirect("join")
    return render(request, "accounts/join_ask.html", {"company": company, "form": form})


def signed_in(request: HttpRequest) -> User:
    """The user, whom `login_required` has let through."""
    if not request.user.is_authenticated:
        raise PermissionError
    return request.user
