"""Invoices at Wave, on one master account: a draft for each payment, approved by staff, paid on Wave's page.

Wave has no idempotency keys: ours is the invoice's `poNumber`, looked up before one is made. Public addresses of Wave's
API return no money and keep no methods.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _
from djmoney.money import Money

from billing.payments.gateways.base import UNKNOWN_KEY, Event, GatewayError, Item, Outcome, Payer, Request, State
from billing.payments.gateways.http import NotReached
from billing.payments.gateways.wave import queries, webhooks
from billing.payments.gateways.wave.calls import Refused, change, pages, read
from portal.core.money import round_half_up

NOT_FOUND = "NOT_FOUND"


class Wave:
    """A draft waits for staff, an approved invoice for the customer."""

    slug = "wave"
    label = "Wave invoice"
    currencies: frozenset[str] | None = None
    can_charge_saved = False
    can_save = False
    can_refund = False
    wants_phone = False
    is_offered = True
    whole_units = False

    @property
    def is_enabled(self) -> bool:
        """Whether there are a token and a business."""
        return bool(settings.WAVE_ACCESS_TOKEN and settings.WAVE_BUSINESS_ID)

    def pay(self, request: Request) -> Outcome:
        """Make a draft with the lines of our invoice; it is paid once staff have approved it."""
        try:
            invoice = _by_key(request.key) or _make(request)
        except NotReached:
            words = _("Wave cannot be reached just now. Nothing was asked for; try again in a minute.")
            return Outcome(State.FAILED, code="unreachable", message=words)
        except Refused as refusal:
            return _refused(refusal)
        if _money(invoice["total"]) != request.amount:
            return _withdrawn(invoice)
        return outcome_of(invoice)

    def ask(self, *, reference: str, key: str) -> Outcome:
        """What became of an invoice, by its id or by our key; one that was deleted at Wave is cancelled."""
        try:
            if reference:
                return outcome_of(_by_id(reference))
            invoice = _by_key(key)
        except Refused as refusal:
            if refusal.code != NOT_FOUND or not reference:
                raise GatewayError(f"Wave: {refusal}.") from None
            return Outcome(State.CANCELLED, reference=reference, code=NOT_FOUND)
        return outcome_of(invoice) if invoice else Outcome(State.FAILED, code=UNKNOWN_KEY)

    def release(self, *, reference: str, email: str) -> Outcome:
        """Approve a draft and send it to the customer, as staff decided; again, it changes nothing.

        Raises GatewayError, also when Wave refuses.
        """
        try:
            invoice = _by_id(reference)
            if invoice["status"] == "DRAFT":
                change(queries.INVOICE_APPROVE, "invoiceApprove", invoiceId=reference)
                if email:
                    change(queries.INVOICE_SEND, "invoiceSend", invoiceId=reference, to=[email], attachPDF=True)
                invoice = _by_id(reference)
        except Refused as refusal:
            raise GatewayError(f"Wave: {refusal}.") from None
        return outcome_of(invoice)

    def cancel(self, *, reference: str, key: str) -> Outcome:
        """Delete an invoice of which nothing is paid."""
        found = self.ask(reference=reference, key=key)
        if found.state not in (State.PENDING, State.NEEDS_ACTION) or found.amount:
            return found
        try:
            change(queries.INVOICE_DELETE, "invoiceDelete", invoiceId=found.reference)
        except Refused:
            # It moved on between question and order.
            return self.ask(reference=found.reference, key=key)
        return Outcome(State.CANCELLED, reference=found.reference)

    def refund(self, *, payment: str, amount: Money, key: str, reason: str) -> NoReturn:
        """Money goes back by hand."""
        raise GatewayError("Payments at Wave are returned by hand.")

    def ask_refund(self, *, reference: str, key: str) -> NoReturn:
        """Money goes back by hand."""
        raise GatewayError("Payments at Wave are returned by hand.")

    def save_method(self, *, payer: Payer, key: str, return_url: str) -> NoReturn:
        """Nothing can be kept."""
        raise GatewayError("Wave keeps no method.")

    def ask_method(self, *, reference: str, key: str) -> NoReturn:
        """Nothing can be kept."""
        raise GatewayError("Wave keeps no method.")

    def forget_method(self, *, reference: str) -> None:
        """Nothing is kept."""

    def verify(self, *, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, at: datetime) -> None:
        """Check the signature. Raises BadSignature."""
        webhooks.verify(headers=headers, body=body)

    def read(self, *, body: bytes, query: Mapping[str, str]) -> Event:
        """Read which invoice a webhook is about. Raises Unreadable."""
        return webhooks.read(body)


def outcome_of(invoice: Mapping[str, Any]) -> Outcome:
    """What an invoice's state means: a draft waits for staff, any other unpaid one for the customer.

    Of one that is paid in part `amount` is that part; it goes on waiting for the rest.
    """
    name, paid = invoice["id"], _money(invoice["amountPaid"])
    if invoice["status"] == "PAID":
        return Outcome(State.SUCCEEDED, reference=name, amount=paid)
    if invoice["status"] == "DRAFT":
        return Outcome(State.PENDING, reference=name)
    partly = paid if paid.amount else None
    return Outcome(State.NEEDS_ACTION, reference=name, url=str(invoice.get("viewUrl") or ""), amount=partly)


def _make(request: Request) -> dict[str, Any]:
    made = change(
        queries.INVOICE_CREATE,
        "invoiceCreate",
        businessId=settings.WAVE_BUSINESS_ID,
        customerId=request.payer.reference or _customer(request.payer),
        status="DRAFT",
        currency=str(request.amount.currency),
        title=request.description,
        poNumber=request.key,
        items=_lines(request, _product()),
    )
    return dict(made["invoice"])


def _lines(request: Request, product: str) -> list[dict[str, Any]]:
    """Our lines where they stay below the amount, with what they lack (tax) as one more; else one line for all of it.

    Wave's own taxes are left out, since ours are in the amount.
    """
    zero = Money(0, request.amount.currency)
    lacking = request.amount - sum((_total(item) for item in request.items), zero)
    items = list(request.items) if lacking >= zero else []
    if not items:
        items = [Item(request.description, "1", request.amount)]
    elif lacking > zero:
        items.append(Item(_("Tax"), "1", lacking))
    return [
        {
            "productId": product,
            "description": item.description,
            "quantity": item.quantity,
            "unitPrice": f"{item.unit_price.amount:f}",
            "taxes": [],
        }
        for item in items
    ]


def _total(item: Item) -> Money:
    return round_half_up(item.unit_price * Decimal(item.quantity))


def _customer(payer: Payer) -> str:
    """The company's id at Wave, found by our public id in `displayId`, or made."""
    for customer in pages(queries.CUSTOMERS, "customers"):
        if customer["displayId"] == payer.company:
            return str(customer["id"])
    facts = {"name": payer.name, "email": payer.email, "displayId": payer.company}
    address = {"address": {"countryCode": payer.country}} if payer.country else {}
    made = change(queries.CUSTOMER_CREATE, "customerCreate", businessId=settings.WAVE_BUSINESS_ID, **facts, **address)
    return str(made["customer"]["id"])


