"""The company's profile."""

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

from portal.accounts import countries, navigation, roles, tax_ids
from portal.accounts.forms.companies import AddressForm, DomainForm, LogoForm, ProfileForm
from portal.accounts.models import Company
from portal.accounts.permissions import requires
from portal.accounts.roles import Permission
from portal.accounts.services import companies, domains, logos
from portal.activity import feeds
from portal.activity.models import ActivityEvent
from portal.core import files
from portal.core.forms import refusals_on
from portal.core.http import MemberRequest, PortalRequest
from portal.core.posting import posted_from

MOST_HISTORY = 10


@requires(Permission.VIEW_COMPANY)
@require_safe
def profile(request: MemberRequest) -> HttpResponse:
    """What the company says of itself, and what became of it."""
    return shown(request)


def shown(request: MemberRequest, *, refused: LogoForm | DomainForm | None = None) -> HttpResponse:
    """The profile, with what was wrong with a form at its field."""
    company = request.company
    events = ActivityEvent.objects.visible_to(request.user, company=company, membership=request.membership)
    context = {
        **shell(request),
        "details": details(company),
        "contacts": contacts(company),
        "country": countries.name_of(company.billing_country or company.country),
        "history": feeds.entries(events.about(company), limit=MOST_HISTORY),
        **forms_of(request, refused),
    }
    return render(request, "accounts/company.html", context)


def forms_of(request: MemberRequest, refused: LogoForm | DomainForm | None) -> dict[str, Any]:
    """Both forms of the profile: empty ones, and the one that was refused as it was filled in."""
    return {
        "refused": refused,
        "logo_form": refused if isinstance(refused, LogoForm) else LogoForm(),
        "domain_form": refused
        if isinstance(refused, DomainForm)
        else DomainForm(user=request.user, company=request.company),
    }


@requires(Permission.EDIT_COMPANY)
def edit(request: MemberRequest) -> HttpResponse:
    """Change the profile."""
    form = ProfileForm(request.POST or None, instance=fresh(request.company))
    return save(request, form, _("Edit the profile"), _("The profile is saved."))


@requires(Permission.MANAGE_BILLING)
def address(request: MemberRequest) -> HttpResponse:
    """Change where invoices go."""
    form = AddressForm(request.POST or None, instance=fresh(request.company))
    return save(request, form, _("Edit the billing address"), _("The billing address is saved."))


def save(request: MemberRequest, form: ProfileForm | AddressForm, title: str, done: str) -> HttpResponse:
    """Save what is valid and lead back; else show the form."""
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in form.Meta.fields}
        with refusals_on(form):
            companies.change(company=request.company, values=values, by=request.user)
            messages.success(request, done)
            return redirect("company")
    return render(request, "accounts/company_form.html", {**shell(request), "form": form, "title": title})


@requires(Permission.EDIT_COMPANY)
@posted_from("company")
def set_logo(request: MemberRequest) -> HttpResponse:
    """Take a new logo, or the old one away."""
    if "remove" in request.POST:
        companies.set_logo(company=request.company, picture=None, by=request.user)
        return redirect("company")
    form = LogoForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals_on(form):
            drawn = logos.redraw(form.cleaned_data["logo"])
            companies.set_logo(company=request.company, picture=drawn, by=request.user)
            messages.success(request, _("The logo is saved."))
            return redirect("company")
    return shown(request, refused=form)


@requires(Permission.EDIT_COMPANY)
@posted_from("company")
def set_domain(request: MemberRequest) -> HttpResponse:
    """Say which e-mail domain is the company's."""
    form = DomainForm(request.POST, user=request.user, company=request.company)
    if form.is_valid():
        wanted = form.cleaned_data["email_domain"]
        if wanted == request.company.email_domain:
            return redirect("company")
        with refusals_on(form):
            domains.claim(company=request.company, domain=wanted, by=request.user, at=timezone.now())
            messages.success(request, _("The e-mail domain is saved."))
            return redirect("company")
    return shown(request, refused=form)


@login_required
@require_safe
def logo(request: PortalRequest, company_id: UUID) -> HttpResponseBase:
    """The logo of a company that the viewer may know of."""
    if not request.user.is_authenticated:
        raise Http404
    company = get_object_or_404(Company.objects.visible_to(request.user).exclude(logo=""), public_id=company_id)
    return files.download(company.logo, name="logo.png", content_type="image/png", inline=True)


def fresh(company: Company) -> Company:
    """The company as it is stored, for a form to write on: the request's stays as it is."""
    return Company.objects.get(pk=company.pk)


def shell(request: MemberRequest) -> dict[str, Any]:
    """What every page of the settings shows."""
    membership = request.membership
    return {
        "company": request.company,
        "tabs": navigation.tabs(request.desk, request.path),
        "may_edit": roles.allows(membership, Permission.EDIT_COMPANY),
        "may_edit_address": roles.allows(membership, Permission.MANAGE_BILLING),
    }


def details(company: Company) -> list[tuple[str, str]]:
    """Label and value of what a company is; empty values too."""
    return [
        (_("Registered name"), company.legal_name),
        (_("Registration number"), company.registration_number),
        (_("Tax number"), tax_ids.masked(company.tax_id)),
        (_("Country"), countries.name_of(company.country)),
        (_("Industry"), company.get_industry_display()),
        (_("People"), company.get_size_display()),
        (_("Currency"), company.currency),
    ]


def contacts(company: Company) -> list[tuple[str, str, str]]:
    """Label, value and address of the ways to reach a company."""
    return [
        (_("E-mail"), company.email, f"mailto:{company.email}"),
        (_("Phone"), company.phone, f"tel:{company.phone}"),
        (_("Website"), company.website, company.website),
        (_("Labs workspace"), company.labs_url, company.labs_url),
    ]
