"""Billing of a contract: asked for, decided by another person, and ended with the contract."""

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts import roles
from portal.accounts.models import Membership
from portal.activity import services as activity
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.contracts import addresses, facts
from portal.contracts.models import BillingPeriod, BillingTerms, Contract, ContractLineItem
from portal.contracts.reckoning import Planned
from portal.contracts.services import costs, line_items, locking, periods, telling
from portal.core import money
from portal.core.errors import Conflict
from portal.notifications.services import notices

if TYPE_CHECKING:
    from portal.accounts.models import User

KIND = "contract_billing"
DECIDE = "contracts.decide_billing"
IN_FORCE = (Contract.Status.SIGNED, Contract.Status.ACTIVE)


class NotInForce(Conflict):
    """Only a contract that everybody has signed, and that has not ended, is billed."""

    code = "not_in_force"


class AlreadyEnabled(Conflict):
    """Its periods are there already."""

    code = "already_enabled"


class NothingToBill(Conflict):
    """It has no line items."""

    code = "nothing_to_bill"


@transaction.atomic
def ask(*, contract: Contract, by: "User", at: datetime) -> Approval:
    """Ask another person to have a contract billed, with every period as it will be charged.

    Raises NotInForce, AlreadyEnabled, NothingToBill, NotAsAgreed, AlreadyAsked.
    """
    _check(contract)
    cost = costs.preview(contract)
    label = f"{contract}: {money.words(cost.total)}"
    return approvals.ask(kind=KIND, subject=contract, company=contract.company, by=by, at=at, label=label)


def enable(approval: Approval, at: datetime) -> None:
    """Create the periods of a contract, and have them charged as they come due: the effect of the decision.

    Raises NotInForce, AlreadyEnabled, NothingToBill, NotAsAgreed; nothing has changed then.
    """
    contract = locking.lock_charged(Contract.objects.get(pk=approval.object_id))
    _check(contract)
    terms, _made = BillingTerms.objects.get_or_create(contract=contract)
    terms.enabled_at = at
    terms.save(update_fields=["enabled_at"])
    items = list(contract.line_items.in_order().select_for_update())
    for item in items:
        item.contract = contract
        item.begin()
    ContractLineItem.objects.bulk_update(items, ["status"])
    lines = periods.create(contract, _put_off(costs.planned(contract, items, terms), at), at=at)
    data = {"periods": len({line.period_id for line in lines})}
    activity.record(
        verb="contract.billing_enabled",
        actor=approval.decided_by,
        company=contract.company,
        subject=contract,
        data=data,
        at=at,
    )
    _tell(contract, at)
    facts.billing_enabled.send(Contract, contract=contract, at=at)


@transaction.atomic
def stop(*, contract: Contract, at: datetime) -> None:
    """Withdraw what is not due yet of a contract that has ended, and end its items; what is due stays owed.

    The caller holds the locks of `locking.lock_charged`. What was invoiced stays: credit notes correct it.
    """
    today = timezone.localdate(at)
    found = periods.sheets(contract)
    later = [line for sheet in found if _is_ahead(sheet.period, today) for line in sheet.charged]
    periods.withdraw(contract, later, found, at=at)
    running = contract.line_items.filter(status__in=[ContractLineItem.Status.ACTIVE, ContractLineItem.Status.PAUSED])
    items = list(running.order_by("pk").select_for_update())
    for item in items:
        item.complete()
    ContractLineItem.objects.bulk_update(items, ["status"])
    if later:
        facts.charges_changed.send(Contract, contract=contract, at=at)


def check_in_force(contract: Contract) -> None:
    """Refuse what only a contract that binds both sides allows. Raises NotInForce."""
    if contract.status not in IN_FORCE:
        raise NotInForce(_("This contract is not in force: nothing of it is charged."))


def is_enabled(contract: Contract) -> bool:
    """Whether its periods are there."""
    return BillingTerms.objects.filter(contract=contract, enabled_at__isnull=False).exists()


def _check(contract: Contract) -> None:
    check_in_force(contract)
    if is_enabled(contract):
        raise AlreadyEnabled(_("This contract is billed already."))
    if not contract.line_items.exists():
        raise NothingToBill(_("This contract has no line items: there is nothing to bill."))
    line_items.check(contract)


def _put_off(plan: tuple[Planned, ...], at: datetime) -> list[Planned]:
    """What was due before is due today: no invoice is dated back."""
    today = timezone.localdate(at)
    return [replace(planned, due_on=max(planned.due_on, today)) for planned in plan]


def _is_ahead(period: BillingPeriod, today: date) -> bool:
    """Whether nothing is owed of it yet; what was due before, and was put off until today, is."""
    return period.due_on > today or (period.due_on == today and period.starts_on >= today)


def _tell(contract: Contract, at: datetime) -> None:
    """Tell those who manage the company's billing."""
    members = Membership.objects.filter(company=contract.company, can_manage_billing=True).select_related("user")
    cost = costs.preview(contract)
    first, count = cost.periods[0], len(cost.periods)
    fields = {
        "amount": money.words(cost.total),
        "days": f"{count} day{'' if count == 1 else 's'}",
        "day": date_format(max(first.due_on, timezone.localdate(at)), "j F Y"),
    }
    notices.notify(
        kind="contract_billing_enabled",
        people=[row.user for row in members if roles.allows(row, roles.Permission.MANAGE_BILLING)],
        key=f"contract {contract.pk} billing",
        at=at,
        fields=telling.words_of(contract) | fields,
        url=addresses.page(contract),
        company=contract.company,
    )
