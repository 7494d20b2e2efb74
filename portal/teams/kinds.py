"""The decisions about developers: who makes them, what they do, and what a decider reads first."""

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from portal.accounts import roles
from portal.accounts.models import Membership
from portal.approvals.models import Approval
from portal.approvals.registry import Fact, Kind
from portal.teams.models import Assignment, Developer
from portal.teams.models.assignments import NOTICE
from portal.teams.services import assignments, community, removals


def may_approve_developers(membership: Membership) -> bool:
    """Whether the member decides on developers for the company."""
    return roles.allows(membership, roles.Permission.APPROVE_DEVELOPERS)


def person_facts(developer: Developer) -> Iterable[Fact]:
    """What there is to know of a developer."""
    yield Fact("Developer", str(developer))
    yield Fact("Headline", developer.headline or "None yet")
    yield Fact("Skills", ", ".join(developer.skills) or "None yet")
    yield Fact("Works", developer.get_availability_display())
    yield Fact("Comes from", developer.source)
    if developer.github_name:
        yield Fact("GitHub", developer.github_name, f"https://github.com/{developer.github_name}")
    for link in developer.links:
        yield Fact("Link", link, link)


def community_facts(approval: Approval) -> Iterable[Fact]:
    """The applicant's profile."""
    developer = Developer.objects.with_person().get(pk=approval.object_id)
    yield from person_facts(developer)
    if developer.cv:
        yield Fact("CV", developer.cv_name, reverse("wagtailsnippets_teams_developer:cv", args=[developer.pk]))


def proposal_facts(approval: Approval) -> Iterable[Fact]:
    """The proposed developer's profile, and why staff propose them."""
    assignment = Assignment.objects.with_people().get(pk=approval.object_id)
    yield from person_facts(assignment.developer)
    if assignment.note:
        yield Fact("Why this developer", assignment.note)


def removal_facts(approval: Approval) -> Iterable[Fact]:
    """The team's developer, the company's reason, and when a notice of today would end."""
    assignment = Assignment.objects.with_people().get(pk=approval.object_id)
    yield Fact("Developer", str(assignment.developer))
    yield Fact("Comes from", assignment.developer.source)
    if assignment.starts_on:
        yield Fact("In the team since", date_format(assignment.starts_on))
    yield Fact("Reason", assignment.removal_reason)
    if approval.status == Approval.Status.PENDING:
        last_day = timezone.localdate() + NOTICE - timedelta(days=1)
        yield Fact("Last day if you approve today", date_format(last_day))
    elif assignment.last_day:
        yield Fact("Last day in the team", date_format(assignment.last_day))


KINDS = {
    community.KIND: Kind(
        label="Community membership",
        permission=community.PERMISSION,
        icon="user-plus",
        on_ask=community.on_ask,
        on_approve=community.on_approve,
        on_reject=community.on_reject,
        facts=community_facts,
    ),
    assignments.KIND: Kind(
        label="Team assignment",
        permission=assignments.PERMISSION,
        icon="users",
        member_may=may_approve_developers,
        on_ask=assignments.on_ask,
        on_approve=assignments.on_approve,
        on_reject=assignments.on_reject,
        on_cancel=assignments.on_cancel,
        facts=proposal_facts,
    ),
    removals.KIND: Kind(
        label="Removal",
        permission=removals.PERMISSION,
        icon="log-out",
        on_ask=removals.on_ask,
        on_approve=removals.on_approve,
        on_reject=removals.on_reject,
        facts=removal_facts,
    ),
}
