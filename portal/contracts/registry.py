"""What contracts need to know of apps above."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.core.registry import Registry


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a contract, as its text names it."""

    name: str
    address: str = ""
    registration_number: str = ""
    tax_id: str = ""


# Who we are: the app that keeps the vendor's legal name registers it as "vendor".
vendors: Registry[Callable[[], Party]] = Registry("vendors of contracts")
