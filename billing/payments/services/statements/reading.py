"""Reads what arrived by statements of banks: CSV, MT940 and CAMT.053. What left the account is nobody's payment."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import mt940
from django.utils.translation import gettext as _
from djmoney.money import Money
from lxml import etree
from pycamt.parser import Camt053ParseError

from billing.payments.models import BankStatement
from billing.payments.services.statements import camt
from portal.core import money
from portal.core.errors import DomainError

Format = BankStatement.Format
# Names of columns, as banks and spreadsheets call them.
COLUMNS = {
    "date": ("date", "booking date", "booked on", "value date", "transaction date"),
    "amount": ("amount", "credit", "paid in", "money in"),
    "currency": ("currency", "ccy"),
    "reference": ("reference", "transaction id", "bank reference", "receipt", "receipt no."),
    "payer": ("payer", "name", "from", "counterparty"),
    "text": ("text", "description", "details", "narrative", "remittance information"),
}
# So long is a line of MT940 at most.
FULL_LINE = 65
DATES = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %b %Y")


class NotAStatement(DomainError):
    """The file is no statement that can be read; the message says where."""

    code = "not_a_statement"


@dataclass(frozen=True, slots=True)
class Line:
    """Money that arrived."""

    booked_on: date
    amount: Money
    reference: str
    payer: str
    text: str


def read(content: bytes, *, currency: str) -> tuple[str, list[Line]]:
    """The format of a statement and what arrived by it; `currency` is that of lines that name none.

    Raises NotAStatement.
    """
    head = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:2000]
    if head.startswith(b"<"):
        return Format.CAMT053, list(_camt(content))
    if head.startswith((b":20:", b"{1:")) or b"\n:61:" in content:
        return Format.MT940, list(_mt940(content))
    return Format.CSV, list(_csv(content, currency))


def _camt(content: bytes) -> Iterator[Line]:
    try:
        rows = list(camt.transfers(content))
    except (etree.XMLSyntaxError, Camt053ParseError, AttributeError, ValueError) as error:
        raise NotAStatement(_("This XML is no CAMT.053 statement."), field="file") from error
    for row in rows:
        yield _line(
            row.get("BookingDate") or row.get("ValueDate"),
            row.get("Amount"),
            str(row.get("Currency") or ""),
            {"reference": row["TransactionID"], "payer": row.get("DebtorName"), "text": row["Text"]},
        )


def _mt940(content: bytes) -> Iterator[Line]:
    try:
        rows: Iterable[Any] = mt940.parse(_decoded(content))
        found = [dict(row.data) for row in rows]
    except (ValueError, RuntimeError, AttributeError, KeyError, TypeError) as error:
        raise NotAStatement(_("This is no MT940 statement."), field="file") from error
    for data in found:
        if data.get("status") != "C" or data.get("amount") is None:
            continue
        names = [str(data.get(name) or "") for name in ("bank_reference", "customer_reference")]
        bank, customer = ("" if name in camt.NONE_GIVEN else name for name in names)
        said = [customer, _unwrapped(str(data.get("transaction_details") or data.get("purpose") or ""))]
        amount = data["amount"]
        yield _line(
            data.get("date"),
            str(amount.amount),
            str(amount.currency),
            {"reference": bank or customer, "text": " ".join(said), "payer": data.get("applicant_name")},
        )


def _unwrapped(details: str) -> str:
    """Lines of a text, and at its end the words that were cut as their line was full."""
    lines = details.splitlines()
    cut = [(one, two) for one, two in pairwise(lines) if len(one) == FULL_LINE and one.strip() and two.strip()]
    return " ".join([*lines, *(f"{one.split()[-1]}{two.split()[0]}" for one, two in cut)])


def _csv(content: bytes, currency: str) -> Iterator[Line]:
    text = _decoded(content)
    try:
        dialect: Any = csv.Sniffer().sniff(text[:4000], delimiters=",;\t")
    except csv.Error:
        dialect = csv.excel
    rows = csv.DictReader(io.StringIO(text), dialect=dialect)
    named = {str(name).strip().lower(): name for name in rows.fieldnames or ()}
    columns = {key: named[word] for key, words in COLUMNS.items() for word in words[::-1] if word in named}
    if not {"date", "amount"} <= columns.keys():
        raise NotAStatement(_("The first line has to name a column “date” and a column “amount”."), field="file")
    for row in rows:
        values = {key: str(row.get(name) or "").strip() for key, name in columns.items()}
        amount = values["amount"].replace(",", "").replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
        if amount and not amount.startswith("-"):
            yield _line(values["date"], amount.lstrip("+"), values.get("currency") or currency, values)


def _line(day: Any, amount: Any, currency: str, said: Mapping[str, Any]) -> Line:
    texts = {name: " ".join(str(said.get(name) or "").split()) for name in ("reference", "payer", "text")}
    return Line(
        booked_on=_day(day),
        amount=_amount(amount, currency),
        reference=texts["reference"][:200],
        payer=texts["payer"][:200],
        text=texts["text"][:500],
    )


def _amount(value: Any, currency: str) -> Money:
    try:
        found = money.parse(f"{Decimal(str(value)).normalize():f}", currency=currency)
    except (ArithmeticError, money.InvalidAmount) as error:
        words = {"value": str(value)[:40], "currency": currency[:10]}
        raise NotAStatement(_("“%(value)s %(currency)s” is no amount.") % words, field="file") from error
    if found.amount <= 0:
        raise NotAStatement(_("A transfer is more than nothing."), field="file")
    return found


def _day(value: Any) -> date:
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    with suppress(ValueError):
        # With or without the time.
        return date.fromisoformat(str(value).strip()[:10])
    for form in DATES:
        with suppress(ValueError):
            return datetime.strptime(f"{str(value).strip()[:11].strip()} +0000", f"{form} %z").date()
    raise NotAStatement(_("“%(value)s” is no day such as 2026-11-21.") % {"value": str(value)[:40]}, field="file")


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
