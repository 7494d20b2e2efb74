"""Plans are archived rather than deleted; what somebody uses is not deleted at all."""

from collections import Counter
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from billing.catalog.models import Plan, Product
from portal.accounts.models import User
from portal.activity import services as activity
from portal.core.errors import Conflict


class InUse(Conflict):
    """Something else hangs on the record."""

    code = "in_use"


@transaction.atomic
def archive(*, plan: Plan, by: User | None, at: datetime) -> None:
    """Let nobody choose the plan any more; subscriptions that have it go on. Twice is once."""
    locked = Plan.objects.select_for_update().get(pk=plan.pk)
    if not locked.is_archived:
        locked.archive(at=at)
        locked.save(update_fields=["archived_at", "is_recommended"])
        activity.record(verb="plan.archived", actor=by, subject=locked, at=at)


@transaction.atomic
def restore(*, plan: Plan, by: User | None, at: datetime) -> None:
    """Offer an archived plan again. Twice is once."""
    locked = Plan.objects.select_for_update().get(pk=plan.pk)
    if locked.is_archived:
        locked.restore()
        locked.save(update_fields=["archived_at"])
        activity.record(verb="plan.restored", actor=by, subject=locked, at=at)


def demand_unused(record: models.Model) -> None:
    """Raise InUse when something would not let the record be deleted, in this app or in one above."""
    used = Counter(_protecting(record))
    if isinstance(record, Product):
        used[Plan] += Plan.objects.filter(products=record).count()
    if found := [_counted(model, number) for model, number in used.items() if number]:
        raise InUse(
            _("“%(record)s” cannot be deleted: %(users)s. %(instead)s")
            % {"record": record, "users": _("it is used by ") + ", ".join(found), "instead": _instead(record)}
        )


def _protecting(record: models.Model) -> list[type[models.Model]]:
    """The kinds of records that protect this one, each as often as it does."""
    try:
        Collector(using=DEFAULT_DB_ALIAS, origin=record).collect([record])
    except ProtectedError as error:
        return [type(row) for row in error.protected_objects]
    except RestrictedError as error:
        return [type(row) for row in error.restricted_objects]
    return []


def _counted(model: type[models.Model], number: int) -> str:
    names = model._meta
    return f"{number} {names.verbose_name if number == 1 else names.verbose_name_plural}"


def _instead(record: models.Model) -> str:
    if isinstance(record, Product):
        return _("Switch it off to offer it no more.")
    if isinstance(record, Plan):
        return _("Archive it to offer it no more.")
    return _("Take it out there first.")
