"""Registers of payments, refunds and disputes, with buttons that call services."""

from collections.abc import Iterator
from typing import Any

from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.widgets.button import Button

from billing.payments.gateways.base import gateways
from billing.payments.models import Dispute, Payment, Refund
from billing.payments.wagtail_hooks import actions
from billing.payments.wagtail_hooks.columns import (
    AMOUNT,
    COMPANY,
    STATE,
    ActingRegister,
    WithCompany,
    button,
    link,
    moments,
)
from portal.activity.registers import DaysFilter, NamedFilter, Register, RegisterInspectView, linked
from portal.core.money import words


def gateway_of(row: Payment) -> str:
    """The gateway as people call it."""
    return gateways.get(row.gateway).label if row.gateway in gateways else row.gateway


class PaymentFilters(WagtailFilterSet):
    """Company, state, gateway, days."""

    company = NamedFilter(label="Company")
    created_at = DaysFilter(label="Begun")

    class Meta:
        model = Payment
        fields = ["company", "status", "gateway", "created_at"]


class PaymentIndexView(WithCompany):
    """All payments."""

    default_ordering = "-created_at"
    related = ("company", "invoice")
    list_export = ("created_at", "company", "status", "currency", "amount", "received_amount", "gateway", "reference")


class PaymentInspectView(RegisterInspectView):
    """One payment."""

    page_title = "Payment"
    related = ("company", "invoice", "method", "made_by", "movement")
    object: Payment

    @property
    def header_more_buttons(self) -> list[Button]:
        """Returning money of it."""
        may = self.user_has_permission("manage") and self.object.returnable.amount > 0
        return [button("payments", "refund", "Return money", "resubmit", self.object.pk)] if may else []

    def facts(self) -> Iterator[tuple[str, Any]]:
        """What there is to know."""
        row = self.object
        yield "State", row.get_status_display()
        yield "Company", row.company
        yield "Invoice", link("invoices", row.invoice_id, row.invoice)
        yield "Asked for", words(row.asked_for)
        yield "Received", words(row.money) if row.received_amount is not None else "–"
        yield "Can be returned", words(row.returnable)
        yield "Gateway", gateway_of(row)
        yield "Method", row.method or "–"
        yield "Gateway's reference", row.reference or "–"
        yield "Receipt", row.receipt or "–"
        yield "Our key", row.key
        yield "Why it failed", " ".join(part for part in (row.failure_code, row.failure_message) if part) or "–"
        yield "Begun by", "automatically" if row.is_automatic else row.made_by or "a payment link"
        yield "Booked as", link("ledger", row.movement_id, row.movement)
        yield from moments(row, "created_at", "called_at", "closed_at", "ask_at")
        for refund in row.refunds.order_by("pk"):
            yield "Refund", link("refunds", refund.pk, f"{words(refund.money)}, {refund.get_status_display().lower()}")
        for dispute in row.disputes.order_by("pk"):
            yield "Dispute", link("disputes", dispute.pk, dispute)


class PaymentRegister(ActingRegister):
    """Payments."""

    model = Payment
    name = export_filename = "payments"
    icon = "success"
    menu_label = "Payments"
    index_view_class = PaymentIndexView
    inspect_view_class = PaymentInspectView
    filterset_class = PaymentFilters
    list_export = PaymentIndexView.list_export
    actions = {"refund": actions.ReturnMoneyView}
    list_display = (
        linked("__str__", "Payment", register="payments"),
        COMPANY,
        STATE,
        Column("invoice", label="Invoice", accessor=lambda row: row.invoice or "–", classname="tight"),
        Column("gateway", label="Gateway", accessor=gateway_of),
        AMOUNT,
        DateColumn("created_at", label="Begun", sort_key="created_at"),
    )


class RefundFilters(WagtailFilterSet):
    """Company, state, days."""

    company = NamedFilter(label="Company")
    created_at = DaysFilter(label="Asked for")

    class Meta:
        model = Refund
        fields = ["company", "status", "created_at"]


