"""Matches what arrived with what is due, by the invoice's number; whatever is not plain waits for staff."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice
from billing.payments.models import BankStatement, StatementLine
from billing.payments.services import manual
from billing.payments.services.statements import reading
from billing.payments.services.statements.reading import Line
from portal.activity import services as activity
from portal.core.errors import Conflict, DomainError
from portal.core.locks import try_lock

if TYPE_CHECKING:
    from portal.accounts.models import Company, User

State = StatementLine.State
MOST_BYTES = 5 * 1024 * 1024
WORD = re.compile(r"[A-Z0-9][A-Z0-9/._-]{2,}")


class BeingImported(Conflict):
    """Somebody imports the same statement at this moment."""

    code = "being_imported"


class NotWaiting(Conflict):
    """The transfer was matched, or ignored."""

    code = "not_waiting"


@dataclass(frozen=True, slots=True)
class Result:
    """How many lines were new, and how many of them became payments."""

    statement: BankStatement
    new: int
    matched: int


@transaction.atomic
def load(*, content: bytes, name: str, currency: str, at: datetime, by: "User") -> Result:
    """Import a statement; the same one again, or its lines in another one, change nothing. Raises NotAStatement."""
    digest = hashlib.sha256(content).hexdigest()
    if not try_lock(f"statement {digest}"):
        raise BeingImported(_("This statement is being imported at this moment."))
    if earlier := BankStatement.objects.filter(sha256=digest).first():
        return Result(earlier, 0, 0)
    form, lines = reading.read(content, currency=currency)
    statement = BankStatement.objects.create(
        name=name[:120], sha256=digest, format=form, imported_by=by, imported_at=at
    )
    rows = [_row(statement, key, line) for key, line in _keyed(lines)]
    known = set(StatementLine.objects.filter(key__in=[row.key for row in rows]).values_list("key", flat=True))
    fresh = [row for row in rows if row.key not in known]
    StatementLine.objects.bulk_create(fresh)
    matched = sum(_match(row, at, by) for row in fresh)
    activity.record(verb="statement.imported", actor=by, subject=statement, at=at)
    return Result(statement, len(fresh), matched)


@transaction.atomic
def assign(*, line: StatementLine, company: "Company", invoice: Invoice | None, at: datetime, by: "User") -> None:
    """Say whose money it is; it pays this invoice first. Raises NotWaiting, AlreadyRecorded."""
    _pay(_waiting(line), company, [invoice] if invoice else [], at, by)


@transaction.atomic
def ignore(*, line: StatementLine, reason: str) -> None:
    """It is no payment of a customer. Raises NotWaiting."""
    locked = _waiting(line)
    locked.state, locked.note = State.IGNORED, reason.strip()[:300]
    locked.save(update_fields=["state", "note"])


def named_in(text: str) -> list[Invoice]:
    """The invoices whose numbers stand in a text, by key."""
    words = {word.strip("._-/") for word in WORD.findall(text.upper())}
    numbers = Invoice.objects.exclude(status=Invoice.Status.DRAFT).filter(number__in=words)
    return list(numbers.select_related("company").with_due().order_by("pk"))


def _keyed(lines: Iterable[Line]) -> Iterator[tuple[str, Line]]:
    """Each line with its name; of equal ones on one day the first, the second … are different."""
    seen: Counter[str] = Counter()
    for line in lines:
        said = f"{line.booked_on}|{line.amount}|{line.reference}|{line.payer}|{line.text}"
        seen[said] += 1
        yield hashlib.sha256(f"{said}|{seen[said]}".encode()).hexdigest(), line


def _row(statement: BankStatement, key: str, line: Line) -> StatementLine:
    return StatementLine(
        statement=statement,
        key=key,
        booked_on=line.booked_on,
        currency=str(line.amount.currency),
        amount=line.amount.amount,
        reference=line.reference,
        payer=line.payer,
        text=line.text,
    )


def _match(line: StatementLine, at: datetime, by: "User") -> bool:
    """Record the payment where the text names invoices of one company, and the sum is theirs."""
    found = named_in(f"{line.reference} {line.text}")
    open_ones = [invoice for invoice in found if invoice.status == Invoice.Status.OPEN]
    due = sum((invoice.due.amount for invoice in open_ones if invoice.currency == line.currency), start=0)
    if not found:
        line.note = _("It names no invoice.")
    elif len({invoice.company_id for invoice in found}) > 1:
        line.note = _("It names invoices of several companies.")
    elif not open_ones:
        line.note = _("The invoice that it names is not open.")
    elif due != line.amount:
        line.note = _("It is not what is due of the invoice that it names.")
    else:
        try:
            with transaction.atomic():
                _pay(line, open_ones[0].company, open_ones, at, by)
        except DomainError as refusal:
            line.note = refusal.message[:300]
        else:
            return True
    line.save(update_fields=["note"])
    return False


def _pay(line: StatementLine, company: "Company", first: list[Invoice], at: datetime, by: "User") -> None:
    line.payment = manual.record(
        company=company, amount=line.money, reference=line.reference or line.key[:16], at=at, by=by, first=first
    )
    line.state, line.note = State.MATCHED, ""
    line.save(update_fields=["payment", "state", "note"])


def _waiting(line: StatementLine) -> StatementLine:
    locked = StatementLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if locked.state != State.WAITING:
        raise NotWaiting(_("This transfer does not wait any more."))
    return locked
