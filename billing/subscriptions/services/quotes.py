"""Confirming quotes: exactly what was shown is done and charged, once."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from billing.subscriptions.models import Quote, Subscription
from billing.subscriptions.services import cancelling, changes, locking, quoting, subscribing
from portal.accounts.models import User

Does = Callable[..., Subscription]
ACTIONS: dict[str, Does] = {
    Quote.Action.CHANGE: changes.confirm,
    Quote.Action.CANCEL: cancelling.confirm,
    Quote.Action.RESUME: cancelling.resume,
}


@transaction.atomic
def confirm(*, quote: Quote, by: User, at: datetime) -> Subscription:
    """Do what the quote says, as from its own instant, and charge exactly that; a refusal leaves the quote unused.

    Raises NotAllowed; QuoteUsed, QuoteExpired; QuoteOutdated when the subscription, the tax or the company's balance
    has changed since; and what the action itself refuses.
    """
    quoting.authorise(quote.company, by, quote.override)
    taken = quoting.take(quote, at=at)
    if taken.subscription is None:
        return subscribing.confirm(taken, by=by, at=at)
    subscription = locking.lock(taken.subscription)
    quoting.check_version(taken, subscription)
    return ACTIONS[taken.action](taken, subscription, by=by, at=at)
