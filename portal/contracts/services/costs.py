"""What a contract costs in all, and when: shown before it is signed, and before billing is enabled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from djmoney.money import Money

from portal.contracts import reckoning
from portal.contracts.models import BillingPeriod, BillingPeriodLine, BillingTerms, Contract, ContractLineItem
from portal.contracts.reckoning import Planned
from portal.core import money

# What may still be renewed, or be signed with its renewal.
OPEN = (Contract.Status.DRAFT, Contract.Status.SENT, Contract.Status.SIGNED, Contract.Status.ACTIVE)


class CostLine(NamedTuple):
    """What one part of a period charges."""

    description: str
    amount: Money
    is_discount: bool = False


@dataclass(frozen=True, slots=True)
class CostPeriod:
    """What is charged on one day."""

    sequence: int
    starts_on: date
    last_day: date
    due_on: date
    lines: tuple[CostLine, ...]
    total: Money


@dataclass(frozen=True, slots=True)
class Cost:
    """What a contract charges in all: amounts are without tax, in the contract's currency; a discount is negative."""

    currency: str
    frequency: str
    items: tuple[ContractLineItem, ...]
    periods: tuple[CostPeriod, ...]
    discount_label: str
    discount: Money
    total: Money
    renewal: str = ""

    @property
    def before_discount(self) -> Money:
        """What the line items are worth."""
        return self.total - self.discount


def preview(contract: Contract) -> Cost:
    """What a contract charges, period by period; two queries, whatever it charges, and one where it is renewed."""
    items = tuple(contract.line_items.in_order())
    for item in items:
        item.contract = contract
    terms = terms_of(contract)
    plan = planned(contract, items, terms)
    discount = money.total((period.discount for period in plan), contract.currency)
    return Cost(
        contract.currency,
        terms.get_frequency_display(),
        items,
        tuple(_shown(contract, number, period) for number, period in enumerate(plan, start=1)),
        discount_label(contract),
        discount,
        money.total((period.total for period in plan), contract.currency),
        _renewal(contract, terms) if plan and contract.status in OPEN else "",
    )


def planned(contract: Contract, items: Sequence[ContractLineItem], terms: BillingTerms) -> tuple[Planned, ...]:
    """The periods of a contract with these line items and terms."""
    if not items:
        return ()
    return reckoning.plan(items, terms, percent=contract.discount_percent, currency=contract.currency)


def planned_renewal(
    contract: Contract, items: Sequence[ContractLineItem], terms: BillingTerms, months: int
) -> tuple[Planned, ...]:
    """The periods of so many months more of these items, which go on with the contract."""
    if not items:
        return ()
    percent = contract.discount_percent
    return reckoning.plan_renewal(items, terms, months=months, percent=percent, currency=contract.currency)


def next_renewal(contract: Contract, terms: BillingTerms) -> tuple[Planned, ...]:
    """What the next renewal of a contract will charge, as things stand."""
    items = list(contract.line_items.going_on().exclude(status=ContractLineItem.Status.PAUSED).in_order())
    for item in items:
        item.contract = contract
    return planned_renewal(contract, items, terms, contract.renewal_months)


def renewal_words(contract: Contract, plan: Sequence[Planned], terms: BillingTerms) -> str:
    """What the months of a renewal charge, in words: “USD 450.00 each month, USD 5,400.00 in all, without tax”."""
    if not plan:
        return _("nothing")
    each = sorted({period.total for period in plan})
    whole = money.words(money.total((period.total for period in plan), contract.currency))
    amounts = f"{money.words(each[0])} {terms.get_frequency_display().lower()}"
    if len(each) > 1:
        amounts = ", ".join(f"{money.words(row.total)} on {date_format(row.due_on, 'j F Y')}" for row in plan)
    return _("%(amounts)s, %(whole)s in all, without tax") % {"amounts": amounts, "whole": whole}


def _renewal(contract: Contract, terms: BillingTerms) -> str:
    """What is charged when the contract is renewed, as a sentence; nothing where it is not renewed by itself."""
    if not contract.renewal_months or contract.ends_on is None:
        return ""
    term = ngettext("%(count)d month", "%(count)d months", contract.renewal_months)
    return _("When renewed by %(term)s, from %(day)s: %(charges)s.") % {
        "term": term % {"count": contract.renewal_months},
        "day": date_format(contract.ends_on, "j F Y"),
        "charges": renewal_words(contract, next_renewal(contract, terms), terms),
    }


def terms_of(contract: Contract) -> BillingTerms:
    """The billing terms of a contract; where none were agreed it is charged month by month."""
    found = BillingTerms.objects.filter(contract=contract).first()
    return found or BillingTerms(contract=contract)


def discount_label(contract: Contract) -> str:
    """The discount as invoices name it."""
    return f"Labs discount, {contract.discount_percent.normalize():f} %"


def discount_line(contract: Contract, period: BillingPeriod, amount: Money | None = None) -> BillingPeriodLine:
    """The discount as a line of its own, not saved; nothing so far where no amount is given."""
    return BillingPeriodLine(
        period=period,
        description=discount_label(contract),
        amount=amount.amount if amount else 0,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
    )


def _shown(contract: Contract, sequence: int, period: Planned) -> CostPeriod:
    lines = [CostLine(part.description, part.amount) for part in period.parts]
    if contract.discount_percent:
        lines.append(CostLine(discount_label(contract), period.discount, is_discount=True))
    return CostPeriod(
        sequence,
        period.starts_on,
        period.ends_on - timedelta(days=1),
        period.due_on,
        tuple(lines),
        period.total,
    )
