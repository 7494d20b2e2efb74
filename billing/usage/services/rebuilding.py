"""Staff have a day of a company and product reckoned anew."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from billing.catalog.models import Product
from billing.usage.models import EventHorizon, StaleDay
from portal.accounts.models import Company, User
from portal.activity import services as activity
from portal.core.errors import Conflict


class EventsGone(Conflict):
    """Of the day there are no events any more: its figures are all that is known."""

    code = "events_gone"


@transaction.atomic
def rebuild_day(*, company: Company, product: Product, used_on: date, by: User, at: datetime) -> StaleDay:
    """Let the worker reckon a day anew from all its events, as `update_usage_metrics --date` does for everybody.

    The same events give the same figures, so that once more does no harm. Raises EventsGone.
    """
    if EventHorizon.objects.filter(kept_from_on__gt=used_on).exists():
        raise EventsGone(_("The events of this day are deleted. Its figures stay as they are."))
    waiting = StaleDay.objects.create(company=company, product=product, used_on=used_on)
    activity.record(
        verb="usage.rebuilt", actor=by, company=company, subject=product, data={"day": used_on.isoformat()}, at=at
    )
    return waiting
