"""What staff do in a company's place: each asks for a reason, which the company reads in its activity."""

from typing import Any

from django.utils import timezone

from portal.accounts.forms.overrides import OverrideForm, StaffMemberForm, TransferForm
from portal.accounts.models import Company, Membership, User
from portal.accounts.services import companies, members
from portal.accounts.wagtail_hooks.company_page import page_of
from portal.core.admin_actions import ActionView


class CompanyAction(ActionView):
    """Something about the company itself."""

    model = Company
    permission_required = "override"
    header_icon = "home"
    form_class: Any = OverrideForm

    def records(self) -> Any:
        """All companies."""
        return Company.objects.all()

    def company(self) -> Company:
        """Which company it is about."""
        found: Company = self.object
        return found

    def get_success_url(self) -> str:
        """The company's page."""
        return page_of(self.company())


class MarkLabsView(CompanyAction):
    """Marks a company as a Labs customer."""

    page_title = "Mark as Labs customer"
    intro = "Its members see the mark in the company's profile."
    done = "The company is a Labs customer now."

    def act(self, record: Company, by: User, values: dict[str, Any]) -> Company:
        """Mark."""
        return companies.set_labs_customer(company=record, wanted=True, by=by, at=timezone.now(), **values)


class UnmarkLabsView(CompanyAction):
    """Takes the mark away."""

    page_title = "No Labs customer any more"
    intro = "The mark goes from the company's profile."
    done = "The company is no Labs customer any more."

    def act(self, record: Company, by: User, values: dict[str, Any]) -> Company:
        """Unmark."""
        return companies.set_labs_customer(company=record, wanted=False, by=by, at=timezone.now(), **values)


class DeactivateView(CompanyAction):
    """Closes a company's access."""

    page_title = "Close the access"
    intro = (
        "Members and developers reach nothing of the company from this moment on. Nothing is deleted; owners are told."
    )
    done = "The company's access is closed."

    def act(self, record: Company, by: User, values: dict[str, Any]) -> Company:
        """Deactivate."""
        return companies.deactivate(company=record, by=by, at=timezone.now(), **values)


class ReactivateView(CompanyAction):
    """Opens a company's access again."""

    page_title = "Open the access again"
    intro = "Members and developers reach the company as before. Owners are told."
    done = "The company's access is open again."

    def act(self, record: Company, by: User, values: dict[str, Any]) -> Company:
        """Reactivate."""
        return companies.reactivate(company=record, by=by, at=timezone.now(), **values)


class MemberAction(CompanyAction):
    """Something about a member."""

    header_icon = "user"

    def records(self) -> Any:
        """All memberships."""
        return Membership.objects.select_related("company", "user")

    def company(self) -> Company:
        """Where the person is a member."""
        found: Company = self.object.company
        return found

    def name_of(self, record: Membership) -> str:
        """Person and company."""
        return f"{record.user} at {record.company}"


class ChangeRoleView(MemberAction):
    """Gives a member another role."""

    page_title = "Change role"
    form_class = StaffMemberForm
    intro = "The person is told."
    done = "The role is changed."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Begin with what holds."""
        return {**super().get_form_kwargs(), "of": self.object}

    def act(self, record: Membership, by: User, values: dict[str, Any]) -> Membership:
        """Change."""
        given = {"role": values.pop("role"), "override": values.pop("override")}
        return members.change_role(company=record.company, user=record.user, by=by, flags=values, **given)


class RemoveMemberView(MemberAction):
    """Ends a membership."""

    page_title = "Remove from the company"
    intro = "The person loses access to everything of the company at once, and is told."
    done = "The person does not belong to the company any more."

    def act(self, record: Membership, by: User, values: dict[str, Any]) -> None:
        """Remove."""
        members.remove(company=record.company, user=record.user, by=by, at=timezone.now(), **values)


class TransferView(MemberAction):
    """Hands the ownership to a member."""

    page_title = "Hand the ownership over"
    form_class = TransferForm
    intro = "This member becomes an owner, and the owner whom you choose an admin. Both are told."
    done = "The ownership is handed over."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the owners."""
        return {**super().get_form_kwargs(), "company": self.company()}

    def act(self, record: Membership, by: User, values: dict[str, Any]) -> Membership:
        """Hand over."""
        return members.transfer_ownership(company=record.company, to=record.user, by=by, **values)


ACTIONS = {
    "mark_labs": MarkLabsView,
    "unmark_labs": UnmarkLabsView,
    "deactivate": DeactivateView,
    "reactivate": ReactivateView,
    "change_role": ChangeRoleView,
    "remove_member": RemoveMemberView,
    "transfer": TransferView,
}
