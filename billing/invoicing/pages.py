"""What the pages of invoices show."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from billing.invoicing import filters
from billing.invoicing.filters import Choice
from billing.invoicing.models import Invoice
from billing.invoicing.registry import Action, Settlement, actions_of, breakdowns_of, settlements_of
from billing.invoicing.services import ledger
from portal.accounts.models import Membership
from portal.core.money import words

COLUMNS = [
    {"label": "Invoice", "tight": True},
    {"label": "State", "tight": True},
    {"label": "Issued", "tight": True},
    {"label": "Total", "number": True},
    {"label": "To pay", "number": True},
]
SETTLEMENT_COLUMNS = [
    {"label": "What"},
    {"label": "When", "tight": True},
    {"label": "State", "tight": True},
    {"label": "Amount", "number": True},
    {"label": "Document", "tight": True},
]
ACTIONS = {"label": "Action", "tight": True}
CSV_HEAD = ["number", "status", "issued_on", "due_on", "currency", "net", "tax", "total", "to_pay"]
NONE_YET = {
    "icon": "receipt",
    "title": "No invoices yet",
    "text": "Each invoice shows here as soon as it is issued, and we tell you.",
}
NOTHING_FOUND = {
    "icon": "search",
    "title": "No invoice fits",
    "text": "Search for the whole number or its last digits, or look at all of them.",
    "action_label": "Show all invoices",
    "action_url": "?",
}


def invoice_list(member: Membership, choice: Choice, page: "Page[Invoice]", *, today: date) -> dict[str, Any]:
    """One page of the invoices of a member's company, and what the member can do about each."""
    company = member.company
    actions = [actions_of(member, invoice)[:1] for invoice in page]
    balance = ledger.balance_of(company, company.currency)
    return {
        "bar": filters.bar(choice) if page or choice.is_narrow else None,
        "columns": [*COLUMNS, ACTIONS] if any(actions) else COLUMNS,
        "rows": [row(invoice, found, today=today) for invoice, found in zip(page, actions, strict=True)],
        "empty": NOTHING_FOUND if choice.is_narrow else NONE_YET,
        "page": page,
        "pages_url": f"?{choice.query()}&" if choice.is_narrow else "?",
        "csv_url": f"?{choice.query(format='csv')}" if page else "",
        "balance": balance if balance.amount else None,
    }


def row(invoice: Invoice, actions: Sequence[Action], *, today: date) -> dict[str, Any]:
    """An invoice as components/table.html takes it, with at most one action."""
    state = filters.state_of(invoice, today=today)
    due = invoice.due
    return {
        "url": address(invoice),
        "cells": [
            {"value": invoice.number},
            {"badge": state, "value": filters.STATES[state]},
            {"value": short(invoice.issued_on), "sub": f"Due {short(invoice.due_on)}"},
            {"value": words(invoice.total)},
            {"value": words(due) if due.amount else "–"},
            *({"value": action.label, "url": action.url, "about": invoice.number} for action in actions),
        ],
    }


def short(day: date | None) -> str:
    """A day as lists show it; an issued invoice has its days."""
    return date_format(day, "j M Y") if day else ""


def address(invoice: Invoice) -> str:
    """The page of an issued invoice."""
    return reverse("invoice", args=[invoice.number])


def invoice_page(member: Membership, invoice: Invoice, *, today: date) -> dict[str, Any]:
    """One invoice with its lines, what was paid and what was credited, and what the member can do about it."""
    state, lines = filters.state_of(invoice, today=today), list(invoice.lines.all())
    return {
        "invoice": invoice,
        "actions": actions_of(member, invoice),
        "lines": lines,
        "breakdowns": list(breakdowns_of(lines).values()),
        "tax_lines": invoice.tax_lines,
        "state": state,
        "state_label": filters.STATES[state],
        "due": invoice.due,
        "settled": invoice.total - invoice.due,
        "columns": SETTLEMENT_COLUMNS,
        "settlements": [settlement_row(row) for row in settlements_of(invoice) if not row.is_internal],
        "pdf_url": reverse("invoice-pdf", args=[invoice.number]),
        "crumbs": [{"label": "Invoices", "url": reverse("invoices")}, {"label": invoice.number}],
    }


def settlement_row(settlement: Settlement) -> dict[str, Any]:
    """What was paid or credited as components/table.html takes it."""
    document = {"value": settlement.document, "url": settlement.document_url} if settlement.document_url else {}
    return {
        "url": settlement.url,
        "cells": [
            {"value": settlement.what, "sub": settlement.note},
            {"value": short(timezone.localdate(settlement.at))},
            {"badge": settlement.status, "value": settlement.state},
            {"value": words(settlement.amount)},
            {"value": "–", **document},
        ],
    }


class Echo:
    """A file that gives back what is written: the way Django streams CSV."""

    def write(self, text: str) -> str:
        """Give the line back."""
        return text


def csv_lines(invoices: Iterable[Invoice], *, today: date) -> Iterator[str]:
    """The list as CSV, line by line; amounts are plain numbers in the currency beside them."""
    writer = csv.writer(Echo())
    yield writer.writerow(CSV_HEAD)
    for invoice in invoices:
        amounts = [invoice.net, invoice.tax, invoice.total, invoice.due]
        yield writer.writerow(
            [
                invoice.number,
                filters.state_of(invoice, today=today),
                invoice.issued_on,
                invoice.due_on,
                invoice.currency,
                *(f"{amount.amount:f}" for amount in amounts),
            ]
        )
