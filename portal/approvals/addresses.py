"""Where an approval is read and decided."""

from typing import TYPE_CHECKING

from django.urls import reverse

from portal.approvals.models import Approval

if TYPE_CHECKING:
    from portal.accounts.models import User

STAFF_NAMESPACE = "wagtailsnippets_approvals_approval"


def staff_list() -> str:
    """The queue in the admin."""
    return reverse(f"{STAFF_NAMESPACE}:list")


def staff_waiting() -> str:
    """What of the queue waits for our staff, whoever waits longest first."""
    return f"{staff_list()}?status=pending&decider=staff&ordering=asked_at"


def staff_page(approval: Approval) -> str:
    """The approval in the admin."""
    return reverse(f"{STAFF_NAMESPACE}:inspect", args=[approval.pk])


def member_page(approval: Approval) -> str:
    """The approval at its company's desk."""
    return reverse("team-approval", args=[approval.public_id])


def is_member(person: "User", approval: Approval) -> bool:
    """Whether the person belongs to the company that it concerns."""
    return approval.company is not None and approval.company.memberships.filter(user=person).exists()


def page_for(person: "User", approval: Approval) -> str:
    """Where this person reads it; people without a page for it find it on their dashboard."""
    if is_member(person, approval):
        return member_page(approval)
    return staff_page(approval) if person.is_staff else reverse("dashboard")
