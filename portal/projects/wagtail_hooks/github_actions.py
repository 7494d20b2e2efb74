"""Pages of the admin on which staff do one thing about a repository, or a message of GitHub."""

from typing import Any

from django.db.models import Model
from django.utils import timezone

from portal.accounts.models import User
from portal.core.admin_actions import ActionView
from portal.projects import forms, shown
from portal.projects.models import Delivery, Repository
from portal.projects.services import deliveries, repositories


class RepositoryAction(ActionView):
    """Something about a repository."""

    model = Repository
    permission_required = "run"
    header_icon = "code"
    back = "wagtailsnippets_projects_repository:list"

    def records(self) -> Any:
        """All repositories."""
        return Repository.objects.select_related("project__company")

    def intro_of(self, record: Repository) -> str:
        """With how it stands."""
        return f"{shown.age_words(record, at=timezone.now())}. {self.intro}"


class ChangeTokenView(RepositoryAction):
    """Enters another token."""

    page_title = "Enter another token"
    form_class: Any = forms.TokenForm
    intro = "GitHub is asked at once what it may. The token from before is forgotten."
    done = "The token is kept. The figures are read now."

    def act(self, record: Repository, by: User, values: dict[str, Any]) -> Model:
        """Check and exchange."""
        return repositories.change_token(repository=record, by=by, at=timezone.now(), **values)


class WebhookSecretView(RepositoryAction):
    """Enters the secret of its webhook."""

    page_title = "Secret of the webhook"
    form_class: Any = forms.WebhookSecretForm
    intro = "With it GitHub signs messages of this repository. Those signed with it speak for this repository alone."
    done = "The secret is kept."

    def act(self, record: Repository, by: User, values: dict[str, Any]) -> Model:
        """Keep."""
        return repositories.set_webhook_secret(repository=record, by=by, at=timezone.now(), **values)


class LookNowView(RepositoryAction):
    """Reads the figures now."""

    page_title = "Read the figures now"
    intro = "GitHub is asked within seconds, unless it has asked us to wait."
    done = "GitHub is being asked."

    def act(self, record: Repository, by: User, values: dict[str, Any]) -> None:
        """Queue."""
        repositories.look_now(repository=record, at=timezone.now())


class RemoveRepositoryView(RepositoryAction):
    """Forgets a repository."""

    page_title = "Remove the repository"
    intro = "Its figures and its token are forgotten. On GitHub nothing changes."
    done = "The repository is removed."

    def act(self, record: Repository, by: User, values: dict[str, Any]) -> None:
        """Remove."""
        repositories.remove(repository=record, by=by, at=timezone.now())


class ReplayView(ActionView):
    """Acts on a message of GitHub again."""

    model = Delivery
    permission_required = "run"
    page_title = "Act on it again"
    header_icon = "rotate"
    intro = "What was recorded stays; doing it again changes nothing that is so already."
    done = "The worker acts on it again."
    back = "wagtailsnippets_projects_delivery:list"

    def records(self) -> Any:
        """All of them."""
        return Delivery.objects.all()

    def act(self, record: Delivery, by: User, values: dict[str, Any]) -> Model:
        """Replay."""
        return deliveries.replay(message=record, by=by, at=timezone.now())
