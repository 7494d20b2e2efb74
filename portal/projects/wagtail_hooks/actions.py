"""Pages of the admin on which staff do one thing about a project or what belongs to it."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format

from portal.accounts.models import User
from portal.core.admin_actions import ActionView
from portal.projects import forms
from portal.projects.models import Milestone, Project, ProjectDeveloper
from portal.projects.services import milestones, people, projects, repositories


class ProjectAction(ActionView):
    """Something about a project."""

    model = Project
    permission_required = "run"
    header_icon = "folder-open-inverse"
    back = "wagtailsnippets_projects_project:list"

    def records(self) -> Any:
        """All projects."""
        return Project.objects.select_related("company")

    def name_of(self, record: Project) -> str:
        """Project and company."""
        return f"{record.name} of {record.company}"


class MoveView(ProjectAction):
    """Takes a project to another state."""

    move: ClassVar[Callable[..., Project]]

    def act(self, record: Project, by: User, values: dict[str, Any]) -> Model:
        """Move it."""
        return type(self).move(project=record, by=by, at=timezone.now())


class StartView(MoveView):
    """Starts a project."""

    page_title = "Start work"
    intro = "The company reads that work goes on."
    done = "The project is active."
    move = staticmethod(projects.start)


class PauseView(MoveView):
    """Pauses a project."""

    page_title = "Pause the project"
    intro = "The company reads that nobody works on it for a while."
    done = "The project is paused."
    move = staticmethod(projects.pause)


class CompleteView(MoveView):
    """Completes a project."""

    page_title = "Complete the project"
    intro = "The company's managers and the project's developers are told."
    done = "The project is completed."
    move = staticmethod(projects.complete)


class ReopenView(MoveView):
    """Takes a project up again."""

    page_title = "Take the project up again"
    intro = "It is active again."
    done = "The project is active again."
    move = staticmethod(projects.reopen)


class AddMilestoneView(ProjectAction):
    """Adds a milestone."""

    page_title = "Add a milestone"
    form_class: Any = forms.MilestoneForm
    done = "The milestone is added."
    back = "wagtailsnippets_projects_milestone:list"

    def act(self, record: Project, by: User, values: dict[str, Any]) -> Model:
        """Add."""
        return milestones.add(project=record, by=by, at=timezone.now(), **values)


class AddDeveloperView(ProjectAction):
    """Puts a developer on a project."""

    page_title = "Add a developer"
    form_class: Any = forms.PlaceForm
    intro = "Those of the company's team alone. Who leaves the team leaves the project with it."
    done = "The developer works on the project."
    back = "wagtailsnippets_projects_projectdeveloper:list"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the team of the project's company."""
        return {**super().get_form_kwargs(), "project": self.object}

    def act(self, record: Project, by: User, values: dict[str, Any]) -> Model:
        """Add."""
        return people.add(project=record, by=by, at=timezone.now(), **values)


class AddRepositoryView(ProjectAction):
    """Connects a repository."""

    page_title = "Connect a repository"
    form_class: Any = forms.RepositoryForm
    intro = "GitHub is asked at once whether the token reads what is counted, and whether it may more than that."
    done = "The repository is connected. Its figures are read now."
    back = "wagtailsnippets_projects_repository:list"

    def act(self, record: Project, by: User, values: dict[str, Any]) -> Model:
        """Check and connect."""
        return repositories.add(project=record, by=by, at=timezone.now(), **values)


class MilestoneAction(ActionView):
    """Something about a milestone."""

    model = Milestone
    permission_required = "run"
    header_icon = "tick"
    back = "wagtailsnippets_projects_milestone:list"

    def records(self) -> Any:
        """All milestones."""
        return Milestone.objects.select_related("project__company")

    def name_of(self, record: Milestone) -> str:
        """Milestone and project."""
        return f"{record.name} of {record.project}"

    def intro_of(self, record: Milestone) -> str:
        """With its day."""
        return f"It is due on {date_format(record.due_on, 'j F Y')}. {self.intro}"


class ReachView(MilestoneAction):
    """Marks a milestone as reached."""

    page_title = "Mark as reached"
    intro = "The company's managers and the project's developers are told."
    done = "The milestone is reached."

    def act(self, record: Milestone, by: User, values: dict[str, Any]) -> Model:
        """Reach."""
        return milestones.reach(milestone=record, by=by, at=timezone.now())


class TakeBackView(MilestoneAction):
    """Marks a milestone as not reached."""

    page_title = "Mark as not reached"
    intro = "It waits again."
    done = "The milestone waits again."

    def act(self, record: Milestone, by: User, values: dict[str, Any]) -> Model:
        """Take back."""
        return milestones.take_back(milestone=record, by=by, at=timezone.now())


class ChangeMilestoneView(MilestoneAction):
    """Changes a milestone."""

    page_title = "Change the milestone"
    form_class: Any = forms.MilestoneForm
    done = "The milestone is changed."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.object, name) for name in ("name", "due_on", "description")}

    def act(self, record: Milestone, by: User, values: dict[str, Any]) -> Model:
        """Change."""
        return milestones.change(milestone=record, by=by, at=timezone.now(), **values)


class RemoveMilestoneView(MilestoneAction):
    """Removes a milestone."""

    page_title = "Remove the milestone"
    intro = "It disappears from the project."
    done = "The milestone is removed."

    def act(self, record: Milestone, by: User, values: dict[str, Any]) -> None:
        """Remove."""
        milestones.remove(milestone=record, by=by, at=timezone.now())


class PlaceAction(ActionView):
    """Something about a developer's part in a project."""

    model = ProjectDeveloper
    permission_required = "run"
    back = "wagtailsnippets_projects_projectdeveloper:list"

    def records(self) -> Any:
        """All of them."""
        return ProjectDeveloper.objects.select_related("project__company", "assignment__developer__user")

    def name_of(self, record: ProjectDeveloper) -> str:
        """Developer and project."""
        return f"{record.assignment.developer} on {record.project}"


class ChangeRoleView(PlaceAction):
    """Gives another role."""

    page_title = "Change the role"
    form_class: Any = forms.RoleForm
    done = "The role is changed."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {"role": self.object.role}

    def act(self, record: ProjectDeveloper, by: User, values: dict[str, Any]) -> Model:
        """Change."""
        return people.change_role(place=record, by=by, at=timezone.now(), **values)


class RemovePlaceView(PlaceAction):
    """Takes a developer off a project."""

    page_title = "Take off the project"
    intro = "The developer stays in the company's team, and does not see the project any more."
    done = "The developer does not work on the project any more."

    def act(self, record: ProjectDeveloper, by: User, values: dict[str, Any]) -> None:
        """Remove."""
        people.remove(place=record, by=by, at=timezone.now())
