"""Pages of the admin on which staff do one thing about an invoice, each by one call of a service."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View
from djmoney.money import Money
from wagtail.admin.views.generic import PermissionCheckedMixin

from billing.invoicing.forms import CreditForm, DraftForm, LineForm, ReasonForm, item_of
from billing.invoicing.models import CreditNote, Invoice, InvoiceLine
from billing.invoicing.services import credit_notes, drafts, invoices, requests
from billing.invoicing.services.papers import archive
from portal.accounts.models import User
from portal.core.admin_actions import ActionView
from portal.core.http import StaffRequest

NAME = "invoices"


class InvoiceAction(ActionView):
    """Something about one invoice."""

    model = Invoice
    permission_required = "manage"
    header_icon = "doc-full"

    def records(self) -> Any:
        """All invoices."""
        return Invoice.objects.select_related("company")

    def name_of(self, record: Any) -> str:
        """The invoice, and whose it is."""
        return f"{record}, {record.company}"

    def get_success_url(self) -> str:
        """The invoice's page."""
        return reverse(f"{NAME}:inspect", args=[self.object.pk])


class DrawUpView(InvoiceAction):
    """Draws up a draft."""

    page_title = "New draft"
    form_class = DraftForm
    intro = "Nobody but staff sees a draft. It becomes an invoice when another person approves that it is sent."
    done = "The draft is there. Add lines, or ask for sending."

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """There is no invoice yet."""
        super(ActionView, self).setup(request, *args, **kwargs)
        self.object = None

    def get_page_subtitle(self) -> str:
        """Nothing."""
        return ""

    def get_success_url(self) -> str:
        """The draft's page, once there is one."""
        return super().get_success_url() if self.object else reverse(f"{NAME}:index")

    def act(self, record: None, by: User, values: dict[str, Any]) -> Invoice:
        """Create it."""
        company = values["company"]
        items = [item_of(values, company.currency)]
        self.object = drafts.create(company=company, items=items, note=values["note"], at=timezone.now())
        return self.object


class AddLineView(InvoiceAction):
    """Adds a line to a draft."""

    page_title = "Add a line"
    form_class = LineForm
    done = "The line is added."

    def act(self, record: Invoice, by: User, values: dict[str, Any]) -> Invoice:
        """Add it."""
        drafts.add(invoice=record, items=[item_of(values, record.currency)], at=timezone.now())
        return record


class RemoveLineView(InvoiceAction):
    """Takes a line out of a draft."""

    page_title = "Remove this line"
    form_class = forms.Form
    done = "The line is removed."

    def records(self) -> Any:
        """All lines."""
        return InvoiceLine.objects.select_related("invoice__company")

    def name_of(self, record: InvoiceLine) -> str:
        """The line, and of which draft."""
        return f"{record}, {record.invoice}"

    def get_success_url(self) -> str:
        """The draft's page."""
        return reverse(f"{NAME}:inspect", args=[self.object.invoice_id])

    def act(self, record: InvoiceLine, by: User, values: dict[str, Any]) -> None:
        """Remove it."""
        drafts.remove(line=record, at=timezone.now())


class DiscardView(InvoiceAction):
    """Forgets a draft."""

    page_title = "Discard the draft"
    form_class = forms.Form
    intro = "The draft is deleted. What it was for may be invoiced anew."
    done = "The draft is discarded."

    def get_success_url(self) -> str:
        """The list: the draft is gone."""
        return reverse(f"{NAME}:index")

    def act(self, record: Invoice, by: User, values: dict[str, Any]) -> None:
        """Discard it."""
        drafts.discard(invoice=record)


class AskToSendView(InvoiceAction):
    """Asks for a draft to be sent."""

    page_title = "Ask for sending"
    form_class = forms.Form
    intro = (
        "Another person reads the draft and decides. Then it gets its number, the company is told, and nothing of it "
        "can be changed any more. Until then it stays as it is now."
    )
    done = "Another person has been asked to approve the sending."

    def act(self, record: Invoice, by: User, values: dict[str, Any]) -> Invoice:
        """Ask."""
        requests.ask_to_send(invoice=record, by=by, at=timezone.now())
        return record


class VoidView(InvoiceAction):
    """Takes an invoice back."""

    page_title = "Void the invoice"
    form_class = ReasonForm
    intro = (
        "It should not have been issued: nothing of it is owed any more. What was paid goes to the company's balance."
    )
    done = "The invoice is void."

    def act(self, record: Invoice, by: User, values: dict[str, Any]) -> Invoice:
        """Void it."""
        return invoices.void(invoice=record, by=by, at=timezone.now(), **values)


class CreditView(InvoiceAction):
    """Issues a credit note."""

    page_title = "Issue a credit note"
    form_class = CreditForm
    intro = "What is still to be paid shrinks first; what is over goes to the company's balance. The company is told."
    done = "The credit note is issued."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Say in which currency."""
        return {**super().get_form_kwargs(), "of": self.object}

    def act(self, record: Invoice, by: User, values: dict[str, Any]) -> CreditNote:
        """Credit it."""
        now, amount = timezone.now(), values["amount"]
        return credit_notes.issue(
            invoice=record,
            reason=values["reason"],
            amount=None if amount is None else Money(amount, record.currency),
            today=timezone.localdate(now),
            at=now,
            by=by,
        )


class AskToWriteOffView(InvoiceAction):
    """Asks for an invoice to be written off."""

    page_title = "Ask for a write-off"
    form_class = ReasonForm
    intro = "Another person decides. Then nobody expects the money any more."
    done = "Another person has been asked to approve the write-off."

    def act(self, record: Invoice, by: User, values: dict[str, Any]) -> Invoice:
        """Ask."""
        requests.ask_to_write_off(invoice=record, by=by, at=timezone.now(), **values)
        return record


class PdfView(PermissionCheckedMixin, View):
    """Hands the PDF to staff."""

    model = Invoice
    permission_required = "view"
    request: StaffRequest

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The file, and a line in the company's activity."""
        invoice = get_object_or_404(Invoice.objects.exclude(number=None).select_related("company"), pk=pk)
        return archive.hand_out(paper=invoice, by=self.request.user)


ACTIONS: Mapping[str, type[View]] = {
    "add_line": AddLineView,
    "remove_line": RemoveLineView,
    "discard": DiscardView,
    "ask_to_send": AskToSendView,
    "void": VoidView,
    "credit": CreditView,
    "ask_to_write_off": AskToWriteOffView,
    "pdf": PdfView,
}
# What each state allows, in the order of the buttons: the action's name, its label and icon.
STATES: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    Invoice.Status.DRAFT: (
        ("ask_to_send", "Ask for sending", "mail"),
        ("add_line", "Add a line", "plus"),
        ("discard", "Discard", "bin"),
    ),
    Invoice.Status.OPEN: (
        ("credit", "Credit note", "resubmit"),
        ("ask_to_write_off", "Ask for a write-off", "minus"),
        ("void", "Void", "cross"),
    ),
    Invoice.Status.PAID: (("credit", "Credit note", "resubmit"),),
}
