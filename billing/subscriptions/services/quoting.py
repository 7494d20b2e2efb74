"""Quotes: what a change costs is worked out and kept, then charged exactly so or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.utils import timezone
from django.utils.translation import gettext as _
from djmoney.money import Money

from billing.catalog.models import PlanPrice
from billing.invoicing.models import Invoice
from billing.invoicing.services import drafts, invoices, ledger
from billing.invoicing.services.drafts import Item
from billing.subscriptions.models import Quote, QuoteLine, Subscription
from billing.subscriptions.models.quotes import GOOD_FOR
from portal.accounts import roles
from portal.accounts.models import Company, User
from portal.accounts.services import members
from portal.core.errors import Conflict

COPIED = ["description", "quantity", "unit_price", "starts_on", "ends_on", "net_amount", "tax_amount"]
COPIED += ["tax_name", "tax_percent", "tax_code", "tax_reason", "position"]


class QuoteExpired(Conflict):
    """Its fifteen minutes are over."""

    code = "quote_expired"
    status = HTTPStatus.GONE


class QuoteUsed(Conflict):
    """It was confirmed already."""

    code = "quote_used"


class QuoteOutdated(Conflict):
    """What it rests on has changed: the subscription, the tax, or the company's balance."""

    code = "quote_outdated"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a quote says but for its sums; see Quote."""

    action: str
    price: PlanPrice
    seats: int
    effective_at: datetime
    period_ends_at: datetime
    is_at_once: bool = True
    trial_ends_at: datetime | None = None
    items: Sequence[Item] = ()
    # Whether the last of the items pays the period that begins.
    pays_period: bool = False
    cancel_reason: str = ""
    cancel_comment: str = ""


def authorise(company: Company, by: User, override: str | None) -> Company:
    """Lock the company, and demand of a member, or of staff with a reason, that they may manage its billing.

    Raises NotAllowed, ReasonMissing.
    """
    locked = invoices.lock_company(company.pk)
    if override is None:
        roles.demand(members.membership_of(locked, by), roles.Permission.MANAGE_BILLING)
    else:
        members.in_place_of_owner(locked, by, override)
    return locked


def make(
    *, company: Company, subscription: Subscription | None, terms: Terms, by: User, at: datetime, override: str | None
) -> Quote:
    """Work out tax, total and what the company's balance pays, and keep it for fifteen minutes."""
    currency = str(terms.price.amount.currency)
    draft, lines = drafts.preview(company=company, items=terms.items, at=at, currency=currency)
    balance = ledger.balance_of(company, currency)
    total = draft.total
    quote = Quote.objects.create(
        company=company,
        subscription=subscription,
        version=subscription.version if subscription else 0,
        action=terms.action,
        price=terms.price,
        seats=terms.seats,
        is_at_once=terms.is_at_once,
        effective_at=terms.effective_at,
        trial_ends_at=terms.trial_ends_at,
        period_ends_at=terms.period_ends_at,
        cancel_reason=terms.cancel_reason,
        cancel_comment=terms.cancel_comment,
        currency=currency,
        net_amount=draft.net_amount,
        tax_amount=draft.tax_amount,
        total_amount=draft.total_amount,
        balance_amount=max(min(balance, total), total * 0).amount,
        made_by=by,
        override=override,
        created_at=at,
        expires_at=at + GOOD_FOR,
    )
    QuoteLine.objects.bulk_create(
        QuoteLine(
            quote=quote,
            is_period=terms.pays_period and line is lines[-1],
            **{name: getattr(line, name) for name in COPIED},
        )
        for line in lines
    )
    return quote


def take(quote: Quote, *, at: datetime) -> Quote:
    """Lock a quote and mark it as used. Raises QuoteUsed, QuoteExpired."""
    locked = Quote.objects.select_for_update(of=("self",)).select_related("price__plan__family").get(pk=quote.pk)
    if locked.used_at is not None:
        raise QuoteUsed(_("This was confirmed already. Nothing was charged a second time."))
    if locked.has_expired(at):
        raise QuoteExpired(_("The 15 minutes for which this price held are over. Look at the charge once more."))
    locked.used_at = at
    locked.save(update_fields=["used_at"])
    return locked


def check_version(quote: Quote, subscription: Subscription) -> None:
    """Raise QuoteOutdated when the subscription has changed since the quote was made."""
    if subscription.version != quote.version:
        raise QuoteOutdated(_("The subscription has changed in the meantime. Look at the charge once more."))


def charge(quote: Quote, subscription: Subscription, *, by: User | None, at: datetime) -> Invoice | None:
    """Invoice exactly what was quoted; nothing where nothing was. Raises QuoteOutdated, so that nothing is done."""
    lines = list(quote.lines.all())
    if not any(line.net_amount for line in lines):
        return None
    draft = drafts.create(
        company=quote.company,
        items=[_item(quote, line, subscription) for line in lines],
        at=at,
        currency=quote.currency,
    )
    invoice = invoices.issue(invoice=draft, today=timezone.localdate(at), at=at, by=by)
    charged = (invoice.net, invoice.tax, invoice.total)
    if charged != (quote.net, quote.tax, quote.total) or max(invoice.due, invoice.total * 0) != quote.to_pay:
        raise QuoteOutdated(_("Tax or your balance has changed in the meantime. Look at the charge once more."))
    quote.invoice = invoice
    quote.save(update_fields=["invoice"])
    return invoice


def _item(quote: Quote, line: QuoteLine, subscription: Subscription) -> Item:
    source = f"subscription {subscription.public_id} quote {quote.public_id} {line.position}"
    return Item(
        line.description,
        Money(line.unit_price, quote.currency),
        line.quantity,
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        source=subscription.source if line.is_period else source,
    )
