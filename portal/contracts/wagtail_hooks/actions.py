"""Pages of the admin on which staff do one thing about a contract."""

from typing import Any

from django import forms
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.contracts.models import Contract
from portal.contracts.services import ending, renewing, sending
from portal.contracts.staff_forms import ReasonForm
from portal.core.admin_actions import ActionView

NAME = "wagtailsnippets_contracts_contract"
Status = Contract.Status


class ContractAction(ActionView):
    """Something about a contract."""

    model = Contract
    permission_required = "send"
    header_icon = "doc-full"
    form_class: Any = forms.Form
    template_name = "core/admin/action.html"

    def records(self) -> Any:
        """All contracts."""
        return Contract.objects.select_related("company", "template")

    def name_of(self, record: Contract) -> str:
        """The contract and its company."""
        return f"{record}, {record.company}"

    def get_success_url(self) -> str:
        """Its page."""
        return reverse(f"{NAME}:inspect", args=[self.object.pk])


class SendView(ContractAction):
    """Sends a draft."""

    page_title = "Send for signing"
    template_name = "contracts/admin/send.html"
    intro = "The text is kept as it is now. Those whose turn it is to sign are asked by e-mail and in the portal."
    done = "The contract was sent."

    def act(self, record: Contract, by: User, values: dict[str, Any]) -> Model:
        """Send."""
        return sending.send(contract=record, by=by, at=timezone.now())


class TakeBackView(ContractAction):
    """Takes back what was sent."""

    page_title = "Take back"
    intro = "It becomes a draft again. What was signed of it counts no more, and those who were asked are told."
    done = "The contract is a draft again."

    def act(self, record: Contract, by: User, values: dict[str, Any]) -> Model:
        """Take back."""
        return sending.take_back(contract=record, by=by, at=timezone.now())


class DiscardView(ContractAction):
    """Discards a draft that nobody was offered."""

    page_title = "Discard the draft"
    intro = "Nobody but staff has seen it."
    done = "The draft was discarded."

    def act(self, record: Contract, by: User, values: dict[str, Any]) -> Model:
        """Cancel."""
        return ending.cancel(contract=record, by=by, at=timezone.now())


class CancelView(ContractAction):
    """Withdraws what was sent."""

    page_title = "Cancel the contract"
    form_class = ReasonForm
    intro = "Nobody can sign it any more. Those who were asked are told why."
    done = "The contract was cancelled."

    def act(self, record: Contract, by: User, values: dict[str, Any]) -> Model:
        """Cancel."""
        return ending.cancel(contract=record, by=by, at=timezone.now(), **values)


class TerminateView(ContractAction):
    """Ends a signed contract."""

    page_title = "Terminate the contract"
    form_class = ReasonForm
    intro = "It ends today, before its time. What it would have charged later is not invoiced. Both sides are told why."
    done = "The contract was terminated."

    def act(self, record: Contract, by: User, values: dict[str, Any]) -> Model:
        """Terminate."""
        return ending.terminate(contract=record, by=by, at=timezone.now(), **values)


class RenewalOffView(ContractAction):
    """Lets a contract end on its last day."""

    page_title = "Do not renew"
    intro = "It ends on its last day. Both sides are told."
    done = "The contract will not be renewed."

    def act(self, record: Contract, by: User, values: dict[str, Any]) -> Model:
        """Turn the renewal off."""
        return renewing.turn_off(contract=record, by=by, at=timezone.now(), role=sending.OURS)


VIEWS: dict[str, tuple[str, type[ContractAction]]] = {
    "send": ("send", SendView),
    "take_back": ("take-back", TakeBackView),
    "discard": ("discard", DiscardView),
    "cancel": ("cancel", CancelView),
    "terminate": ("terminate", TerminateView),
    "renewal_off": ("renewal-off", RenewalOffView),
}
Way = tuple[str, str, str]
# What each state allows: name of the address, label, icon.
STATES: dict[str, tuple[Way, ...]] = {
    Status.DRAFT: (("change", "Change", "edit"), ("send", "Send for signing", "mail")),
    Status.SENT: (("take_back", "Take back", "undo"), ("cancel", "Cancel the contract", "cross")),
    Status.SIGNED: (("amend", "Amend", "plus"), ("terminate", "Terminate", "cross")),
    Status.ACTIVE: (("amend", "Amend", "plus"), ("terminate", "Terminate", "cross")),
}


def ways(contract: Contract) -> list[Way]:
    """What can be done about a contract now."""
    found = list(STATES.get(contract.status, ()))
    if contract.status == Status.DRAFT:
        name = "discard" if contract.sent_at is None else "cancel"
        found.append((name, "Discard" if contract.sent_at is None else "Cancel the contract", "bin"))
    if contract.status in (Status.SIGNED, Status.ACTIVE) and contract.renewal_months:
        found.append(("renewal_off", "Do not renew", "cross"))
    return found
