"""What staff do with subscriptions in a company's place: each asks for a reason, which the company reads."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from billing.subscriptions.models import Quote, Subscription
from billing.subscriptions.services import agreeing, cancelling, quotes
from portal.accounts.forms.overrides import OverrideForm
from portal.accounts.models import User
from portal.core.admin_actions import ActionView

NAME = "subscriptions"
CancelReason = Subscription.CancelReason


class StaffCancelForm(OverrideForm):
    """When it ends, and whether the unused part is given back."""

    at_once = forms.BooleanField(label="End it now", required=False, help_text="Else it ends with the period.")
    credits_unused = forms.BooleanField(
        label="Give back what is unused",
        required=False,
        help_text="As credit notes on the invoices of the period, up to the second. Only with an end now.",
    )
    why = forms.ChoiceField(label="The company's reason", choices=CancelReason.choices, initial=CancelReason.OTHER)

    field_order = ("at_once", "credits_unused", "why", "override")

    def clean(self) -> dict[str, Any]:
        """Refuse to give back what is used until the period's end."""
        values = super().clean() or {}
        if values.get("credits_unused") and not values.get("at_once"):
            self.add_error("credits_unused", "What is used until the period's end is not given back.")
        return values


class SeatsForm(OverrideForm):
    """The fewest and the most seats."""

    fewest = forms.IntegerField(label="Fewest seats", required=False, min_value=1, max_value=100_000)
    most = forms.IntegerField(label="Most seats", required=False, min_value=1, max_value=100_000)

    field_order = ("fewest", "most", "override")


class SubscriptionAction(ActionView):
    """Something about one subscription."""

    model = Subscription
    permission_required = "override"
    header_icon = "rotate"
    form_class: Any = OverrideForm

    def records(self) -> Any:
        """All subscriptions."""
        return Subscription.objects.with_contents()

    def name_of(self, record: Subscription) -> str:
        """Company and plan."""
        return f"{record.company}, {record}"

    def get_success_url(self) -> str:
        """Its page."""
        return reverse(f"{NAME}:inspect", args=[self.object.pk])

    def quote(self, record: Subscription, by: User, values: dict[str, Any]) -> Quote:
        """What is to be done."""
        raise NotImplementedError

    def act(self, record: Subscription, by: User, values: dict[str, Any]) -> Subscription:
        """Quote it and do exactly that."""
        return quotes.confirm(quote=self.quote(record, by, values), by=by, at=timezone.now())


class CancelView(SubscriptionAction):
    """Cancels it."""

    page_title = "Cancel the subscription"
    form_class = StaffCancelForm
    intro = "Products close when it ends. Who manages the company's billing is told."
    done = "The subscription is cancelled."

    def quote(self, record: Subscription, by: User, values: dict[str, Any]) -> Quote:
        """What cancelling means."""
        return cancelling.quote(subscription=record, reason=values.pop("why"), by=by, at=timezone.now(), **values)


class ResumeView(SubscriptionAction):
    """Lets it go on."""

    page_title = "Let it go on"
    intro = "It renews with the period's end, as if nobody had cancelled it. Nothing is charged now."
    done = "The subscription goes on."

    def quote(self, record: Subscription, by: User, values: dict[str, Any]) -> Quote:
        """What going on means."""
        return cancelling.quote_resuming(subscription=record, by=by, at=timezone.now(), **values)


class SeatsView(SubscriptionAction):
    """Sets the seats of a contract."""

    page_title = "Seats by contract"
    form_class = SeatsForm
    intro = "Left empty, those of the plan hold. The seats that it has now stay; the next change keeps to the range."
    done = "The seats of the contract are set."

    def get_initial(self) -> dict[str, Any]:
        """What the contract says now."""
        return {"fewest": self.object.contract_seats_min, "most": self.object.contract_seats_max}

    def act(self, record: Subscription, by: User, values: dict[str, Any]) -> Subscription:
        """Set them; nothing is charged."""
        return agreeing.on_seats(subscription=record, by=by, at=timezone.now(), **values)


ACTIONS: Mapping[str, type[View]] = {"cancel": CancelView, "resume": ResumeView, "seats": SeatsView}
