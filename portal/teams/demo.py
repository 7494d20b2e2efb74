"""Developers, agencies and assignments of the demo world: what exists stays as it is."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from portal.accounts.models import Company, User
from portal.approvals import services as approvals
from portal.teams.models import Agency, Assignment, Developer
from portal.teams.services import assignments, community, removals
from portal.teams.services.community import Profile

STAFF = "staff@portal.example"
AGENCY_ADMIN = "agency@talent.example"
INDEPENDENT = {
    "developer@talent.example": Profile(
        "Django and PostgreSQL, from the first sketch to the last invoice",
        ["Python", "Django", "PostgreSQL", "HTMX"],
        ["https://amina.example/work"],
        "amina-hassan",
        "full_time",
    ),
    "junior@talent.example": Profile(
        "Front ends that work on any phone", ["JavaScript", "CSS", "Accessibility"], [], "peter-njoroge", "part_time"
    ),
}
OF_AGENCY = {
    "naomi@talent.example": Profile("Payroll and returns", ["Python", "Payroll"], [], "", "full_time"),
    "tariq@talent.example": Profile("Data and reports", ["SQL", "Python", "Reporting"], [], "", "part_time"),
}
# Developer, company, who decides there, and how far the assignment is.
ASSIGNMENTS = (
    ("developer@talent.example", "northwind-labs", "owner@northwind.example", "active"),
    ("naomi@talent.example", "northwind-labs", "owner@northwind.example", "notice"),
    ("naomi@talent.example", "savanna-foods", "owner@savanna.example", "active"),
    ("tariq@talent.example", "savanna-foods", "owner@savanna.example", "proposed"),
)


def create(people: Mapping[str, User], companies: Mapping[str, Company]) -> None:
    """Make what is missing; `people` by address, `companies` by slug, as far as they are there."""
    now = timezone.now()
    agency, _made = Agency.objects.get_or_create(slug="talent", defaults={"name": "Talent Works"})
    agency.admins.add(people[AGENCY_ADMIN])
    for email, profile in {**INDEPENDENT, **OF_AGENCY}.items():
        developer(people[email], profile, agency if email in OF_AGENCY else None, now)
    for email, slug, decider, state in ASSIGNMENTS:
        if not Assignment.objects.filter(developer__user=people[email], company=companies[slug]).exists():
            assign(people[email].developer, companies[slug], people, decider=people[decider], state=state, now=now)


def developer(user: User, profile: Profile, agency: Agency | None, now: datetime) -> None:
    """Make a developer who has applied; all but the junior are approved by staff."""
    if Developer.objects.filter(user=user).exists():
        return
    made = community.save_profile(user=user, profile=profile)
    Developer.objects.filter(pk=made.pk).update(agency=agency)
    application = community.apply(developer=made, at=now - timedelta(days=60))
    if user.email != "junior@talent.example":
        staff = User.objects.get(email=STAFF)
        approvals.approve(approval=application, by=staff, at=now - timedelta(days=58), comment="Good references.")


def assign(
    developer: Developer, company: Company, people: Mapping[str, User], *, decider: User, state: str, now: datetime
) -> None:
    """Take an assignment through its states up to `state`."""
    staff = people[STAFF]
    at = now - timedelta(days=45 if state != "proposed" else 2)
    note = "Has done the same for two companies of your size."
    made = assignments.propose(company=company, developer=developer, by=staff, at=at, note=note)
    if state == "proposed":
        return
    approvals.approve(approval=assignments.decision_on(made), by=decider, at=at + timedelta(days=1))
    if state == "notice":
        reason = "The payroll project is complete."
        asked = removals.ask(assignment=made, by=decider, at=now - timedelta(days=14), reason=reason)
        approvals.approve(approval=asked, by=staff, at=now - timedelta(days=12), comment="Agreed with the agency.")
