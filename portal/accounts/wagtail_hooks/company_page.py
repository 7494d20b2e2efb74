"""One company in the admin: all that staff need to answer somebody who calls, and what they may do in its place."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from wagtail.admin.views import generic
from wagtail.admin.widgets import Button

from portal.accounts import countries, roles
from portal.accounts.company_parts import parts
from portal.accounts.forms.members import RIGHTS
from portal.accounts.models import Company, Membership, Verification
from portal.activity.feeds import entries
from portal.activity.models import ActivityEvent
from portal.approvals import addresses
from portal.approvals.models import Approval
from portal.core.http import StaffRequest

MOST_EVENTS = 15
MOST_APPROVALS = 10
MOST_MEMBERS = 100


def page_of(company: Company) -> str:
    """The address of a company's page."""
    return reverse("wagtailsnippets_accounts_company:inspect", args=[company.pk])


def action_url(name: str, pk: int) -> str:
    """The address of one action; those on members take the key of the membership."""
    return reverse(f"wagtailsnippets_accounts_company:{name}", args=[pk])


def profile(company: Company) -> Iterator[tuple[str, str]]:
    """What the company says of itself, and how it stands."""
    yield "State", "Active" if company.is_active else "Access is closed"
    until = f", until {company.verification_ends_on:%-d %B %Y}" if company.verification_ends_on else ""
    yield "Verification", f"{company.get_verification_display()}{until}"
    yield "Labs customer", "Yes" if company.is_labs_customer else "No"
    yield "Registered name", company.legal_name
    yield "Registration number", company.registration_number
    yield "Tax number", company.tax_id or ""
    yield "Country and currency", f"{countries.name_of(company.country)}, {company.currency}"
    yield "Industry", company.get_industry_display()
    yield "Size", company.get_size_display()
    yield "Contact", " · ".join(filter(None, (company.email, company.phone, company.website)))
    yield "Billing", ", ".join(filter(None, (company.billing_email, *company.billing_lines)))
    yield "E-mail domain", company.email_domain
    yield "Registered", f"{company.created_at:%-d %B %Y}"


class CompanyInspectView(generic.InspectView):
    """Shows it."""

    any_permission_required = ["view"]
    page_title = "Company"
    object: Company
    request: StaffRequest

    def get_fields_context(self) -> list[Any]:
        """None: the template says what there is to say."""
        return []

    @property
    def header_more_buttons(self) -> list[Button]:
        """What may be done about the company."""
        company = self.object
        if not self.user_has_permission("override"):
            return []
        labs = ("unmark_labs", "No Labs customer any more") if company.is_labs_customer else None
        active = ("deactivate", "Close the access") if company.is_active else ("reactivate", "Open the access again")
        return [
            Button(label, url=action_url(name, company.pk), icon_name=icon, priority=10)
            for (name, label), icon in (
                (labs or ("mark_labs", "Mark as Labs customer"), "tag"),
                (active, "lock" if company.is_active else "lock-open"),
            )
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the parts of the page."""
        company, user = self.object, self.request.user
        approvals = Approval.objects.for_staff(user).for_company(company).with_people().order_by("-asked_at", "-pk")
        events = ActivityEvent.objects.visible_to(user, company=company)
        return {
            **super().get_context_data(**kwargs),
            "profile": list(profile(company)),
            "may_override": self.user_has_permission("override"),
            "members": [member(row) for row in company.memberships.with_people()[:MOST_MEMBERS]],
            "most_members": MOST_MEMBERS,
            "verifications": company.verifications.exclude(status=Verification.Status.DRAFT),
            "approvals": [(row, addresses.staff_page(row)) for row in approvals[:MOST_APPROVALS]],
            "parts": [(part.label, list(part.lines(company))) for part in parts.all()],
            "events": entries(events, limit=MOST_EVENTS),
        }


def member(membership: Membership) -> dict[str, Any]:
    """One line of the list of members, with the ways to what may be done."""
    actions = [("change_role", "Change role"), ("remove_member", "Remove")]
    if membership.role != Membership.Role.OWNER:
        actions.append(("transfer", "Hand the ownership over"))
    held = (flag for flag in RIGHTS if getattr(membership, flag) and roles.may_hold(membership.role, flag))
    return {
        "membership": membership,
        "rights": [RIGHTS[flag] for flag in held],
        "actions": [(action_url(name, membership.pk), label) for name, label in actions],
    }
