"""Bank transfers: what staff see on the bank's account and record."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from djmoney.money import Money

from billing.invoicing.models import Invoice
from billing.invoicing.services import invoices as invoicing
from billing.invoicing.services import settlement
from billing.payments.models import Payment
from billing.payments.services import telling
from portal.core import money
from portal.core.errors import Conflict, DomainError

if TYPE_CHECKING:
    from portal.accounts.models import Company, User

GATEWAY = "manual"


class ReferenceMissing(DomainError):
    """The bank's own reference is what tells one transfer from another."""

    code = "reference_missing"


class AlreadyRecorded(Conflict):
    """A transfer with this reference is recorded."""

    code = "already_recorded"


@transaction.atomic
def record(
    *,
    company: "Company",
    amount: Money,
    reference: str,
    at: datetime,
    by: "User",
    first: Sequence[Invoice] = (),
    payer: str = "",
) -> Payment:
    """Record money that arrived by bank: it pays the invoices in `first`, then what is due soonest; the rest is kept.

    Raises ReferenceMissing, AlreadyRecorded, NotAnAmount.
    """
    name = " ".join(reference.split())[:200]
    if not name:
        raise ReferenceMissing(_("Enter the bank's reference of the transfer."), field="reference")
    locked = invoicing.lock_company(company.pk)
    money.to_minor(amount)
    if amount.amount <= 0:
        raise settlement.NotAnAmount(_("Money that moves is more than nothing."), field="amount")
    if Payment.objects.filter(gateway=GATEWAY, reference=name).exists():
        raise AlreadyRecorded(_("A transfer with this reference is recorded already."), field="reference")
    payment = Payment(
        company=locked,
        invoice=first[0] if first else None,
        currency=str(amount.currency),
        amount=amount.amount,
        gateway=GATEWAY,
        key=f"b-{uuid4().hex}",
        reference=name,
        made_by=by,
        created_at=at,
        called_at=at,
    )
    payment.succeed(amount=amount.amount, at=at)
    payment.movement = settlement.receive(
        company=locked, amount=amount, gateway=GATEWAY, reference=name, at=at, by=by, first=first
    )
    try:
        with transaction.atomic():
            payment.save(force_insert=True)
    except IntegrityError as error:
        if "payments_payment" not in str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")):
            raise
        raise AlreadyRecorded(_("A transfer with this reference is recorded already."), field="reference") from None
    telling.succeeded(payment, at=at)
    return payment
