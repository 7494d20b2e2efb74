"""What a renewed contract charges on: the recurring items that last until its end, for the months that it gains."""

from datetime import datetime

from django.db import transaction

from portal.contracts import facts
from portal.contracts.models import Contract, ContractLineItem
from portal.contracts.reckoning import Planned
from portal.contracts.services import billing, costs, periods

PAUSED = ContractLineItem.Status.PAUSED


def items_of(contract: Contract) -> list[ContractLineItem]:
    """The items that a renewal charges on, under lock; asked before the end of the contract is put off."""
    items = list(contract.line_items.going_on().in_order().select_for_update(of=("self",)))
    for item in items:
        item.contract = contract
    return items


@transaction.atomic
def prolong(*, contract: Contract, items: list[ContractLineItem], months: int, at: datetime) -> tuple[Planned, ...]:
    """Charge these items of a locked contract for so many months more, and return what that is without those paused.

    Its end was put off before. Where billing is not enabled yet, enabling makes the periods of these months as well.
    """
    terms = costs.terms_of(contract)
    plan = costs.planned_renewal(contract, items, terms, months)
    going = costs.planned_renewal(contract, [item for item in items if item.status != PAUSED], terms, months)
    for item in items:
        item.renewed_months += months
    ContractLineItem.objects.bulk_update(items, ["renewed_months"])
    if plan and billing.is_enabled(contract):
        made = periods.create(contract, plan, at=at)
        paused = {item.pk for item in items if item.status == PAUSED}
        if waiting := [line for line in made if line.item_id in paused]:
            periods.withdraw(contract, waiting, periods.sheets(contract), at=at)
        facts.charges_changed.send(Contract, contract=contract, at=at)
    return going
