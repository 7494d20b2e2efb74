"""What the page of a statement shows, and its CSV."""

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from billing.invoicing.pages import Echo
from billing.invoicing.services.statements import Row, Statement, currencies_of
from portal.accounts.models import Company
from portal.core import periods
from portal.core.money import words

MOST_ROWS = 500
COLUMNS = [
    {"label": "Day", "tight": True},
    {"label": "What"},
    {"label": "Charged", "number": True},
    {"label": "Paid or credited", "number": True},
    {"label": "Owed", "number": True},
]
CSV_HEAD = ["day", "what", "subject", "currency", "charged", "paid_or_credited", "owed"]
NOTHING = {
    "icon": "receipt",
    "title": "Nothing moved in these days",
    "text": "Choose a longer period, or look at your invoices.",
}


def chosen(company: Company, query: QueryDict, *, today: date) -> tuple[Statement, dict[str, Any]]:
    """The statement that a query string asks for, and what components/date_range.html takes."""
    key, period = periods.chosen(query, today=today)
    known = currencies_of(company)
    currency = query.get("currency", "")
    starts_at, ends_at = periods.start_of(period.starts_on), periods.start_of(period.ends_on)
    statement = Statement(company, currency if currency in known else known[0], starts_at, ends_at)
    days = periods.shown_as(key, period)
    return statement, {**days, "currencies": known, "first": period.starts_on, "last": period.last_day}


def page(statement: Statement, days: dict[str, Any]) -> dict[str, Any]:
    """The statement as a page: at most 500 movements, the sheet has them all."""
    found = list(statement.rows(most=MOST_ROWS + 1))
    asked = f"from={days['start']}&to={days['end']}&currency={statement.currency}"
    return {
        **days,
        "statement": statement,
        "columns": COLUMNS,
        "rows": [cells(row, statement.company) for row in found[:MOST_ROWS]],
        "is_cut": len(found) > MOST_ROWS,
        "most_rows": MOST_ROWS,
        "empty": NOTHING,
        "kept": [("currency", statement.currency)],
        "csv_url": f"?{asked}&format=csv",
        "crumbs": [{"label": "Invoices", "url": reverse("invoices")}, {"label": "Statement"}],
    }


def cells(row: Row, company: Company) -> dict[str, Any]:
    """A movement as components/table.html takes it; that it is about the company itself goes without saying."""
    label = row.movement.subject_label or row.movement.reference
    charged, paid = _sides(row)
    return {
        "cells": [
            {"value": date_format(timezone.localtime(row.movement.at), "j M Y")},
            {"value": row.movement.get_kind_display(), "sub": "" if label == str(company) else label},
            {"value": words(charged) if charged else ""},
            {"value": words(paid) if paid else ""},
            {"value": words(row.balance)},
        ]
    }


def csv_lines(statement: Statement) -> Iterator[str]:
    """All movements, line by line; amounts are plain numbers in the currency beside them."""
    writer = csv.writer(Echo())
    yield writer.writerow(CSV_HEAD)
    first = timezone.localdate(statement.starts_at)
    yield writer.writerow([first, "Owed before", "", statement.currency, "", "", f"{statement.opening.amount:f}"])
    for row in statement.rows():
        charged, paid = (f"{side.amount:f}" if side else "" for side in _sides(row))
        day = timezone.localdate(row.movement.at)
        kind, subject = row.movement.get_kind_display(), row.movement.subject_label
        yield writer.writerow([day, kind, subject, statement.currency, charged, paid, f"{row.balance.amount:f}"])


def _sides(row: Row) -> tuple[Any, Any]:
    return (row.amount, None) if row.amount.amount > 0 else (None, -row.amount)
