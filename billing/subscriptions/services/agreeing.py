"""What a contract says of a subscription, in place of its plan."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from billing.subscriptions.models import Subscription
from billing.subscriptions.services import locking
from billing.subscriptions.services.changes import NotChangeable
from billing.subscriptions.services.subscribing import SeatsOutOfRange
from portal.accounts.models import User
from portal.accounts.services import overrides
from portal.activity import services as activity


@transaction.atomic
def on_seats(
    *, subscription: Subscription, fewest: int | None, most: int | None, by: User, at: datetime, override: str
) -> Subscription:
    """Let a contract set the fewest and the most seats; None takes those of the plan. What it has now stays.

    Quotes made before hold no more. Raises NotAllowed, ReasonMissing, NotChangeable, SeatsOutOfRange.
    """
    overrides.check(by, override)
    locked = locking.lock(subscription)
    if not locked.is_live:
        raise NotChangeable(_("This subscription has ended."))
    locked.contract_seats_min, locked.contract_seats_max = fewest, most
    if locked.seats_max is not None and locked.seats_max < locked.seats_min:
        words = {"fewest": locked.seats_min, "most": locked.seats_max}
        raise SeatsOutOfRange(
            _("The fewest seats would be %(fewest)s and the most %(most)s: choose a range.") % words, field="most"
        )
    locked.version += 1
    locked.save(update_fields=["contract_seats_min", "contract_seats_max", "version"])
    activity.record(
        verb="subscription.seats_agreed",
        actor=by,
        company=locked.company,
        subject=locked,
        data={"seats": words_of(locked), **overrides.told(override)},
        at=at,
    )
    return locked


def words_of(subscription: Subscription) -> str:
    """How many seats it may have."""
    fewest, most = subscription.seats_min, subscription.seats_max
    return f"{fewest:,} or more" if most is None else f"{fewest:,} to {most:,}"
