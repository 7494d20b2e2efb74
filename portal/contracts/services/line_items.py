"""What a contract is to charge, and how: agreed while it is a draft, and part of what is signed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from djmoney.money import Money

from portal.activity import services as activity
from portal.contracts import reckoning
from portal.contracts.days import months_later
from portal.contracts.models import BillingTerms, Contract, ContractLineItem
from portal.contracts.models.charges import LONGEST_MONTHS, MOST_DAYS
from portal.contracts.services import costs, locking
from portal.core import money
from portal.core.errors import Conflict, DomainError

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.teams.models import Developer

Kind, Schedule = ContractLineItem.Kind, ContractLineItem.Schedule
PERMISSION = "contracts.keep_charges"
MOST_ITEMS = 50
TRAINING_MONTHS = 3
# What training costs where nothing else is agreed.
TRAINING: Mapping[str, Money] = {
    Kind.INDEPENDENT_TRAINING: Money("5000.00", "USD"),
    Kind.AGENCY_TRAINING: Money("2500.00", "USD"),
}
AGREED = ["kind", "description", "developer", "schedule", "amount", "months", "starts_on", "ends_on"]


class NotADraft(Conflict):
    """What was sent, and what was signed, charges what it says."""

    code = "not_a_draft"


class NotAsAgreed(DomainError):
    """What is to be charged does not fit together, or does not fit the contract."""

    code = "not_as_agreed"


@transaction.atomic
def add(*, contract: Contract, by: "User", at: datetime, **terms: Any) -> ContractLineItem:
    """Add a line item to a draft: kind, description, developer, schedule, amount, months, starts_on.

    What is not said of a training is as usual: its price, over three months. `starts_on` is the contract's first day
    where no other is said. Raises NotADraft, NotAsAgreed, InvalidAmount; nothing is written then.
    """
    locked = _draft(contract)
    last = locked.line_items.aggregate(last=Max("position"))["last"] or 0
    if locked.line_items.count() >= MOST_ITEMS:
        raise NotAsAgreed(_("A contract has %(most)d line items at most.") % {"most": MOST_ITEMS})
    item = ContractLineItem(contract=locked, position=last + 1)
    _agree(item, **terms)
    item.save(force_insert=True)
    _note("contract.item_added", item, by, at)
    return item


@transaction.atomic
def change(*, item: ContractLineItem, by: "User", at: datetime, **terms: Any) -> ContractLineItem:
    """Agree on other terms of a line item of a draft. Raises as `add`."""
    locked = _of_draft(item)
    _agree(locked, **terms)
    locked.save(update_fields=AGREED)
    _note("contract.item_changed", locked, by, at)
    return locked


@transaction.atomic
def remove(*, item: ContractLineItem, by: "User", at: datetime) -> None:
    """Take a line item out of a draft. Raises NotADraft."""
    locked = _of_draft(item)
    _note("contract.item_removed", locked, by, at)
    locked.delete()


@transaction.atomic
def set_terms(
    *,
    contract: Contract,
    frequency: str,
    by: "User",
    at: datetime,
    days: Sequence[date] = (),
    amounts: Sequence[Decimal] = (),
) -> BillingTerms:
    """Agree on when a draft charges. Days and amounts are for custom terms; amounts add up to all line items.

    Raises NotADraft, NotAsAgreed, InvalidAmount.
    """
    locked = _draft(contract)
    values = {"frequency": frequency, "days": list(days), "amounts": list(amounts)}
    _check_terms(locked, BillingTerms(contract=locked, **values), _items_of(locked))
    terms, _made = BillingTerms.objects.update_or_create(contract=locked, defaults=values)
    label = terms.get_frequency_display().lower()
    activity.record(
        verb="contract.terms_set", actor=by, company=locked.company, subject=locked, data={"terms": label}, at=at
    )
    return terms


def check(contract: Contract) -> None:
    """Refuse a contract whose line items and terms do not fit together. Raises NotAsAgreed, InvalidAmount."""
    items = _items_of(contract)
    for item in items:
        _check_days(item)
    _check_terms(contract, costs.terms_of(contract), items)


def _draft(contract: Contract) -> Contract:
    locked = locking.lock(contract)
    if locked.status != Contract.Status.DRAFT:
        raise NotADraft(
            _("What a contract charges is part of what is signed. Take it back first, or draw up an amendment.")
        )
    return locked


def _of_draft(item: ContractLineItem) -> ContractLineItem:
    contract = _draft(item.contract)
    locked = ContractLineItem.objects.select_for_update().get(pk=item.pk)
    locked.contract = contract
    return locked


def _items_of(contract: Contract) -> list[ContractLineItem]:
    items = list(contract.line_items.in_order())
    for item in items:
        item.contract = contract
    return items


def _agree(
    item: ContractLineItem,
    *,
    kind: str = Kind.CUSTOM,
    description: str = "",
    schedule: str = "",
    amount: Money | None = None,
    months: int | None = None,
    starts_on: date | None = None,
    developer: "Developer | None" = None,
) -> None:
    """Write the terms down, with what is usual for a training."""
    is_training = kind in TRAINING
    item.kind, item.developer = kind, developer
    item.description = description.strip() or (str(Kind(kind).label) if is_training else "")
    item.schedule = schedule or (Schedule.INSTALMENTS if is_training else Schedule.ONE_OFF)
    usual = TRAINING_MONTHS if is_training else 1
    item.months = 1 if item.schedule == Schedule.ONE_OFF else usual if months is None else months
    item.amount = _amount(item, amount)
    item.starts_on = starts_on or item.contract.starts_on
    if not item.description:
        raise NotAsAgreed(_("Say what is charged."), field="description")
    if not 1 <= item.months <= LONGEST_MONTHS:
        raise NotAsAgreed(_("Between one month and twelve can be agreed."), field="months")
    _check_developer(item)
    item.ends_on = reckoning.end_of(schedule=item.schedule, starts_on=item.starts_on, months=item.months)
    _check_days(item)


def _amount(item: ContractLineItem, amount: Money | None) -> Decimal:
    currency = item.contract.currency
    usual = TRAINING.get(item.kind)
    wanted = amount
    if amount is None and usual is not None and str(usual.currency) == currency:
        wanted = usual
    if wanted is None:
        raise NotAsAgreed(_("Say how much, in %(currency)s.") % {"currency": currency}, field="amount")
    money.total([wanted], currency)
    if money.to_minor(wanted) <= 0:
        raise NotAsAgreed(_("What is charged is more than nothing."), field="amount")
    result: Decimal = wanted.amount
    return result


def _check_developer(item: ContractLineItem) -> None:
    if item.developer is None:
        return
    if item.kind not in TRAINING:
        raise NotAsAgreed(_("Only a training names a developer."), field="developer")
    if (item.developer.agency_id is not None) != (item.kind == Kind.AGENCY_TRAINING):
        raise NotAsAgreed(
            _("This developer belongs to an agency.")
            if item.developer.agency_id
            else _("This developer belongs to no agency."),
            field="developer",
        )


def _check_days(item: ContractLineItem) -> None:
    """Refuse days outside of the contract; an engagement lasts twelve months at most."""
    contract = item.contract
    ends = [contract.ends_on] if contract.ends_on else []
    if contract.type == Contract.Type.ENGAGEMENT:
        ends.append(months_later(contract.starts_on, LONGEST_MONTHS))
    if item.starts_on < contract.starts_on:
        words = {"item": item.description, "day": date_format(contract.starts_on, "j F Y")}
        raise NotAsAgreed(_("“%(item)s” begins before the contract does, on %(day)s.") % words, field="starts_on")
    if ends and item.ends_on > min(ends):
        words = {"item": item.description, "day": date_format(min(ends), "j F Y")}
        raise NotAsAgreed(
            _("“%(item)s” lasts longer than the contract may: it has to be over on %(day)s.") % words, field="months"
        )


def _check_terms(contract: Contract, terms: BillingTerms, items: Sequence[ContractLineItem]) -> None:
    if terms.frequency != BillingTerms.Frequency.CUSTOM:
        if terms.days or terms.amounts:
            raise NotAsAgreed(_("Days and amounts are for terms of your own."), field="days")
        return
    if not 1 <= len(terms.days) <= MOST_DAYS or terms.days != sorted(set(terms.days)):
        raise NotAsAgreed(_("Give between one day and %(most)d, in order.") % {"most": MOST_DAYS}, field="days")
    if terms.days[0] < contract.starts_on or (contract.ends_on and terms.days[-1] >= contract.ends_on):
        raise NotAsAgreed(_("Give days on which the contract runs."), field="days")
    if terms.amounts:
        _check_amounts(contract, terms, items)


def _check_amounts(contract: Contract, terms: BillingTerms, items: Sequence[ContractLineItem]) -> None:
    given = [Money(amount, contract.currency) for amount in terms.amounts]
    if len(given) != len(terms.days) or any(money.to_minor(amount) <= 0 for amount in given):
        raise NotAsAgreed(_("Give an amount above nothing for each day, or none at all."), field="amounts")
    whole = money.total((item.total for item in items), contract.currency)
    said = money.total(given, contract.currency)
    if said != whole:
        words = {"said": money.words(said), "whole": money.words(whole)}
        raise NotAsAgreed(_("The amounts add up to %(said)s, the line items to %(whole)s.") % words, field="amounts")


def _note(verb: str, item: ContractLineItem, by: "User", at: datetime) -> None:
    contract = item.contract
    data = {"item": item.description}
    activity.record(verb=verb, actor=by, company=contract.company, subject=contract, data=data, at=at)
