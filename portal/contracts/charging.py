"""How what a contract owes is charged: an app above that draws invoices registers its part in `ready()`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from portal.contracts.models import BillingPeriodLine, Contract
from portal.core.registry import Registry


class Charge(Protocol):
    """Have lines of a contract charged on their periods' days; those that are charged already stay as they are."""

    def __call__(self, contract: Contract, lines: Sequence[BillingPeriodLine], *, at: datetime) -> None: ...


class Lines(Protocol):
    """What is to be done with, or asked of, lines of a contract."""

    def __call__(self, lines: Sequence[BillingPeriodLine]) -> set[int]: ...


@dataclass(frozen=True, slots=True)
class Charging:
    """`drawn` names the keys of lines that an invoice or a draft has; `withdraw` forgets the others."""

    charge: Charge
    drawn: Lines
    withdraw: Lines


charging: Registry[Charging] = Registry("ways of charging contracts")