def _product() -> str:
    """What all lines are sold as: the setting, else the oldest product of the business that is sold."""
    if settings.WAVE_PRODUCT_ID:
        return str(settings.WAVE_PRODUCT_ID)
    for product in pages(queries.PRODUCTS, "products"):
        if product["isSold"] and not product["isArchived"]:
            return str(product["id"])
    raise Refused("no_product", "Wave has no product that is sold: make one, or name it in WAVE_PRODUCT_ID.")


def _by_id(name: str) -> dict[str, Any]:
    business = read(queries.INVOICE, business=settings.WAVE_BUSINESS_ID, invoice=name)["business"]
    if not business or not business["invoice"]:
        raise Refused(NOT_FOUND)
    return dict(business["invoice"])


def _by_key(key: str) -> dict[str, Any] | None:
    return next((one for one in pages(queries.NEWEST_INVOICES, "invoices") if one["poNumber"] == key), None)


def _withdrawn(invoice: Mapping[str, Any]) -> Outcome:
    """Delete a draft that asks for another amount, such as with a tax of Wave's own."""
    change(queries.INVOICE_DELETE, "invoiceDelete", invoiceId=invoice["id"])
    words = _("Wave reckoned another amount, so the invoice was not sent. Choose another way to pay.")
    return Outcome(State.FAILED, code="amount", message=words, can_retry=False)


def _refused(refusal: Refused) -> Outcome:
    words = _("Wave did not accept the invoice: %(code)s.") % {"code": refusal.code}
    return Outcome(State.FAILED, code=refusal.code, message=words, can_retry=False)


def _money(found: Mapping[str, Any]) -> Money:
    """An amount as Wave writes it: a value in words, with commas between thousands or without."""
    return round_half_up(Money(Decimal(str(found["value"]).replace(",", "")), found["currency"]["code"]))