class RefundIndexView(WithCompany):
    """All refunds."""

    default_ordering = "-created_at"
    related = ("company", "payment")
    list_export = ("created_at", "company", "status", "currency", "amount", "reason", "reference")


class RefundInspectView(RegisterInspectView):
    """One refund."""

    page_title = "Refund"
    related = ("company", "payment", "credit_note", "made_by")
    object: Refund

    @property
    def header_more_buttons(self) -> list[Button]:
        """Saying that it was sent, where no gateway does."""
        row = self.object
        waits = row.status == Refund.Status.PENDING and not gateways.get(row.payment.gateway).can_refund
        may = waits and self.user_has_permission("view") and self.request.user.has_perm("payments.manage_payment")
        return [button("refunds", "sent", "It was transferred", "check", row.pk)] if may else []

    def facts(self) -> Iterator[tuple[str, Any]]:
        """What there is to know."""
        row = self.object
        yield "State", row.get_status_display()
        yield "Company", row.company
        yield "Payment", link("payments", row.payment_id, row.payment)
        yield "Amount", words(row.money)
        yield "Reason", row.reason
        yield "Credit note", link("credit_notes", row.credit_note_id, row.credit_note)
        yield "Gateway's reference", row.reference or "–"
        yield "Our key", row.key
        yield "Why it failed", row.failure_message or "–"
        by = "nobody here: it was made at the gateway" if row.is_from_elsewhere else "–"
        yield "Asked for by", row.made_by or by
        yield from moments(row, "created_at", "called_at", "closed_at", "ask_at")


class RefundRegister(ActingRegister):
    """Refunds."""

    model = Refund
    name = export_filename = "refunds"
    icon = "resubmit"
    menu_label = "Refunds"
    index_view_class = RefundIndexView
    inspect_view_class = RefundInspectView
    filterset_class = RefundFilters
    list_export = RefundIndexView.list_export
    actions = {"sent": actions.RefundSentView}
    list_display = (
        linked("__str__", "Refund", register="refunds"),
        COMPANY,
        STATE,
        AMOUNT,
        DateColumn("created_at", label="Asked for", sort_key="created_at"),
    )


class DisputeFilters(WagtailFilterSet):
    """Company, days."""

    company = NamedFilter(label="Company")
    opened_at = DaysFilter(label="Opened")

    class Meta:
        model = Dispute
        fields = ["company", "opened_at"]


class DisputeIndexView(WithCompany):
    """All disputes."""

    default_ordering = "-opened_at"
    list_export = ("opened_at", "company", "status", "currency", "amount", "reason", "reference")


class DisputeInspectView(RegisterInspectView):
    """One dispute."""

    page_title = "Dispute"
    related = ("company", "payment")
    object: Dispute

    def facts(self) -> Iterator[tuple[str, Any]]:
        """What there is to know."""
        row = self.object
        yield "State", row.get_status_display()
        yield "Company", row.company
        yield "Payment", link("payments", row.payment_id, row.payment)
        yield "Amount", words(row.money)
        yield "Reason", row.reason or "–"
        yield "Gateway's reference", row.reference
        yield from moments(row, "opened_at", "closed_at")


class DisputeRegister(Register):
    """Disputes."""

    model = Dispute
    name = export_filename = "disputes"
    icon = "warning"
    menu_label = "Disputes"
    index_view_class = DisputeIndexView
    inspect_view_class = DisputeInspectView
    filterset_class = DisputeFilters
    list_export = DisputeIndexView.list_export
    list_display = (
        linked("__str__", "Dispute", register="disputes"),
        COMPANY,
        STATE,
        AMOUNT,
        DateColumn("opened_at", label="Opened", sort_key="opened_at"),
    )


for register in (PaymentRegister, RefundRegister, DisputeRegister):
    register.register()
