"""Drafts: what is to be invoiced, drawn up by whoever knows what is owed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from djmoney.money import Money

from billing.invoicing.models import Charge, Invoice, InvoiceLine, TaxRate
from billing.invoicing.services.taxes import Tax, tax_on, taxes_of
from portal.approvals.models import Approval
from portal.core import money
from portal.core.errors import Conflict, DomainError

if TYPE_CHECKING:
    from portal.accounts.models import Company

NOTHING = Decimal(0)
MOST_LINES = 1000
SOURCE_ONCE = "invoicing_invoiceline_source"


class NothingToInvoice(DomainError):
    """An invoice has at least one line."""

    code = "nothing_to_invoice"


class AlreadyInvoiced(Conflict):
    """What one of the lines is for stands on another invoice."""

    code = "already_invoiced"


class NotADraft(Conflict):
    """An issued invoice is never changed: a credit note corrects it."""

    code = "not_a_draft"


class WaitsForDecision(Conflict):
    """Who decides about a draft sends what they have read."""

    code = "waits_for_decision"


@dataclass(frozen=True, slots=True)
class Item:
    """What a caller wants invoiced: `quantity` × `unit_price`, rounded to the minor unit, plus tax.

    A discount is an item with a negative price. `source` names what it is for ("subscription 12, 2026-01-31"), so
    that it is invoiced once. The period is half-open: `starts_on` <= day < `ends_on`.
    """

    description: str
    unit_price: Money
    quantity: Decimal = Decimal(1)
    starts_on: date | None = None
    ends_on: date | None = None
    source: str | None = None
    tax_category: str = TaxRate.Category.STANDARD


@dataclass(slots=True)
class NewLine:
    """A line that is worked out and not saved yet: what `InvoiceLine` has, in a fraction of the time of a record."""

    invoice_id: int
    position: int
    description: str
    quantity: Decimal
    unit_price: Decimal
    tax_category: str
    starts_on: date | None
    ends_on: date | None
    source: str | None
    net_amount: Decimal = NOTHING
    tax_name: str = ""
    tax_percent: Decimal = NOTHING
    tax_code: str = ""
    tax_reason: str = ""
    tax_amount: Decimal = NOTHING


@transaction.atomic
def create(*, company: "Company", items: Iterable[Item], at: datetime, currency: str = "", note: str = "") -> Invoice:
    """Draw up an invoice, in the company's currency if none is named.

    Raises NothingToInvoice, AlreadyInvoiced, CurrencyMismatch, UnknownRate; nothing is written then.
    """
    invoice = Invoice.objects.create(company=company, currency=currency or company.currency, created_at=at, note=note)
    add(invoice=invoice, items=items, at=at)
    return invoice


def preview(
    *, company: "Company", items: Iterable[Item], at: datetime, currency: str = ""
) -> tuple[Invoice, list[InvoiceLine]]:
    """Work out what `create` would draw up and `issue` would charge at this instant; nothing is saved.

    Raises CurrencyMismatch, UnknownRate.
    """
    invoice = Invoice(company=company, currency=currency or company.currency, created_at=at)
    lines = [_line(invoice, item, position) for position, item in enumerate(items, start=1)]
    reckon(invoice, lines, taxes_of(company, day=timezone.localdate(at)))
    return invoice, lines


@transaction.atomic
def add(*, invoice: Invoice, items: Iterable[Item], at: datetime) -> list[InvoiceLine]:
    """Add lines to a draft. Raises NotADraft, WaitsForDecision, and as `create`."""
    locked = lock_draft(invoice)
    earlier = list(locked.lines.all())
    lines = [_line(locked, item, position) for position, item in enumerate(items, start=len(earlier) + 1)]
    if not lines or len(earlier) + len(lines) > MOST_LINES:
        raise NothingToInvoice(_("An invoice has between one line and a thousand."))
    reckon(locked, [*earlier, *lines], taxes_of(locked.company, day=timezone.localdate(at)))
    try:
        with transaction.atomic():
            InvoiceLine.objects.bulk_create(lines)
    except IntegrityError as error:
        if SOURCE_ONCE not in str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")):
            raise
        raise AlreadyInvoiced(_("What one of these lines is for has been invoiced already.")) from None
    save_amounts(locked)
    invoice.refresh_from_db()
    return lines


@transaction.atomic
def discard(*, invoice: Invoice) -> None:
    """Forget a draft; what it was for may be invoiced anew. Raises NotADraft, WaitsForDecision."""
    lock_draft(invoice).delete()


@transaction.atomic
def remove(*, line: InvoiceLine, at: datetime) -> None:
    """Take a line out of a draft; the charge that it stands for waits for the next run.

    Raises NotADraft, WaitsForDecision, NothingToInvoice for the last line.
    """
    locked = lock_draft(line.invoice)
    rest = list(locked.lines.exclude(pk=line.pk))
    if not rest:
        raise NothingToInvoice(_("An invoice has at least one line. Discard the draft instead."))
    Charge.objects.filter(invoice=locked, source=line.source).update(invoice=None)
    line.delete()
    for position, row in enumerate(rest, start=1):
        row.position = position
        row.save(update_fields=["position"])
    reckon(locked, rest, taxes_of(locked.company, day=timezone.localdate(at)))
    save_amounts(locked)


def lock_draft(invoice: Invoice) -> Invoice:
    """Lock a draft that may be changed. Raises NotADraft, WaitsForDecision."""
    locked = lock(invoice)
    if locked.status != Invoice.Status.DRAFT:
        raise NotADraft(_("An issued invoice is never changed. A credit note corrects it."))
    if Approval.objects.about(locked).pending().exists():
        raise WaitsForDecision(_("Somebody decides whether this invoice is sent. Until then it stays as it is."))
    return locked


def lock(invoice: Invoice) -> Invoice:
    """Lock an invoice until the transaction ends, and read it anew."""
    return Invoice.objects.select_for_update(of=("self",)).select_related("company").get(pk=invoice.pk)


def reckon(invoice: Invoice, lines: "Sequence[InvoiceLine] | Sequence[NewLine]", taxes: dict[str, Tax]) -> None:
    """Work out tax and amounts of the lines, and the invoice's own; nothing is saved."""
    for line in lines:
        tax = tax_on(taxes, line.tax_category)
        line.net_amount = money.rounded(line.quantity * line.unit_price, invoice.currency)
        line.tax_amount = tax.on(line.net_amount, invoice.currency)
        line.tax_name, line.tax_percent, line.tax_code, line.tax_reason = tax.name, tax.percent, tax.code, tax.reason
    invoice.net_amount = sum((line.net_amount for line in lines), Decimal(0))
    invoice.tax_amount = sum((line.tax_amount for line in lines), Decimal(0))
    invoice.total_amount = invoice.net_amount + invoice.tax_amount


def save_amounts(invoice: Invoice) -> None:
    """Save what `reckon` has worked out of the invoice itself."""
    invoice.save(update_fields=["net_amount", "tax_amount", "total_amount"])


def _line(invoice: Invoice, item: Item, position: int) -> InvoiceLine:
    if str(item.unit_price.currency) != invoice.currency:
        raise money.CurrencyMismatch(
            _("This invoice is in %(one)s, the line in %(other)s.")
            % {"one": invoice.currency, "other": item.unit_price.currency}
        )
    return InvoiceLine(
        invoice=invoice,
        position=position,
        description=item.description,
        quantity=item.quantity,
        unit_price=item.unit_price.amount,
        starts_on=item.starts_on,
        ends_on=item.ends_on,
        source=item.source,
        tax_category=item.tax_category,
    )
