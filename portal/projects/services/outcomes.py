"""What came of a look at a repository, as rows: all figures of one look, or a fault beside the figures from before."""

from datetime import datetime, timedelta

from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from portal.accounts.services import staff
from portal.activity import services as activity
from portal.notifications.services import notices
from portal.projects.github.errors import GitHubError, Limited, Missing, Refused
from portal.projects.github.looking import Seen
from portal.projects.github.tokens import too_much
from portal.projects.models import Contribution, ProjectDeveloper, Repository, RepositoryFigures, Synchronisation
from portal.projects.services import concerned
from portal.projects.services.projects import PERMISSION

State = Repository.State
# While GitHub counts weeks, and while it does not answer: after the first the double, and so on.
FIRST_PATIENCE, MOST_PATIENCE = timedelta(seconds=30), 5
FIRST_RETRY, LAST_RETRY = timedelta(minutes=5), timedelta(hours=6)
SEEN_FIELDS = [
    "state", "detail", "tried_at", "synced_at", "failures", "full_name", "github_id", "is_private", "token_scopes",
    "token_expires_at", "token_verdict",
]  # fmt: skip


def record(*, repository: Repository, seen: Seen, at: datetime) -> timedelta | None:
    """Write what was seen of a locked repository; return how long to wait before the next look, if one is wanted."""
    before, repository.tried_at = repository.state, at
    fault = seen.fault or _clash(repository, seen)
    wait = _fail(repository, fault, at) if fault else _succeed(repository, seen, at)
    repository.save(update_fields=SEEN_FIELDS)
    if repository.state == State.BAD_TOKEN and before != State.BAD_TOKEN:
        tell_refused(repository, at=at)
    return wait


def _succeed(repository: Repository, seen: Seen, at: datetime) -> timedelta | None:
    repository.state, repository.detail, repository.synced_at = State.OK, "", at
    repository.full_name, repository.github_id = seen.full_name, seen.github_id
    if seen.is_private is not None:
        repository.is_private = seen.is_private
    about_token(repository, seen)
    figures, _made = RepositoryFigures.objects.get_or_create(repository=repository, defaults={"taken_at": at})
    for name, value in seen.figures.items():
        setattr(figures, name, value)
    figures.etags, figures.taken_at = seen.etags, at
    figures.save()
    if seen.contributions is not None:
        _contributions(repository, seen.contributions)
    repository.failures = repository.failures + 1 if figures.weeks_pending else 0
    if not 0 < repository.failures <= MOST_PATIENCE:
        return None
    return FIRST_PATIENCE * (1 << (repository.failures - 1))


def _fail(repository: Repository, fault: GitHubError, at: datetime) -> timedelta | None:
    repository.detail = str(fault)[:300]
    if isinstance(fault, Limited):
        repository.state = State.RATE_LIMITED
        _postpone(repository, at + fault.wait)
        # Not all in the same second.
        return fault.wait + timedelta(seconds=repository.pk % 30)
    if isinstance(fault, Refused):
        repository.state = State.BAD_TOKEN
        return None
    if isinstance(fault, Missing):
        repository.state = State.MISSING
        return None
    repository.state, repository.failures = State.UNREACHABLE, min(repository.failures + 1, 20)
    return min(FIRST_RETRY * (1 << (repository.failures - 1)), LAST_RETRY)


def _postpone(repository: Repository, until: datetime) -> None:
    """A limit is the token's: others that wait with the same one would only make it longer."""
    waiting = Synchronisation.objects.filter(
        state=Synchronisation.State.QUEUED, repository__token_key=repository.token_key, available_at__lt=until
    )
    waiting.update(available_at=Greatest("available_at", until))


def _clash(repository: Repository, seen: Seen) -> GitHubError | None:
    """A repository that was renamed to what the project has already."""
    if seen.full_name.lower() == repository.full_name.lower():
        return None
    others = Repository.objects.filter(project=repository.project_id, full_name__iexact=seen.full_name)
    if others.exclude(pk=repository.pk).exists():
        return Missing(_("It is called %(name)s now, which the project has already.") % {"name": seen.full_name})
    return None


def _contributions(repository: Repository, found: dict[str, int]) -> None:
    """Replace those of the project's developers."""
    places = ProjectDeveloper.objects.filter(project=repository.project_id).exclude(
        assignment__developer__github_name=""
    )
    names = places.values_list("assignment__developer_id", "assignment__developer__github_name")
    rows = {
        developer: Contribution(repository=repository, developer_id=developer, commits=found[name.lower()])
        for developer, name in names
        if name.lower() in found
    }
    Contribution.objects.filter(repository=repository).delete()
    Contribution.objects.bulk_create(rows.values())


def about_token(repository: Repository, seen: Seen) -> None:
    """What GitHub said of the token: its scopes where it has such, and when it ends."""
    repository.token_scopes, repository.token_expires_at = seen.scopes or [], seen.token_expires_at
    if seen.scopes is None or not repository.token_key:
        repository.token_verdict = Repository.Verdict.UNKNOWN
    elif too_much(seen.scopes):
        repository.token_verdict = Repository.Verdict.TOO_MUCH
    else:
        repository.token_verdict = Repository.Verdict.RIGHT


def tell_refused(repository: Repository, *, at: datetime) -> None:
    """Tell staff who can enter another token, and the company's managers who can make one; once for each token."""
    project = repository.project
    data = {"repository": repository.full_name}
    activity.record(
        verb="project.token_refused", actor=None, company=project.company, subject=project, data=data, at=at
    )
    fields = {"project": project.name, "company": project.company.name, "repository": repository.full_name}
    key = f"repository {repository.pk} {repository.token_key[:16]}"
    notices.notify(
        kind="token_refused", people=staff.who_may(PERMISSION), key=key, at=at, fields=fields,
        url=f"/admin/snippets/projects/repository/inspect/{repository.pk}/",
    )  # fmt: skip
    notices.notify(
        kind="repository_unread", people=concerned.managers(project.company), key=key, at=at, fields=fields,
        url=f"/customer/projects/{project.public_id}/", company=project.company,
    )  # fmt: skip
