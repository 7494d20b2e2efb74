"""What is said of a payment on its page, while its outcome is not known and once the money is here."""

from typing import NamedTuple

from django.utils.translation import gettext as _
from djmoney.money import Money

from billing.invoicing.models import Invoice, LedgerEntry
from billing.payments.gateways.base import Releasing, gateways
from billing.payments.models import Payment
from portal.core.money import round_half_up, words


class Said(NamedTuple):
    """A title and a sentence."""

    title: str
    text: str


def waiting(payment: Payment) -> Said:
    """What a payment under way waits for."""
    gateway = gateways.get(payment.gateway) if payment.gateway in gateways else None
    if payment.status == Payment.Status.NEEDS_ACTION:
        text = (
            _("Confirm the payment, or enter your card. Nothing is charged before.")
            if payment.action_url
            else _("Confirm the payment on your phone. Nothing is charged before.")
        )
        return Said(_("One more step"), text)
    if gateway and gateway.wants_phone:
        text = _("Enter your PIN on the phone that we have just asked. Nothing is charged before.")
        return Said(_("One more step, on your phone"), text)
    if isinstance(gateway, Releasing):
        text = _("Somebody of us looks at it first. Then you get it by e-mail, and the way to pay stands here.")
        return Said(_("The invoice is being made"), text)
    text = _("That may take some minutes. You may leave this page: we tell you when it is paid.")
    return Said(_("The payment is under way"), text)


def arrived(payment: Payment) -> str:
    """That the money is here; what is still to be paid of its invoice, and what it brought beyond what was due."""
    said = [_("The payment has arrived.")]
    invoice, movement = payment.invoice, payment.movement
    if invoice and invoice.status == Invoice.Status.OPEN:
        said.append(_("%(due)s of the invoice is left to pay.") % {"due": words(invoice.due)})
    kept = -movement.entries.filter(account=LedgerEntry.Account.CUSTOMER_BALANCE).total() if movement else 0
    if kept > 0:
        over = words(round_half_up(Money(kept, payment.currency)))
        said.append(_("%(over)s more than was due became your balance, which is used first.") % {"over": over})
    return " ".join(said)
