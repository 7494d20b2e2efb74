"""Payment methods of companies: added at the gateway, made the default, removed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoicing.services import invoices
from billing.payments.gateways.base import GatewayError, Method, Outcome, State, gateways
from billing.payments.models import Payment, PaymentMethod
from billing.payments.services import payers, recharging, telling
from portal.activity import services as activity
from portal.core import bulk
from portal.core.errors import Conflict, DomainError

if TYPE_CHECKING:
    from portal.accounts.models import Company, User

logger = structlog.get_logger(__name__)
WARNED_DAYS = 30
KEPT = ["reference", "brand", "last4", "customer", "expires_on", "added_at", "setup_reference", "is_default"]


class NotAdded(DomainError):
    """The gateway does not keep this method."""

    code = "not_added"


class MethodGone(Conflict):
    """It was removed."""

    code = "method_gone"


@transaction.atomic
def begin(*, company: "Company", gateway: str, at: datetime, by: "User | None") -> PaymentMethod:
    """Write down that a method is to be added; `carry_out` follows after the commit. Raises NotAdded."""
    client = gateways.get(gateway) if gateway in gateways else None
    if client is None or not client.is_enabled or not client.can_save or not client.is_offered:
        raise NotAdded(_("This way to pay cannot be kept."), field="gateway")
    return PaymentMethod.objects.create(
        company=company, gateway=gateway, key=f"m-{uuid4().hex}", added_by=by, created_at=at
    )


def carry_out(*, method: PaymentMethod, at: datetime, return_url: str) -> Outcome:
    """Ask the gateway to keep it; outside of any transaction. Leads to the gateway's page, or says what came of it.

    Raises NotAdded when the gateway refuses or cannot be asked.
    """
    client = gateways.get(method.gateway)
    payer = payers.of(method.company, method.gateway)
    try:
        outcome = client.save_method(payer=payer, key=method.key, return_url=f"{settings.BASE_URL}{return_url}")
    except GatewayError as error:
        raise NotAdded(_("%(gateway)s does not answer. Try again soon.") % {"gateway": client.label}) from error
    record(method=method, outcome=outcome, at=at)
    return outcome


def ask(*, method: PaymentMethod, at: datetime) -> PaymentMethod:
    """Ask the gateway what became of one that is being added; outside of any transaction. Raises NotAdded."""
    if method.added_at is not None:
        return method
    client = gateways.get(method.gateway)
    try:
        outcome = client.ask_method(reference=method.setup_reference, key=method.key)
    except GatewayError as error:
        raise NotAdded(_("%(gateway)s does not answer. Try again soon.") % {"gateway": client.label}) from error
    return record(method=method, outcome=outcome, at=at)


@transaction.atomic
def record(*, method: PaymentMethod, outcome: Outcome, at: datetime) -> PaymentMethod:
    """Write down what the gateway said; the first method becomes the default, one that is kept may have been renewed.

    Either way the default is charged at once for what could not be charged before. Raises NotAdded for a refusal.
    """
    invoices.lock_company(method.company_id)
    locked = _lock(method)
    if locked.added_at is not None:
        return _renewed(locked, outcome.method, at)
    locked.setup_reference = locked.setup_reference or outcome.reference
    if outcome.state == State.SUCCEEDED and outcome.method:
        _keep(locked, outcome.method, at)
    locked.save(update_fields=KEPT)
    if locked.is_default:
        recharging.plan(method=locked, at=at)
    if outcome.state in (State.FAILED, State.CANCELLED):
        raise NotAdded(outcome.message or _("It was not added."), outcome.code or "not_added")
    return locked


@transaction.atomic
def keep_used(*, payment: Payment, method: Method, at: datetime) -> PaymentMethod:
    """Keep what a payment was made with, as the customer agreed to; the company is locked."""
    found = PaymentMethod.objects.filter(gateway=payment.gateway, reference=method.reference).first()
    if found:
        return found
    kept = PaymentMethod(
        company=payment.company,
        gateway=payment.gateway,
        key=f"m-{payment.key}",
        added_by=payment.made_by,
        created_at=at,
    )
    _keep(kept, method, at)
    kept.save(force_insert=True)
    return kept


@transaction.atomic
def make_default(*, method: PaymentMethod, at: datetime, by: "User | None") -> PaymentMethod:
    """Charge this one from now on, and at once for what could not be charged before. Raises MethodGone."""
    invoices.lock_company(method.company_id)
    locked = _lock(method)
    if not locked.is_usable:
        raise MethodGone(_("This payment method was removed."))
    if not locked.is_default:
        PaymentMethod.objects.defaults().filter(company=locked.company_id).update(is_default=False)
        locked.is_default = True
        locked.save(update_fields=["is_default"])
        _record("payment_method.default", locked, at, by)
        recharging.plan(method=locked, at=at)
    return locked


@transaction.atomic
def remove(*, method: PaymentMethod, at: datetime, by: "User | None") -> PaymentMethod:
    """Charge it no more; of the others the oldest becomes the default. The gateway is told by `forget`."""
    invoices.lock_company(method.company_id)
    locked = _lock(method)
    if not locked.is_usable:
        return locked
    was_default, locked.is_default, locked.removed_at = locked.is_default, False, at
    locked.save(update_fields=["is_default", "removed_at"])
    _record("payment_method.removed", locked, at, by)
    others = PaymentMethod.objects.for_company(locked.company)
    if was_default and (heir := others.first()):
        heir.is_default = True
        heir.save(update_fields=["is_default"])
    return locked


def forget(*, method: PaymentMethod, at: datetime) -> bool:
    """Tell the gateway of a removal; outside of any transaction. False when it could not be told: to be tried again."""
    try:
        gateways.get(method.gateway).forget_method(reference=method.reference or "")
    except GatewayError as error:
        logger.warning("payment_method_not_forgotten", method=str(method.public_id), error=str(error))
        return False
    return bool(PaymentMethod.objects.filter(pk=method.pk, forgotten_at=None).update(forgotten_at=at))


def warn_of_expiry(at: datetime) -> int:
    """Tell payers of default methods that can be charged for less than thirty days, once; how many methods that are."""
    today = timezone.localdate(at)
    until = today + timedelta(days=WARNED_DAYS)
    rows = PaymentMethod.objects.defaults().filter(expires_on__gte=today, expires_on__lt=until)
    found = list(rows.select_related("company").order_by("pk"))
    for method in found:
        telling.expiring(method, at=at)
    return len(found)


def charged_alone(company: "Company") -> PaymentMethod | None:
    """What is charged without anybody there: the default, where its gateway can."""
    method = PaymentMethod.objects.default_of(company)
    return method if method and _charges_alone(method.gateway) else None


def charged_now(company: "Company") -> str:
    """What is charged for an invoice that is issued now, in words; "" where nothing is, or it has expired."""
    method = charged_alone(company)
    return str(method) if method and not method.has_expired(today=timezone.localdate()) else ""


def companies_with_default(company_ids: Iterable[int]) -> set[int]:
    """Which of these companies can be charged without anybody there; one query."""
    rows = PaymentMethod.objects.defaults().filter(company__in=bulk.among(company_ids))
    return {company for company, gateway in rows.values_list("company", "gateway") if _charges_alone(gateway)}


def _charges_alone(gateway: str) -> bool:
    return gateway in gateways and gateways.get(gateway).is_enabled and gateways.get(gateway).can_charge_saved


def _keep(method: PaymentMethod, found: Method, at: datetime) -> None:
    method.keep(
        reference=found.reference,
        brand=found.brand,
        last4=found.last4,
        expires_on=found.expires_on,
        customer=found.customer,
        at=at,
    )
    method.is_default = PaymentMethod.objects.default_of(method.company) is None
    _record("payment_method.added", method, at, method.added_by)


def _renewed(method: PaymentMethod, found: Method | None, at: datetime) -> PaymentMethod:
    """Take over what the bank changed of a method that is kept, if this is about it."""
    is_same = found is not None and found.reference == method.reference and method.removed_at is None
    if found and is_same and method.renew(brand=found.brand, last4=found.last4, expires_on=found.expires_on, at=at):
        method.save(update_fields=["brand", "last4", "expires_on", "renewed_at"])
        _record("payment_method.renewed", method, at, None)
        if method.is_default:
            recharging.plan(method=method, at=at)
    return method


def _lock(method: PaymentMethod) -> PaymentMethod:
    rows = PaymentMethod.objects.select_for_update(of=("self",)).select_related("company", "added_by")
    return rows.get(pk=method.pk)


def _record(verb: str, method: PaymentMethod, at: datetime, by: "User | None") -> None:
    activity.record(
        verb=verb, actor=by, company=method.company, subject=method if method.pk else None, at=at, label=str(method)
    )
