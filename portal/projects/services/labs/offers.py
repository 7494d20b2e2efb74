"""Projects at Labs as accounts reach them: those that are a company's project tell of it, the rest wait for staff."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from portal.accounts.models import User
from portal.activity import services as activity
from portal.projects.labs.answers import Product
from portal.projects.models import LabsAccount, LabsProject, LabsReach, Project
from portal.projects.services.labs import matching
from portal.projects.services.labs.matching import Matches

State = LabsProject.State
KNOWN = ("name", "url", "number", "uuid")


@dataclass(frozen=True, slots=True)
class Told:
    """What Labs tells of one project; empty where it does not show that."""

    milestones: Sequence[Mapping[str, str]]
    releases: Sequence[Mapping[str, str]]
    usage: Mapping[str, int | float]


def joined_keys(matches: Matches, products: Sequence[Product], *, user: User, at: datetime) -> Collection[str]:
    """Of which projects at Labs it is worth reading more: those of a project that the person may see."""
    seen = Project.objects.visible_to(user, today=timezone.localdate(at))
    keys = [product.key for product in products]
    joined = LabsProject.objects.filter(key__in=keys, project__in=seen).values_list("key", flat=True)
    return {*matches.certain, *joined}


def record(*, account: LabsAccount, products: Sequence[Product], told: Mapping[str, Told], at: datetime) -> None:
    """Write down what an account reaches now, in the open transaction, and join what is certain."""
    rows = _rows(products, at)
    _reach(account, rows)
    matches = matching.of(account.user, products, at=at)
    for product in products:
        row = rows[product.key]
        _rename(row, product)
        if row.state == State.WAITING:
            _match(row, product, matches, at)
    LabsProject.objects.bulk_update(rows.values(), [*KNOWN, "company", "suggestion"])
    _tell(rows, told, joined_keys(matches, products, user=account.user, at=at), at)
    LabsProject.objects.unreached().delete()


def join(*, row: LabsProject, project: Project, by: User | None, at: datetime) -> None:
    """Let a project at Labs stand for this one; both are locked, and neither stands for another."""
    row.state, row.project, row.decided_by, row.decided_at = State.JOINED, project, by, at
    row.company = row.suggestion = None
    row.save(update_fields=["state", "project", "decided_by", "decided_at", "company", "suggestion"])
    if row.uuid:
        project.labs_uuid = row.uuid
        project.save(update_fields=["labs_uuid"])
    activity.record(
        verb="project.labs_joined", actor=by, company=project.company, subject=project, data={"labs": row.name}, at=at
    )


def _rows(products: Sequence[Product], at: datetime) -> dict[str, LabsProject]:
    """Their rows, locked in one order, with those that are new."""
    new = [
        LabsProject(key=one.key, uuid=one.uuid, number=one.number, name=one.name, url=one.url, first_seen_at=at)
        for one in sorted(products, key=lambda one: one.key)
    ]
    LabsProject.objects.bulk_create(new, ignore_conflicts=True)
    keys = [one.key for one in products]
    found = LabsProject.objects.select_for_update(of=("self",)).filter(key__in=keys).order_by("key")
    return {row.key: row for row in found}


def _reach(account: LabsAccount, rows: Mapping[str, LabsProject]) -> None:
    account.reaches.exclude(labs_project__in=rows.values()).delete()
    new = [LabsReach(account=account, labs_project=row) for row in rows.values()]
    LabsReach.objects.bulk_create(new, ignore_conflicts=True)


def _rename(row: LabsProject, product: Product) -> None:
    row.name, row.url, row.number = product.name, product.url, product.number


def _match(row: LabsProject, product: Product, matches: Matches, at: datetime) -> None:
    certain, guess = matches.certain.get(product.key), matches.guessed.get(product.key)
    if certain:
        held = Project.objects.select_for_update(of=("self",)).select_related("company").get(pk=certain.pk)
        if not LabsProject.objects.filter(project=held).exists() and held.labs_uuid in (None, row.uuid):
            join(row=row, project=held, by=None, at=at)
            return
    row.suggestion = guess or row.suggestion
    row.company = (guess.company if guess else None) or row.company or matches.company


def _tell(rows: Mapping[str, LabsProject], told: Mapping[str, Told], known: Collection[str], at: datetime) -> None:
    """Keep what Labs tells of projects that the person may see, and of no other's."""
    heard = [rows[key] for key in told if key in known and rows[key].state == State.JOINED]
    for row in heard:
        row.milestones, row.releases = list(told[row.key].milestones), list(told[row.key].releases)
        row.usage, row.read_at = dict(told[row.key].usage), at
    LabsProject.objects.bulk_update(heard, ["milestones", "releases", "usage", "read_at"])
