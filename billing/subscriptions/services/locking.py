"""Reading a subscription to change it: locked, and brought to the instant at which it is changed."""

from datetime import datetime, timedelta

from billing.subscriptions.models import Subscription
from billing.subscriptions.models.subscriptions import SubscriptionQuerySet
from billing.subscriptions.services import advancing

INSTANT = timedelta(microseconds=1)


def lock(subscription: Subscription) -> Subscription:
    """Lock a subscription until the transaction ends, and read it anew."""
    return Subscription.objects.select_for_update(of=("self",)).with_prices().get(pk=subscription.pk)


def up_to_date(subscription: Subscription, *, at: datetime) -> Subscription:
    """Lock a subscription and do what has been due with it by `at`, should nobody have done so yet."""
    locked = lock(subscription)
    if locked.due_at is not None and locked.due_at <= at:
        advancing.advance([locked], until=at + INSTANT)
    return locked


def unlocked() -> SubscriptionQuerySet:
    """Subscriptions to be locked, but for those that somebody else has locked."""
    return Subscription.objects.select_for_update(of=("self",), skip_locked=True).with_prices()


def save(subscription: Subscription) -> None:
    """Save what was changed, as another version; quotes made before hold no more."""
    subscription.version += 1
    is_metered = subscription.components.exists()
    subscription.reschedule(is_metered=is_metered)
    subscription.save(update_fields=Subscription.MUTABLE)
