"""What somebody asks about an invoice, and another person decides: money moves by four eyes.

Approvals are locked before companies and invoices, as everywhere: so asking writes the approval first.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice, WriteOffRequest
from billing.invoicing.services import drafts, invoices
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.core import money
from portal.core.errors import Conflict

if TYPE_CHECKING:
    from portal.accounts.models import User

SENDING, WRITE_OFF = "invoice_sending", "invoice_write_off"
DECIDE_SENDING, DECIDE_WRITE_OFF = "invoicing.decide_sending", "invoicing.decide_write_off"


class NotOpen(Conflict):
    """Only what is still to be paid can be given up."""

    code = "not_open"


class HasChanged(Conflict):
    """Somebody else worked on the draft meanwhile."""

    code = "has_changed"


@transaction.atomic
def ask_to_send(*, invoice: Invoice, by: "User", at: datetime) -> Approval:
    """Ask another person to have a draft issued and sent; it stays as it is until they have decided.

    Raises NotADraft, NothingToInvoice, AlreadyAsked, and HasChanged when the draft is not as it was read.
    """
    if invoice.status != Invoice.Status.DRAFT:
        raise drafts.NotADraft(_("This invoice has been issued already."))
    if not invoice.lines.exists():
        raise drafts.NothingToInvoice(_("This invoice has no lines."))
    label = f"{money.words(invoice.total)} for {invoice.company}"
    approval = approvals.ask(kind=SENDING, subject=invoice, company=invoice.company, by=by, at=at, label=label)
    locked = drafts.lock(invoice)
    if (locked.status, locked.total) != (invoice.status, invoice.total):
        raise HasChanged(_("The draft has changed. Look at it again first."))
    return approval


@transaction.atomic
def ask_to_write_off(*, invoice: Invoice, reason: str, by: "User", at: datetime) -> Approval:
    """Ask another person to give up what is still due. Raises NotOpen, ReasonMissing, AlreadyAsked."""
    if invoice.status != Invoice.Status.OPEN:
        raise NotOpen(_("Only an open invoice can be written off."))
    said = invoices.reason_said(reason)
    request, is_new = WriteOffRequest.objects.get_or_create(invoice=invoice, defaults={"reason": said, "asked_at": at})
    label = f"{invoice}: {money.words(invoice.due)}"
    approval = approvals.ask(kind=WRITE_OFF, subject=request, company=invoice.company, by=by, at=at, label=label)
    if not is_new:
        request.reason, request.asked_at = said, at
        request.save(update_fields=["reason", "asked_at"])
    return approval


def send(approval: Approval, at: datetime) -> None:
    """Issue the draft, on the day of the decision."""
    draft = Invoice.objects.select_related("company").get(pk=approval.object_id)
    invoices.issue(invoice=draft, today=timezone.localdate(at), at=at, by=approval.decided_by)


def give_up(approval: Approval, at: datetime) -> None:
    """Write off what is due on the day of the decision."""
    request = WriteOffRequest.objects.select_related("invoice__company").get(pk=approval.object_id)
    invoices.write_off(invoice=request.invoice, reason=request.reason, at=at, by=approval.decided_by)
