"""Projects of the demo world, with made-up figures that say so: what exists stays as it is."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from portal.accounts.models import Company, User
from portal.projects.models import Contribution, Project, Repository, RepositoryFigures
from portal.projects.services import milestones, people, projects
from portal.teams.models import Assignment

STAFF = "staff@portal.example"
WEEKS = 52


@dataclass(frozen=True, slots=True)
class Made:
    """A project: milestones as name, days from today, and whether reached; developers as address and role."""

    company: str
    name: str
    type: str
    description: str
    begun: int
    milestones: Sequence[tuple[str, int, bool]]
    developers: Sequence[tuple[str, str]]
    repositories: Sequence[tuple[str, int]]
    labs_url: str = ""


PROJECTS = (
    Made(
        "northwind-labs",
        "Farm shop",
        "labs",
        "A shop for growers who sell straight to restaurants: orders, deliveries and payments in one place.",
        120,
        [
            ("Orders by phone and web", -70, True),
            ("Deliveries planned by route", -24, True),
            ("Payments go live", 12, False),
            ("Handover and training", 40, False),
        ],
        [("developer@talent.example", "lead"), ("naomi@talent.example", "reviewer")],
        [("northwind-labs/farm-shop", 34), ("northwind-labs/farm-shop-app", 19)],
        "https://labs.buildly.io/",
    ),
    Made(
        "northwind-labs",
        "Payroll bridge",
        "custom",
        "Carries hours from the time sheets into Payroll every evening, and shows what did not fit.",
        20,
        [("Hours of one team arrive", 9, False), ("All teams", 30, False)],
        [("developer@talent.example", "developer")],
        [("northwind-labs/payroll-bridge", 8)],
    ),
    Made(
        "savanna-foods",
        "Warehouse labels",
        "maintenance",
        "Prints labels for what leaves the cold store, and keeps the printers' drivers up to date.",
        200,
        [("New printers", -150, True), ("Labels in two languages", -3, False)],
        [("naomi@talent.example", "lead")],
        [("savanna-foods/warehouse-labels", 5)],
    ),
)


def create(people_by_email: Mapping[str, User], companies: Mapping[str, Company]) -> None:
    """Make what is missing; people by address, companies by slug, as far as they are there."""
    now = timezone.now()
    for made in PROJECTS:
        company = companies[made.company]
        if not Project.objects.for_company(company).filter(name=made.name).exists():
            project(made, company, people_by_email[STAFF], now)


def project(made: Made, company: Company, staff: User, now: datetime) -> None:
    """Take a project through its life up to now."""
    begun = now - timedelta(days=made.begun)
    values = {
        "name": made.name,
        "type": made.type,
        "description": made.description,
        "labs_url": made.labs_url,
        "starts_on": timezone.localdate(begun),
    }
    new = projects.create(company=company, values=values, by=staff, at=begun)
    projects.start(project=new, by=staff, at=begun)
    for name, days, is_reached in made.milestones:
        due = now + timedelta(days=days)
        one = milestones.add(project=new, name=name, due_on=timezone.localdate(due), by=staff, at=begun)
        if is_reached:
            milestones.reach(milestone=one, by=staff, at=due)
    for email, role in made.developers:
        inside = Assignment.objects.for_company(company).giving_access(today=timezone.localdate(now))
        if assignment := inside.filter(developer__user__email=email).first():
            people.add(project=new, assignment=assignment, role=role, by=staff, at=now)
    for name, pace in made.repositories:
        repository(new, name, pace, now)


def repository(project: Project, name: str, pace: int, now: datetime) -> None:
    """A repository that GitHub is never asked for, with figures of about `pace` commits a week."""
    # The same each time, and no two repositories alike.
    digits = hashlib.sha512(name.encode()).digest()
    weeks = [digits[week % len(digits)] * 2 * pace // 255 for week in range(WEEKS)]
    commits = sum(weeks)
    row = Repository.objects.create(project=project, full_name=name, is_demo=True, state="ok", synced_at=now)
    RepositoryFigures.objects.create(
        repository=row,
        commits=commits,
        open_pull_requests=pace // 8,
        merged_pull_requests=commits // 6,
        open_issues=pace // 2,
        contributors=3,
        commits_this_week=weeks[-1],
        weeks=weeks,
        taken_at=now,
    )
    places = project.developers.values_list("assignment__developer", flat=True)
    done = [Contribution(repository=row, developer_id=pk, commits=commits // 3) for pk in places]
    Contribution.objects.bulk_create(done)
