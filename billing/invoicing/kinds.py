"""The decisions about invoices: who makes them, what they do, and what a decider reads first."""

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.formats import date_format

from billing.invoicing.models import Invoice, InvoiceLine, WriteOffRequest
from billing.invoicing.services import requests
from portal.approvals.models import Approval
from portal.approvals.registry import Fact, Kind
from portal.approvals.telling import in_turn, tell_asker
from portal.core.money import words

MOST_LINES = 20


def line_in_words(line: InvoiceLine) -> str:
    """What a line charges, as a decider reads it."""
    period = f", {line.period}" if line.period else ""
    return f"{line.quantity.normalize():f} × {words(line.price)}{period} = {words(line.net)}"


def sending_facts(approval: Approval) -> Iterator[Fact]:
    """The draft, line by line."""
    invoice = Invoice.objects.get(pk=approval.object_id)
    yield Fact("Invoice", str(invoice), reverse("invoices:inspect", args=[invoice.pk]))
    yield Fact("Total", f"{words(invoice.total)}, of which {words(invoice.tax)} tax")
    lines = list(invoice.lines.all()[: MOST_LINES + 1])
    for line in lines[:MOST_LINES]:
        line.invoice = invoice
        yield Fact(line.description, line_in_words(line))
    if len(lines) > MOST_LINES:
        yield Fact("More lines", "See the invoice")
    if invoice.note:
        yield Fact("Note on the invoice", invoice.note)


def write_off_facts(approval: Approval) -> Iterable[Fact]:
    """What would be given up, and why."""
    request = WriteOffRequest.objects.select_related("invoice").get(pk=approval.object_id)
    invoice = request.invoice
    yield Fact("Invoice", str(invoice), reverse("invoices:inspect", args=[invoice.pk]))
    yield Fact("Still to pay", f"{words(invoice.due)} of {words(invoice.total)}")
    if invoice.due_on:
        yield Fact("Due on", date_format(invoice.due_on, "j F Y"))
    yield Fact("Reason", request.reason)


KINDS = {
    requests.SENDING: Kind(
        label="Invoice for sending",
        permission=requests.DECIDE_SENDING,
        icon="receipt",
        four_eyes=True,
        on_approve=in_turn(requests.send, tell_asker()),
        on_reject=tell_asker(),
        facts=sending_facts,
    ),
    requests.WRITE_OFF: Kind(
        label="Write-off",
        permission=requests.DECIDE_WRITE_OFF,
        icon="ban",
        four_eyes=True,
        on_approve=in_turn(requests.give_up, tell_asker()),
        on_reject=tell_asker(),
        facts=write_off_facts,
    ),
}
