"""Contracts go on by themselves, with notice before, unless somebody decides against it."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import DateField, ExpressionWrapper, F
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.activity import services as activity
from portal.contracts import days
from portal.contracts.models import Contract, EvidenceEvent
from portal.contracts.models.contracts import ContractQuerySet
from portal.contracts.services import costs, ending, evidence, locking, prolonging, telling
from portal.core.errors import Conflict

if TYPE_CHECKING:
    from portal.accounts.models import User

Status = Contract.Status


class NotRenewed(Conflict):
    """It is not renewed anyway, or not in force any more."""

    code = "not_renewed"


def announce(*, today: date, at: datetime) -> int:
    """Tell both sides of contracts that are renewed or end soon, once each; return how many those are."""
    soon = list(_ending_soon(today).select_related("company", "created_by"))
    for contract in soon:
        _announce(contract, at)
    return len(soon)


def renew(*, today: date, at: datetime) -> int:
    """Let those go on whose last day is over and that are renewed; return how many."""

    def step(contract: Contract) -> bool:
        is_over = contract.ends_on is not None and contract.ends_on <= today
        if contract.status != Status.ACTIVE or not contract.renewal_months or not is_over:
            return False
        _renew(contract, today, at)
        return True

    return ending.each(Contract.objects.in_force().filter(ends_on__lte=today, renewal_months__gt=0), step)


@transaction.atomic
def turn_off(*, contract: Contract, by: "User", at: datetime, role: str = "") -> Contract:
    """Let a contract end on its last day: it is not renewed. Raises NotRenewed.

    `role` is for which side they decide, in the words of the evidence.
    """
    contract = locking.lock(contract)
    if contract.status not in (Status.SIGNED, Status.ACTIVE) or not contract.renewal_months:
        raise NotRenewed(_("This contract is not renewed anyway."))
    contract.renewal_months = 0
    contract.save(update_fields=["renewal_months"])
    evidence.record(contract=contract, kind=EvidenceEvent.Kind.RENEWAL_OFF, at=at, user=by, role=role)
    activity.record(verb="contract.renewal_off", actor=by, company=contract.company, subject=contract, at=at)
    ending.tell(contract, "contract_renewal_off", at, person=str(by))
    return contract


def term(months: int) -> str:
    """By how much it is renewed, in words."""
    return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}


def _ending_soon(today: date) -> ContractQuerySet:
    """Those in force that end within their own days of notice."""
    notice = ExpressionWrapper(F("ends_on") - F("notice_days"), output_field=DateField())
    return Contract.objects.in_force().filter(ends_on__gt=today).alias(told_on=notice).filter(told_on__lte=today)


def _announce(contract: Contract, at: datetime) -> None:
    key = f"contract {contract.pk} {contract.ends_on}"
    if contract.renewal_months and contract.ends_on:
        day = date_format(contract.ends_on, telling.DAY)
        fields = {"date": day, "term": term(contract.renewal_months), "charges": _charges_of_next(contract)}
        telling.tell_both_sides(contract, kind="contract_renewal", key=key, at=at, fields=fields)
    else:
        telling.tell_both_sides(contract, kind="contract_ending", key=key, at=at)


def _renew(contract: Contract, today: date, at: datetime) -> None:
    """Put the end off until it lies ahead, reckoned from the first end, so that the 31st comes back."""
    first = contract.evidence.filter(kind=EvidenceEvent.Kind.RENEWED).order_by("sequence").first()
    anchor = date.fromisoformat(first.data["first_ended_on"]) if first else contract.ends_on
    months = contract.renewal_months
    if anchor is None or contract.ends_on is None:
        return
    before, count = contract.ends_on, 1
    while (after := days.months_later(anchor, count * months)) <= today:
        count += 1
    items = prolonging.items_of(contract)
    contract.ends_on = after
    contract.save(update_fields=["ends_on"])
    gained = count * months - days.apart(anchor, before)[0]
    plan = prolonging.prolong(contract=contract, items=items, months=gained, at=at)
    data = {"first_ended_on": f"{anchor}", "ended_on": f"{before}", "ends_on": f"{after}", "months": months}
    evidence.record(contract=contract, kind=EvidenceEvent.Kind.RENEWED, at=at, data=data)
    activity.record(verb="contract.renewed", actor=None, company=contract.company, subject=contract, at=at)
    key = f"contract {contract.pk} {after}"
    fields = {"term": term(gained), "charges": costs.renewal_words(contract, plan, costs.terms_of(contract))}
    telling.tell_both_sides(contract, kind="contract_renewed", key=key, at=at, fields=fields)


def _charges_of_next(contract: Contract) -> str:
    terms = costs.terms_of(contract)
    return costs.renewal_words(contract, costs.next_renewal(contract, terms), terms)
