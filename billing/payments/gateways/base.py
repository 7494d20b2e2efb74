"""One interface to whoever moves money. Gateways call the outside world: never inside a transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from djmoney.money import Money

from portal.core.registry import Registry


class GatewayError(Exception):
    """The gateway could not be asked, or said nothing that can be understood: what came of it is unknown."""


class BadSignature(Exception):
    """A webhook that the gateway did not sign, or signed too long ago; the text says which."""


class Unreadable(Exception):
    """A signed webhook whose body is not what the gateway sends."""


class State(StrEnum):
    """What came of an attempt, as far as the gateway knows."""

    PENDING = "pending"
    NEEDS_ACTION = "needs_action"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class About(StrEnum):
    """What a webhook tells of."""

    PAYMENT = "payment"
    REFUND = "refund"
    DISPUTE = "dispute"
    METHOD = "method"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays, as gateways need it; `reference` is the gateway's own name of the customer, empty the first time."""

    company: str  # public id
    name: str
    email: str
    reference: str = ""
    phone: str = ""  # E.164, for gateways that `wants_phone`
    country: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of what is paid, for gateways that draw an invoice of their own (Wave)."""

    description: str
    quantity: str
    unit_price: Money


@dataclass(frozen=True, slots=True)
class Method:
    """A way to pay that the gateway keeps: never a card number. `customer` is the gateway's own name of who pays."""

    reference: str
    brand: str
    last4: str
    expires_on: str = ""  # the last month it is valid, "2027-03"
    customer: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One attempt to move money; `key` goes along as the idempotency key: the same one never moves money twice.

    `is_unattended`: the customer is not there to do anything; what needs them ends as needs_action or failed.
    """

    key: str
    amount: Money
    payer: Payer
    description: str
    method: str = ""  # the gateway's own name of the saved payment method; empty: the customer chooses
    return_url: str = ""  # where the customer's browser goes afterwards
    items: Sequence[Item] = ()
    is_unattended: bool = False
    saves_method: bool = False  # the customer agreed that what they pay with is kept


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a gateway says of an attempt.

    `needs_action`: the customer has to do something, at `url` where there is one. `reference` is the gateway's own name
    of the payment; `receipt` what the customer knows it by; `amount` what really moved, where it may differ from what
    was asked for (M-Pesa: whole shillings). `code` is the gateway's word for why it failed, `message` a plain sentence
    for the customer; `can_retry` whether asking again with the same method may succeed.
    """

    state: State
    reference: str = ""
    url: str = ""
    receipt: str = ""
    amount: Money | None = None
    code: str = ""
    message: str = ""
    can_retry: bool = True
    method: Method | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What one webhook says.

    `id` is the same whenever the same event is sent again. `reference` names the payment, refund or dispute at the
    gateway, `key` ours where the gateway sends it back: one of them is enough to find it. `at` is when it happened by
    the gateway's clock. Without `outcome` the gateway is asked. A dispute has `payment` (the gateway's own name of it),
    `amount`, and `outcome`: pending while it is argued and the money is withheld, succeeded when we keep the money,
    failed when it was taken back.
    """

    id: str
    kind: str  # the gateway's own word, such as payment_intent.succeeded
    about: About
    at: datetime | None  # None: the gateway does not say
    reference: str = ""
    key: str = ""
    outcome: Outcome | None = None
    payment: str = ""
    amount: Money | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


class Gateway(Protocol):
    """Raises GatewayError where the outcome is unknown; a refusal by the gateway is an Outcome `failed`.

    Nothing is kept between calls: one instance serves all threads. `is_enabled` reads the settings when it is asked.
    """

    slug: str
    label: str  # as customers read it
    currencies: frozenset[str] | None  # None: any
    can_charge_saved: bool  # a saved method can be charged without the customer
    can_save: bool  # `save_method` works
    can_refund: bool  # `refund` works; else staff return the money themselves
    wants_phone: bool  # `Payer.phone` is needed
    is_offered: bool  # customers may choose it themselves
    whole_units: bool  # it moves no cents: what is due is rounded up, and the rest becomes the company's balance

    @property
    def is_enabled(self) -> bool: ...

    def pay(self, request: Request) -> Outcome: ...

    def ask(self, *, reference: str, key: str) -> Outcome:
        """What became of a payment; a key that the gateway never saw is `failed` with the code "unknown_key"."""
        ...

    def cancel(self, *, reference: str, key: str) -> Outcome:
        """Stop an open payment; what cannot be stopped any more, or yet, answers with the state that it is in."""
        ...

    def refund(self, *, payment: str, amount: Money, key: str, reason: str) -> Outcome: ...

    def ask_refund(self, *, reference: str, key: str) -> Outcome: ...

    def save_method(self, *, payer: Payer, key: str, return_url: str) -> Outcome:
        """Begin to keep a method: succeeded with `method`, or needs_action with `url`, after which `ask_method`."""
        ...

    def ask_method(self, *, reference: str, key: str) -> Outcome: ...

    def forget_method(self, *, reference: str) -> None: ...

    def verify(self, *, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, at: datetime) -> None:
        """Check a webhook: header names are in lower case, `query` is that of its address. Raises BadSignature."""
        ...

    def read(self, *, body: bytes, query: Mapping[str, str]) -> Event:
        """Read a checked webhook; what is of no interest is an Event about `other`. Raises Unreadable."""
        ...


@runtime_checkable
class Releasing(Protocol):
    """What a gateway has besides, at which a payment is pending until staff let it go out."""

    label: str

    def release(self, *, reference: str, email: str) -> Outcome:
        """Let it go out, by mail where there is an address; again, it changes nothing.

        Raises GatewayError, also when the gateway refuses.
        """
        ...


UNKNOWN_KEY = "unknown_key"
gateways: Registry[Gateway] = Registry("payment gateways")
