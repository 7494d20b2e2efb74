"""What unpaid invoices do to the subscriptions that they are for."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice
from billing.payments.models import DunningTask
from billing.subscriptions.models import Subscription
from billing.subscriptions.services import standing
from portal.core.errors import InvalidTransition

Action = DunningTask.Action
STEPS: dict[str, tuple[Callable[..., Subscription], ...]] = {
    Action.PAST_DUE: (standing.mark_past_due,),
    # What was not marked before, as staff have changed the steps, is marked on the way.
    Action.SUSPEND: (standing.mark_past_due, standing.suspend),
    Action.CANCEL: (standing.cancel_unpaid,),
}


def follow(action: str, invoice: Invoice, *, at: datetime) -> str:
    """Do it to each subscription of an invoice; what its state does not allow is left. What was done, in words."""
    found = list(Subscription.objects.billed_by(invoice).order_by("pk"))
    for subscription in found:
        for step in STEPS[action]:
            with suppress(InvalidTransition):
                step(subscription=subscription, at=at)
    return _("Subscriptions: %(number)s.") % {"number": len(found)}
