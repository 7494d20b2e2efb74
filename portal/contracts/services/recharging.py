"""Charging a period again whose invoice should not have been issued."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.activity import services as activity
from portal.contracts import facts
from portal.contracts.charging import charging
from portal.contracts.models import BillingPeriod, BillingPeriodLine, Contract
from portal.contracts.services import locking, periods
from portal.core.errors import Conflict

if TYPE_CHECKING:
    from portal.accounts.models import User


class NotVoid(Conflict):
    """Only what stood on an invoice that is void is charged again."""

    code = "not_void"


@transaction.atomic
def charge_again(*, period: BillingPeriod, by: "User", at: datetime) -> BillingPeriod:
    """Have the next invoice run charge a period whose invoice was voided. Raises NotVoid.

    Its lines get new identifiers, as what was invoiced once under the old ones never is again.
    """
    contract = locking.lock_charged(period.contract)
    sheet = next(sheet for sheet in periods.sheets(contract) if sheet.period.pk == period.pk)
    locked = sheet.period
    if locked.status != BillingPeriod.Status.CANCELLED or not locked.invoice_number:
        raise NotVoid(_("Only a period whose invoice was voided is charged again."))
    standing = [line for line in sheet.lines if not line.is_withdrawn]
    for line in standing:
        line.public_id = uuid4()
    BillingPeriodLine.objects.bulk_update(standing, ["public_id"])
    locked.reinstate()
    periods.postpone(locked, today=timezone.localdate(at))
    locked.invoice_number = ""
    locked.save(update_fields=["status", "invoice_number", "due_on"])
    for way in charging.all():
        way.charge(contract, standing, at=at)
    data = {"period": locked.sequence}
    activity.record(
        verb="contract.charged_again", actor=by, company=contract.company, subject=contract, data=data, at=at
    )
    facts.charges_changed.send(Contract, contract=contract, at=at)
    return locked
