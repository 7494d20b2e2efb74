"""Charges: what is owed, handed over by the apps that know, until the invoice run draws it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from djmoney.money import Money

from billing.invoicing.models import Charge
from billing.invoicing.services.drafts import Item
from portal.core import bulk


@dataclass(frozen=True, slots=True)
class NewCharge:
    """What a company owes from `due_on` on; the item's `source` names what it is for, and is charged once."""

    company_id: int
    due_on: date
    item: Item


def add(charges: Iterable[NewCharge], *, at: datetime) -> int:
    """Write charges down, in the currency of their price; return how many are new.

    One whose source is known already, drawn or not, is left out and changes nothing. Raises ValueError without source.
    """
    return bulk.insert_new((_charge(new, at) for new in charges), Charge)


def withdraw(sources: Iterable[str]) -> int:
    """Forget charges that nobody has been invoiced for; return how many. They may be added anew."""
    deleted, _by_model = Charge.objects.waiting().filter(source__in=list(sources)).delete()
    return deleted


def item_of(charge: Charge) -> Item:
    """What a charge puts on the invoice that draws it."""
    return Item(
        charge.description,
        Money(charge.unit_price, charge.currency),
        charge.quantity,
        starts_on=charge.starts_on,
        ends_on=charge.ends_on,
        source=charge.source,
        tax_category=charge.tax_category,
    )


def _charge(new: NewCharge, at: datetime) -> Charge:
    item = new.item
    if not item.source:
        raise ValueError(f"A charge says what it is for: {item.description}")
    return Charge(
        company_id=new.company_id,
        currency=str(item.unit_price.currency),
        due_on=new.due_on,
        description=item.description,
        quantity=item.quantity,
        unit_price=item.unit_price.amount,
        tax_category=item.tax_category,
        starts_on=item.starts_on,
        ends_on=item.ends_on,
        source=item.source,
        created_at=at,
    )
