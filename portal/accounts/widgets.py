"""What dashboards show of companies."""

from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django.db.models import Exists, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from wagtail import blocks

from portal.accounts import roles
from portal.accounts.desks import Kind
from portal.accounts.models import Company, Membership
from portal.core.widgets import Scope, WidgetBlock

Step = dict[str, Any]
RIGHTS = (
    "role", "can_approve_developers", "can_sign_contracts", "can_manage_billing", "user__is_active",
    "company__is_active",
)  # fmt: skip
VERIFIED = (Company.Verification.VERIFIED, Company.Verification.PENDING)


def mark(scope: Scope) -> "QuerySet[Any] | None":
    """What decides what a member may see; nothing once they are none."""
    membership = scope.request.membership
    if membership is None:
        return None
    told = [part for name in RIGHTS for part in (Cast(name, TextField()), Value(" "))]
    mine = Membership.objects.filter(pk=membership.pk).order_by()
    return mine.annotate(mark=Concat(*told, output_field=TextField()))


def setup_steps(scope: Scope) -> list[Step]:
    """What is left to do for a company that is new here, for those who may do it; nothing once all is done."""
    company, membership = scope.request.company, scope.request.membership
    if company is None or membership is None or not roles.allows(membership, roles.Permission.EDIT_COMPANY):
        return []
    colleagues = company.memberships.exclude(pk=membership.pk)
    unconfirmed = EmailAddress.objects.filter(user=membership.user_id, primary=True, verified=False)
    has_colleagues, has_invited, is_unconfirmed = company.memberships.values_list(
        Exists(colleagues), Exists(company.invitations.all()), Exists(unconfirmed)
    ).get(pk=membership.pk)
    steps = [
        step("Describe your company", "Registered name and tax number.", "company-edit", bool(company.legal_name)),
        step("Say where invoices go", "Your billing address.", "company-address", bool(company.billing_street)),
        step("Invite your colleagues", "Each with their own role.", "member-invite", has_colleagues or has_invited),
        step(
            "Verify your company", "Some plans and contracts need it.", "verification", company.verification in VERIFIED
        ),
    ]
    if is_unconfirmed:
        steps.insert(
            0, step("Confirm your e-mail address", "By the link that we sent.", "account_email", is_done=False)
        )
    allowed = [row for row in steps if row["name"] != "company-address" or may_edit_address(scope)]
    return [] if all(row["state"] == "done" for row in allowed) else allowed


def may_edit_address(scope: Scope) -> bool:
    """Whether the viewer may do that step."""
    return roles.allows(scope.request.membership, roles.Permission.MANAGE_BILLING)


def step(title: str, note: str, name: str, is_done: bool) -> Step:
    """One line of components/step_list.html."""
    state = "done" if is_done else "upcoming"
    return {"title": title, "note": note, "name": name, "url": reverse(name), "state": state}


class FinishSetup(WidgetBlock):
    """What is left to do for a new company; it is gone once all is done."""

    kinds = frozenset({Kind.COMPANY})
    title = blocks.CharBlock(default="Finish setting up", max_length=80)
    needs = (setup_steps,)
    samples = (
        [
            {"title": "Describe your company", "note": "Registered name and tax number.", "state": "done", "url": "#"},
            {"title": "Invite your colleagues", "note": "Each with their own role.", "state": "upcoming", "url": "#"},
        ],
    )

    class Meta:
        icon = "tasks"
        template = "accounts/widgets/finish_setup.html"
        description = "What is left to do for a company that is new here; shown until all is done."
        preview_value: ClassVar[dict[str, Any]] = {"title": "Finish setting up"}
