"""What a contract has charged and will charge, as its page at the company's desk lists it."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format

from portal.accounts import roles
from portal.accounts.models import Membership
from portal.contracts.models import BillingPeriod, BillingPeriodLine, Contract
from portal.core.money import figures

COLUMNS: list[dict[str, Any]] = [
    {"label": "Invoiced on"},
    {"label": "For"},
    {"label": "State"},
    {"label": "Invoice"},
    {"label": "Amount", "number": True},
]


def table(contract: Contract, membership: Membership) -> dict[str, Any] | None:
    """Columns and rows of components/table.html; None while the contract is not billed. Two queries.

    Those who may not see invoices get neither their numbers nor what became of them.
    """
    periods = list(contract.billing_periods.shown())
    if not periods:
        return None
    sees = roles.allows(membership, roles.Permission.VIEW_BILLING)
    lines = BillingPeriodLine.objects.standing().filter(period__in=periods).in_order()
    words: dict[int, list[str]] = {}
    for line in lines:
        words.setdefault(line.period_id, []).append(line.description)
    columns = [column for column in COLUMNS if sees or column["label"] not in ("State", "Invoice")]
    rows = [_row(contract, period, words.get(period.pk, []), sees=sees) for period in periods]
    return {"columns": [*columns[:-1], {**columns[-1], "label": f"Amount in {contract.currency}"}], "rows": rows}


def _row(contract: Contract, period: BillingPeriod, words: list[str], *, sees: bool) -> dict[str, Any]:
    period.contract = contract
    days = f"{date_format(period.starts_on, 'j M Y')} – {date_format(period.last_day, 'j M Y')}"
    number = period.invoice_number
    link = {"value": number, "url": reverse("invoice", args=[number])} if number else {"value": "–"}
    told = [{"value": period.get_status_display(), "badge": str(period.status)}, link] if sees else []
    return {
        "cells": [
            {"value": date_format(period.due_on, "j M Y"), "sub": days},
            {"value": "; ".join(words)},
            *told,
            {"value": figures(period.total)},
        ]
    }
