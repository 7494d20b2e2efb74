"""The decisions about companies and members: who makes them, what they do, and what a decider reads first."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from portal.accounts import countries, roles
from portal.accounts.models import Erasure, JoinRequest, Membership, User, Verification, VerificationDocument
from portal.accounts.services import domains, erasures, members, verifications
from portal.approvals import addresses
from portal.approvals.models import Approval
from portal.approvals.registry import Fact, Kind, Preview
from portal.core import files
from portal.notifications.services import notices


def may_manage_members(membership: Membership) -> bool:
    """Whether the member manages the members of the company."""
    return roles.allows(membership, roles.Permission.MANAGE_MEMBERS)


def verification_facts(approval: Approval) -> Iterable[Fact]:
    """The company's profile and its papers, side by side."""
    verification = Verification.objects.select_related("company").get(pk=approval.object_id)
    company = verification.company
    nothing = "–"
    yield Fact("Registered name", company.legal_name or nothing)
    yield Fact("Registration number", company.registration_number or nothing)
    yield Fact("Country", countries.name_of(company.country))
    yield Fact("Tax number", company.tax_id or nothing)
    yield Fact(
        "Industry and size", f"{company.get_industry_display() or nothing}, {company.get_size_display() or nothing}"
    )
    yield Fact("Website", company.website or nothing, company.website)
    yield Fact("Contact", " · ".join(filter(None, (company.email, company.phone))) or nothing)
    yield Fact("Billing address", ", ".join(company.billing_lines) or nothing)
    owners = Membership.objects.filter(company=company, role=Membership.Role.OWNER).with_people()
    yield Fact("Owners", ", ".join(str(owner.user) for owner in owners))
    yield from (paper(document) for document in verification.documents.order_by("kind"))
    for earlier in company.verifications.exclude(pk=verification.pk).filter(closed_at__isnull=False):
        said = f"{earlier.get_status_display()}: {earlier.reason}" if earlier.reason else earlier.get_status_display()
        yield Fact(date_format(earlier.closed_at or earlier.created_at), said, heading="Decided before")


def paper(document: VerificationDocument) -> Fact:
    """One paper: its file, until when it is valid, and where it is looked at."""
    day, keys = document.expires_on, [document.public_id]
    has_ended = document.has_ended(timezone.localdate())
    state = f"{'Expired on' if has_ended else 'Valid until'} {date_format(day)}" if day else "No expiry date"
    is_picture = document.content_type in files.PICTURES
    return Fact(
        str(document),
        f"{document.name}, {state[0].lower()}{state[1:]}",
        reverse("verification-document", args=keys),
        heading="Documents",
        preview=Preview(reverse("verification-document-view", args=keys), is_picture, state, has_ended),
    )


def joining_facts(approval: Approval) -> Iterable[Fact]:
    """Who asks, with the address that is of the company's domain."""
    request = JoinRequest.objects.select_related("user", "company").get(pk=approval.object_id)
    yield Fact("Person", str(request.user))
    yield Fact("E-mail address", request.user.email)
    yield Fact("Would join as", Membership.Role.VIEWER.label)
    if request.message:
        yield Fact("Message", request.message)


def erasure_facts(approval: Approval) -> Iterable[Fact]:
    """Whose data it is, and what else hangs on it."""
    erasure = Erasure.objects.select_related("person", "company").get(pk=approval.object_id)
    company, person = erasure.company, erasure.person
    yield Fact("Person" if company is None else "Owner who asks", f"{person}, {person.email}")
    if company is not None:
        yield Fact("Owners", ", ".join(str(owner) for owner in erasures.owners_of(company)) or "None")
        yield Fact("Members who lose access", str(company.memberships.count()))
        return
    for membership in person.memberships.select_related("company").order_by("pk"):
        yield Fact("Member of", f"{membership.company}, as {membership.get_role_display().lower()}")


def joining_asked(approval: Approval, at: datetime) -> None:
    """Tell who decides."""
    request = JoinRequest.objects.select_related("user", "company").get(pk=approval.object_id)
    _tell(approval, "join_requested", members.managers(request.company), at, request, addresses.member_page(approval))


def joining_approved(approval: Approval, at: datetime) -> None:
    """Let the person in, and say so."""
    domains.let_in(approval, at)
    request = JoinRequest.objects.select_related("user", "company").get(pk=approval.object_id)
    _tell(approval, "join_approved", [request.user], at, request, "/dashboard/")


def joining_rejected(approval: Approval, at: datetime) -> None:
    """Say no, and why."""
    request = JoinRequest.objects.select_related("user", "company").get(pk=approval.object_id)
    _tell(approval, "join_rejected", [request.user], at, request, "")


def _tell(approval: Approval, kind: str, people: list[User], at: datetime, request: JoinRequest, url: str) -> None:
    is_for_company = kind == "join_requested"
    notices.notify(
        kind=kind,
        people=people,
        key=f"approval {approval.public_id}",
        at=at,
        fields={
            "company": request.company.name,
            "name": str(request.user),
            "message": request.message,
            "comment": approval.comment,
        },
        url=url,
        company=request.company if is_for_company else None,
    )


KINDS = {
    verifications.KIND: Kind(
        label="Company verification",
        permission="accounts.verify_company",
        icon="shield-check",
        on_approve=verifications.on_approve,
        on_reject=verifications.on_reject,
        on_cancel=verifications.on_cancel,
        facts=verification_facts,
    ),
    erasures.KIND: Kind(
        label="Erasure of data",
        permission=erasures.PERMISSION,
        icon="trash-2",
        four_eyes=True,
        on_approve=erasures.carry_out,
        on_reject=erasures.refuse,
        facts=erasure_facts,
    ),
    domains.KIND: Kind(
        label="Join request",
        permission="accounts.verify_company",
        icon="user-plus",
        member_may=may_manage_members,
        on_ask=joining_asked,
        on_approve=joining_approved,
        on_reject=joining_rejected,
        facts=joining_facts,
    ),
}
