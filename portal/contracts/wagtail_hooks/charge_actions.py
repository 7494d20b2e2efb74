"""Pages of the admin on which staff do one thing about what a contract charges, each by one call of a service."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.contracts.charge_forms import LineItemForm, TermsForm, schedule_of
from portal.contracts.models import BillingPeriod, BillingTerms, Contract, ContractLineItem
from portal.contracts.services import billing, costs, line_items, pausing, recharging
from portal.core.admin_actions import ActionView

NAME = "contract-charges"


class ChargeAction(ActionView):
    """Something about what one contract charges."""

    model: Any = ContractLineItem
    permission_required = "keep"
    header_icon = "list-ul"

    def contract_of(self, record: Any) -> Contract:
        """Of which contract."""
        return record if isinstance(record, Contract) else record.contract

    def get_success_url(self) -> str:
        """The charges of the contract."""
        return reverse(f"{NAME}:of_contract", args=[self.contract_of(self.object).pk])


class ContractAction(ChargeAction):
    """Something about all of it."""

    def records(self) -> Any:
        """All contracts."""
        return Contract.objects.select_related("company")


class ItemAction(ChargeAction):
    """Something about one line item."""

    def records(self) -> Any:
        """All line items."""
        return ContractLineItem.objects.select_related("contract__company", "developer")

    def name_of(self, record: ContractLineItem) -> str:
        """The item, and of which contract."""
        return f"{record}, {record.contract}"


class AddView(ContractAction):
    """Adds a line item to a draft."""

    page_title = "Add a line item"
    form_class = LineItemForm
    intro = "What a contract charges is part of what is signed: once it is sent it stays as it is."
    done = "The line item is added."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Say of which contract."""
        return {**super().get_form_kwargs(), "contract": self.object}

    def form_valid(self, form: Any) -> Any:
        """Hand on what the service takes."""
        form.cleaned_data = form.terms
        return super().form_valid(form)

    def act(self, record: Contract, by: User, values: dict[str, Any]) -> ContractLineItem:
        """Add it."""
        return line_items.add(contract=record, by=by, at=timezone.now(), **values)


class ChangeView(ItemAction):
    """Changes a line item of a draft."""

    page_title = "Change the line item"
    form_class = LineItemForm
    done = "The line item is changed."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Say which one."""
        return {**super().get_form_kwargs(), "contract": self.object.contract, "instance": self.object}

    def form_valid(self, form: Any) -> Any:
        """Hand on what the service takes."""
        form.cleaned_data = form.terms
        return super().form_valid(form)

    def act(self, record: ContractLineItem, by: User, values: dict[str, Any]) -> ContractLineItem:
        """Change it."""
        return line_items.change(item=record, by=by, at=timezone.now(), **values)


class RemoveView(ItemAction):
    """Takes a line item out of a draft."""

    page_title = "Remove the line item"
    done = "The line item is removed."

    def act(self, record: ContractLineItem, by: User, values: dict[str, Any]) -> None:
        """Remove it."""
        line_items.remove(item=record, by=by, at=timezone.now())


class TermsView(ContractAction):
    """Says when a draft charges."""

    page_title = "Billing terms"
    form_class = TermsForm
    intro = "The preview of the contract's cost shows every period as it will be charged."
    done = "The billing terms are set."

    def get_initial(self) -> dict[str, Any]:
        """As they are now."""
        terms = costs.terms_of(self.object)
        return {"frequency": terms.frequency, "schedule": schedule_of(terms)}

    def act(self, record: Contract, by: User, values: dict[str, Any]) -> BillingTerms:
        """Set them."""
        return line_items.set_terms(contract=record, by=by, at=timezone.now(), **values)


class AskView(ContractAction):
    """Asks for billing."""

    page_title = "Ask for billing"
    intro = (
        "Another person reads every period and decides. Then the invoice run charges each on its day, what is due by "
        "then at once, and the company is told."
    )
    done = "Another person has been asked to approve the billing."

    def act(self, record: Contract, by: User, values: dict[str, Any]) -> Approval:
        """Ask."""
        return billing.ask(contract=record, by=by, at=timezone.now())


class PauseView(ItemAction):
    """Pauses a line item."""

    page_title = "Pause the line item"
    intro = "Nothing of it is charged until it is resumed. What stands on an invoice, or on the draft of one, stays."
    done = "The line item is paused."

    def act(self, record: ContractLineItem, by: User, values: dict[str, Any]) -> ContractLineItem:
        """Pause it."""
        return pausing.pause(item=record, by=by, at=timezone.now())


class ResumeView(ItemAction):
    """Resumes a line item."""

    page_title = "Resume the line item"
    done = "The line item goes on."

    def intro_of(self, record: ContractLineItem) -> str:
        """What becomes of what came due meanwhile."""
        if record.schedule == ContractLineItem.Schedule.RECURRING:
            return "Months that came due while it was paused are not charged."
        return "What came due while it was paused is charged with the next invoice, as the amount is owed in all."

    def act(self, record: ContractLineItem, by: User, values: dict[str, Any]) -> ContractLineItem:
        """Resume it."""
        return pausing.resume(item=record, by=by, at=timezone.now())


class CompleteView(ItemAction):
    """Completes a line item before its time."""

    page_title = "Complete the line item"
    intro = "Nothing of it is charged that is not due yet, and it cannot be resumed."
    done = "The line item is completed."

    def act(self, record: ContractLineItem, by: User, values: dict[str, Any]) -> ContractLineItem:
        """Complete it."""
        return pausing.complete(item=record, by=by, at=timezone.now())


class ChargeAgainView(ChargeAction):
    """Charges a period again."""

    model = BillingPeriod
    page_title = "Charge again"
    form_class = forms.Form
    intro = "Its invoice was voided. The next invoice run puts it on a new one."
    done = "The next invoice run charges it again."

    def records(self) -> Any:
        """All periods."""
        return BillingPeriod.objects.select_related("contract__company")

    def act(self, record: BillingPeriod, by: User, values: dict[str, Any]) -> BillingPeriod:
        """Charge it."""
        return recharging.charge_again(period=record, by=by, at=timezone.now())


ACTIONS: Mapping[str, type[View]] = {
    "add": AddView,
    "change": ChangeView,
    "remove": RemoveView,
    "terms": TermsView,
    "ask": AskView,
    "pause": PauseView,
    "resume": ResumeView,
    "complete": CompleteView,
}
Status = ContractLineItem.Status
# What each state of an item of a signed contract allows: the action's name and its label.
STATES: Mapping[str, tuple[tuple[str, str], ...]] = {
    Status.ACTIVE: (("pause", "Pause"), ("complete", "Complete")),
    Status.PAUSED: (("resume", "Resume"), ("complete", "Complete")),
}
DRAFT = (("change", "Change"), ("remove", "Remove"))
