"""A company with ten thousand invoices reads its billing as one with a few: in as many queries, as light a page."""

from copy import copy
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.invoicing.models import Invoice, LedgerEntry, LedgerTransaction
from billing.payments.models import Payment
from home.models import DashboardPage
from portal.accounts.models import Company, User
from portal.core import bulk
from tests.billing.invoicing.conftest import issued, kenyan_vat, vendor
from tests.billing.payments.conftest import card, paid
from tests.cast import client_of
from tests.factories import PlanFactory

__all__ = ["kenyan_vat", "vendor"]
pytestmark = pytest.mark.django_db
CENTER = "/customer/billing/"
MOST_QUERIES = 15
FEW, MANY = 300, 5000
DASHBOARD = "/customer/dashboard/"
WIDGETS = frozenset({"billing_summary", "next_bill", "plans_and_limits"})
PAGES = (
    CENTER,
    f"{CENTER}invoices/",
    f"{CENTER}invoices/?status=open",
    f"{CENTER}statement/?from=2026-11-01&to=2026-12-31",
    f"{CENTER}payment-methods/",
    f"{CENTER}payments/",
    f"{CENTER}settings/",
    "/customer/subscriptions/",
    "/customer/plans/",
    "/api/customer/billing/",
    "/api/business/v1/invoices/",
    "/api/business/v1/payments/",
)


def parts(client: Client) -> list[str]:
    """Addresses of the dashboard's widgets that tell of money, each asked for alone."""
    live = client.get(DASHBOARD).context["live_url"]
    body = DashboardPage.objects.get(desk_kind="company").body
    return [f"{live}&only={child.id}" for child in body if child.block_type in WIDGETS]


def again(row: Any, pk: int, **other: Any) -> Any:
    """The same record under another key, with these values instead of its own."""
    made = copy(row)
    made.pk = pk
    for name, value in {"public_id": uuid4(), **other}.items():
        setattr(made, name, value)
    return made


def multiply(invoice: Invoice, number: int) -> None:
    """Write so many invoices more like this one, with what was booked for it and its payment, and without lines."""
    moves = list(LedgerTransaction.objects.filter(entries__invoice=invoice).prefetch_related("entries"))
    entries = [(place, entry) for place, move in enumerate(moves) for entry in move.entries.all()]
    payment = invoice.payments.first()
    keys = {
        model: iter(bulk.reserve_keys(model, number * each))
        for model, each in ((Invoice, 1), (LedgerTransaction, len(moves)), (LedgerEntry, len(entries)), (Payment, 1))
    }
    made: dict[type[Model], list[Any]] = {model: [] for model in keys}
    for _ in range(number):
        pk = next(keys[Invoice])
        made[Invoice].append(again(invoice, pk, number=f"{invoice.number}-{pk}", sequence=1000 + pk))
        booked = [
            again(move, next(keys[LedgerTransaction]), reference=f"{move.reference} {pk}", object_id=pk)
            for move in moves
        ]
        made[LedgerTransaction] += booked
        for place, entry in entries:
            of = pk if entry.invoice_id else None
            made[LedgerEntry].append(
                again(entry, next(keys[LedgerEntry]), transaction_id=booked[place].pk, invoice_id=of)
            )
        if payment:
            told = {name: f"{getattr(payment, name)}{pk}" for name in ("key", "reference", "receipt")}
            place = next(place for place, move in enumerate(moves) if move.pk == payment.movement_id)
            movement = booked[place].pk
            made[Payment].append(again(payment, next(keys[Payment]), invoice_id=pk, movement_id=movement, **told))
    for model, rows in made.items():
        names = [field.attname for field in model._meta.concrete_fields]
        bulk.copy(model, names, [[getattr(row, name) for name in names] for row in rows])


def asked(client: Client, address: str) -> tuple[int, int]:
    """Queries and bytes of one showing."""
    counts = []
    # What is kept for a while, as the brand, may run out before one of them.
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        assert answer.status_code == 200, address
        counts.append(len(queries))
    return min(counts), len(answer.content)


@pytest.mark.usefixtures("portal_site")
def test_pages_of_billing_weigh_the_same_with_ten_thousand_invoices(company: Company, owner: User) -> None:
    PlanFactory.create(slug="starter", month=3100)
    card(company)
    settled, waits = issued(company, "1000.00"), issued(company, "500.00")
    paid(settled)
    settled.refresh_from_db()
    found: list[dict[str, Any]] = []
    client = client_of(owner)
    pages = (*PAGES, *parts(client))
    assert len(pages) == len(PAGES) + len(WIDGETS)
    for number in (FEW - 1, MANY - FEW):
        for invoice in (settled, waits):
            multiply(invoice, number)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as the server does by itself within a minute
        found.append({address: asked(client, address) for address in pages})
    assert Invoice.objects.for_company(company).count() == 2 * MANY
    assert Payment.objects.for_company(company).count() == MANY
    few, many = found
    # Of more than 2,000 rows a list asks the database for an estimate: one query more.
    assert {many[address][0] - few[address][0] for address in pages} <= {0, 1}
    assert {address: count for address, (count, _size) in many.items() if count > MOST_QUERIES} == {}
    heavier = {address: (few[address][1], size) for address, (_count, size) in many.items()}
    assert {address: sizes for address, sizes in heavier.items() if sizes[1] > sizes[0] * 1.02} == {}
