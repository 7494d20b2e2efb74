"""Repositories of projects. A token is tried before it is kept, outside any transaction, and shown to nobody after."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.activity import services as activity
from portal.core.errors import Conflict, DomainError
from portal.projects.github import tokens
from portal.projects.github.looking import Seen
from portal.projects.models import Project, Repository, RepositoryFigures, Synchronisation
from portal.projects.models.repositories import FULL_NAME
from portal.projects.services import outcomes, projects, synchronising

LONGEST_TOKEN = 300


class WrongName(DomainError):
    """No repository can be called like this."""

    code = "wrong_name"


class AlreadyThere(Conflict):
    """The project has this repository."""

    code = "repository_there"


def key_of(token: str) -> str:
    """Says of two tokens whether they are the same, and nothing else; empty for none."""
    return salted_hmac("projects.token", token, algorithm="sha256").hexdigest() if token else ""


def add(
    *, project: Project, full_name: str, token: str, by: User, at: datetime, accept_powerful: bool = False
) -> Repository:
    """Try the token, then keep the repository and have it looked at.

    Raises WrongName, AlreadyThere, tokens.TokenRefused, tokens.TokenTooPowerful, tokens.NotCheckedNow.
    """
    name, token = _named(full_name), token.strip()
    if project.repositories.filter(full_name__iexact=name).exists():
        raise AlreadyThere(_("The project has this repository already."), field="full_name")
    seen = tokens.check(full_name=name, token=token, at=at, accept_powerful=accept_powerful)
    return _keep(project, seen, token, by, at)


@transaction.atomic
def _keep(project: Project, seen: Seen, token: str, by: User, at: datetime) -> Repository:
    held = projects.locked(project.pk)
    made = Repository(project=held, full_name=seen.full_name, created_at=at)
    _give(made, token, seen)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        if "projects_repository_once" not in str(error):
            raise
        raise AlreadyThere(_("The project has this repository already."), field="full_name") from None
    data = {"repository": made.full_name}
    activity.record(verb="project.repository_added", actor=by, company=held.company, subject=held, data=data, at=at)
    synchronising.queue(repository=made, cause=Synchronisation.Cause.STAFF, at=at)
    return made


def change_token(
    *, repository: Repository, token: str, by: User, at: datetime, accept_powerful: bool = False
) -> Repository:
    """Try another token, then keep it in place of the one before. Raises as `add` does."""
    token = token.strip()
    seen = tokens.check(full_name=repository.full_name, token=token, at=at, accept_powerful=accept_powerful)
    return _exchange(repository, seen, token, by, at)


@transaction.atomic
def _exchange(repository: Repository, seen: Seen, token: str, by: User, at: datetime) -> Repository:
    held = locked(repository.pk)
    _give(held, token, seen)
    held.failures = 0
    held.save()
    # What GitHub called its answers it called so for the token before.
    RepositoryFigures.objects.filter(repository=held).update(etags={})
    _record("project.token_changed", held, by, at)
    synchronising.queue(repository=held, cause=Synchronisation.Cause.STAFF, at=at)
    return held


@transaction.atomic
def set_webhook_secret(*, repository: Repository, secret: str, by: User, at: datetime) -> Repository:
    """Say what signs webhooks of this repository alone; empty for the setting's secrets only."""
    held = locked(repository.pk)
    held.webhook_secret = secret.strip()
    held.save(update_fields=["webhook_secret"])
    _record("project.webhook_secret_changed", held, by, at)
    return held


@transaction.atomic
def remove(*, repository: Repository, by: User, at: datetime) -> None:
    """Forget the repository, its token and its figures."""
    held = locked(repository.pk)
    _record("project.repository_removed", held, by, at)
    held.delete()


def look_now(*, repository: Repository, at: datetime) -> bool:
    """Have it looked at now, whatever was to be waited for; whether there is anything to look at."""
    return synchronising.queue(repository=repository, cause=Synchronisation.Cause.STAFF, at=at)


def locked(pk: int) -> Repository:
    """The repository, held, with its project and company."""
    return Repository.objects.select_for_update(of=("self",)).select_related("project__company").get(pk=pk)


def _give(repository: Repository, token: str, seen: Seen) -> None:
    repository.token, repository.token_key = token, key_of(token)
    repository.github_id, repository.is_private = seen.github_id, seen.is_private
    outcomes.about_token(repository, seen)


def _named(full_name: str) -> str:
    """Owner and name, also of somebody who gives the whole address. Raises WrongName."""
    name = full_name.strip().removeprefix("https://github.com/").rstrip("/").removesuffix(".git")
    try:
        FULL_NAME(name)
    except ValidationError as error:
        raise WrongName(str(error.message), field="full_name") from None
    return name


def _record(verb: str, repository: Repository, by: User, at: datetime) -> None:
    project = repository.project
    data = {"repository": repository.full_name}
    activity.record(verb=verb, actor=by, company=project.company, subject=project, data=data, at=at)
