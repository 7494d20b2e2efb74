"""Registers of what comes in: webhooks of gateways, and transfers of bank statements."""

from collections.abc import Iterator
from typing import Any

from django.utils.html import format_html
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.widgets.button import Button

from billing.payments.models import StatementLine, WebhookMessage
from billing.payments.wagtail_hooks import actions
from billing.payments.wagtail_hooks.columns import AMOUNT, ActingRegister, WithCompany, button, link, moments
from portal.activity.registers import DayColumn, DaysFilter, RegisterInspectView, linked
from portal.core.money import words

AGAIN = "Read the error. Process it again once the reason is gone."
# What helps, by the error that the message ended with.
NEXT_STEPS = {
    "NotFoundYet": "Look it up at the gateway by the name in the error. If it is one of ours, tell your administrator; "
    "if it was never made here, there is nothing to do.",
    "NotPaidYet": "The payment itself is not known to have arrived. Look at it there, then process this again.",
    "CurrencyMismatch": "The gateway names another currency than the payment has: clear it up with the gateway.",
    "ReferenceReused": "The same money is booked for another company: look for the reference in the ledger.",
    "GatewayError": "The gateway did not answer well. Process it again when it does.",
}


class WebhookFilters(WagtailFilterSet):
    """Gateway, state, days."""

    received_at = DaysFilter(label="Received")

    class Meta:
        model = WebhookMessage
        fields = ["gateway", "state", "received_at"]


class WebhookIndexView(WithCompany):
    """All messages."""

    default_ordering = "-received_at"
    related = ()
    list_export = ("received_at", "gateway", "kind", "event_id", "signature", "state", "result", "error")


class WebhookInspectView(RegisterInspectView):
    """One message, raw."""

    page_title = "Webhook"
    object: WebhookMessage

    @property
    def header_more_buttons(self) -> list[Button]:
        """Processing it again."""
        may = self.user_has_permission("replay") and self.object.signature == WebhookMessage.Signature.GOOD
        return [button("webhooks", "replay", "Process again", "rotate", self.object.pk)] if may else []

    def facts(self) -> Iterator[tuple[str, Any]]:
        """What there is to know."""
        row = self.object
        yield "Gateway", row.gateway
        yield "What happened", row.kind or "–"
        yield "Event", row.event_id or (link("webhooks", row.repeats_id, "repeats an earlier message"))
        yield "Signature", row.get_signature_display()
        yield "State", f"{row.get_state_display()} (attempts: {row.attempts})"
        yield "Result", row.result or "–"
        yield "Error", row.error or "–"
        if row.state == WebhookMessage.State.FAILED and row.signature == WebhookMessage.Signature.GOOD:
            yield "What to do", NEXT_STEPS.get(row.error.partition(":")[0], AGAIN)
        yield from moments(row, "happened_at", "received_at", "finished_at")
        yield "Headers", format_html("<pre>{}</pre>", "\n".join(f"{name}: {row.headers[name]}" for name in row.headers))
        yield "Body", format_html("<pre>{}</pre>", row.text)


class WebhookRegister(ActingRegister):
    """Webhooks of payment gateways."""

    model = WebhookMessage
    name = export_filename = "webhooks"
    icon = "download"
    menu_label = "Webhooks"
    index_view_class = WebhookIndexView
    inspect_view_class = WebhookInspectView
    filterset_class = WebhookFilters
    list_export = WebhookIndexView.list_export
    actions = {"replay": actions.ReplayView}
    list_display = (
        linked("__str__", "What happened", register="webhooks"),
        Column("signature", label="Signature", accessor=lambda row: row.get_signature_display()),
        Column("state", label="State", accessor=lambda row: row.get_state_display()),
        Column("result", label="Result", accessor=lambda row: row.result or row.error or "–"),
        DateColumn("received_at", label="Received", sort_key="received_at"),
    )


class TransferFilters(WagtailFilterSet):
    """State, days."""

    booked_on = DaysFilter(label="Booked")

    class Meta:
        model = StatementLine
        fields = ["state", "booked_on"]


class TransferIndexView(WithCompany):
    """All transfers that statements tell of."""

    default_ordering = "-booked_on"
    related = ("payment",)
    list_export = ("booked_on", "currency", "amount", "reference", "payer", "text", "state", "note")

    @property
    def header_more_buttons(self) -> list[Button]:
        """Importing a statement, and recording what none tells of."""
        if not self.request.user.has_perm("payments.manage_payment"):
            return []
        return [
            button("transfers", "import", "Import a statement", "upload"),
            button("transfers", "record", "Record a transfer", "plus"),
        ]


class TransferInspectView(RegisterInspectView):
    """One transfer."""

    page_title = "Bank transfer"
    related = ("payment", "statement")
    object: StatementLine

    @property
    def header_more_buttons(self) -> list[Button]:
        """Saying whose it is."""
        row = self.object
        may = self.request.user.has_perm("payments.manage_payment") and row.state == StatementLine.State.WAITING
        if not may:
            return []
        return [
            button("transfers", "assign", "Say whose it is", "check", row.pk),
            button("transfers", "ignore", "No payment of a customer", "cross", row.pk),
        ]

    def facts(self) -> Iterator[tuple[str, Any]]:
        """What there is to know."""
        row = self.object
        yield "State", row.get_state_display()
        yield "Why it waits", row.note or "–"
        yield "Booked on", row.booked_on
        yield "Amount", words(row.money)
        yield "Bank's reference", row.reference or "–"
        yield "Payer", row.payer or "–"
        yield "Text", row.text or "–"
        yield "Statement", row.statement
        yield "Payment", link("payments", row.payment_id, row.payment)


class TransferRegister(ActingRegister):
    """Bank transfers."""

    model = StatementLine
    name = export_filename = "transfers"
    icon = "list-ul"
    menu_label = "Bank transfers"
    index_view_class = TransferIndexView
    inspect_view_class = TransferInspectView
    filterset_class = TransferFilters
    list_export = TransferIndexView.list_export
    actions = {
        "import": actions.ImportStatementView,
        "record": actions.RecordTransferView,
        "assign": actions.AssignView,
        "ignore": actions.IgnoreView,
    }
    list_display = (
        linked("__str__", "Transfer", register="transfers"),
        Column("payer", label="Payer"),
        Column("state", label="State", accessor=lambda row: row.get_state_display()),
        Column("note", label="Why it waits"),
        AMOUNT,
        DayColumn("booked_on", label="Booked", sort_key="booked_on"),
    )


for register in (WebhookRegister, TransferRegister):
    register.register()
