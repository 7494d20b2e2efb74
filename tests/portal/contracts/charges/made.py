"""Contracts with line items, made by hand: what billing starts from."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from portal.accounts.models import Company
from portal.contracts import reckoning
from portal.contracts.models import BillingTerms, Contract, ContractLineItem
from tests.portal.contracts.signing.made import draft

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
FIRST = date(2026, 1, 31)
SIGNED = {"sent_at": AT, "signed_at": AT}


def contract(company: Company, **fields: Any) -> Contract:
    """A draft of a contract over a year."""
    return draft(company, **{"starts_on": FIRST, "ends_on": date(2027, 1, 31)} | fields)


def item(contract: Contract, amount: str = "1000.00", **fields: Any) -> ContractLineItem:
    """A line item that is saved: recurring, on the contract's first day, if nothing else is said."""
    made = unsaved(contract, amount, **{"position": contract.line_items.count() + 1} | fields)
    made.save()
    return made


def unsaved(contract: Contract, amount: str = "1000.00", **fields: Any) -> ContractLineItem:
    """A line item that is not saved."""
    values: dict[str, Any] = {
        "position": 1,
        "description": "Development",
        "schedule": "recurring",
        "months": 1 if fields.get("schedule") == "one_off" else 3,
        "starts_on": contract.starts_on,
    } | fields
    days = {name: values[name] for name in ("schedule", "starts_on", "months")}
    return ContractLineItem(contract=contract, amount=Decimal(amount), **{"ends_on": reckoning.end_of(**days)} | values)


def terms(contract: Contract, frequency: str, *days: date, amounts: tuple[str, ...] = ()) -> BillingTerms:
    """How it is charged."""
    made = {"frequency": frequency, "days": list(days), "amounts": [Decimal(amount) for amount in amounts]}
    return BillingTerms.objects.update_or_create(contract=contract, defaults=made)[0]


def put_in_force(contract: Contract) -> Contract:
    """Signed by everybody, past all that leads there."""
    number = f"C-2026-{contract.pk:05}"
    fields = {"status": "active", "number": number, "verification_code": f"CODE-{contract.pk}", **SIGNED}
    Contract.objects.filter(pk=contract.pk).update(**fields)
    return Contract.objects.select_related("company").get(pk=contract.pk)
