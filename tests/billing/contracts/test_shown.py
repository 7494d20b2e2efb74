"""The contract's page, the invoice, its PDF and the statement say the same sums."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from billing.invoicing.models import Invoice
from billing.invoicing.services.papers import typeset
from portal.accounts.models import Company, User
from portal.contracts.models import Contract
from tests.billing.contracts.billed import FIRST, billed, run
from tests.cast import client_of
from tests.portal.contracts.charges.made import contract, item

# USD 5,000 over three months less 15 %: 1,666.67 less 250.00, and 16 % of both.
NET, TAX, TOTAL = "1,416.67", "226.67", "1,643.34"


@pytest.fixture
def labs(company: Company, asker: User, decider: User) -> Contract:
    """A training with a Labs discount, whose first period is invoiced."""
    made = contract(company, discount_percent=Decimal(15))
    item(made, "5000.00", description="Training", schedule="instalments")
    made = billed(made, asker, decider)
    run(FIRST)
    return made


def text(client: Client, address: str) -> str:
    answer: Any = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def test_every_page_says_the_same(labs: Contract, owner: User, stranger: User, portal_site: None) -> None:
    invoice, desk = Invoice.objects.get(), client_of(owner)
    page = text(desk, f"/customer/contracts/{labs.public_id}/")
    assert f'href="/customer/billing/invoices/{invoice.number}/"' in page
    # The invoiced period and the second are alike, the third is a cent less; in all 4,250.00, without tax.
    assert (page.count(NET), page.count("1,416.66"), "USD 4,250.00" in page) == (2, 1, True)
    assert "Tax comes on top" in page
    shown = text(desk, f"/customer/billing/invoices/{invoice.number}/")
    for said in ("1,666.67", "250.00", TAX, TOTAL, labs.number):
        assert said in shown, said
    statement = text(desk, "/customer/billing/statement/?currency=USD&from=2026-01-01&to=2026-12-31")
    assert TOTAL in statement
    assert TOTAL not in text(
        client_of(stranger), "/customer/billing/statement/?currency=USD&from=2026-01-01&to=2026-12-31"
    )


def test_pdf_says_so_as_well(labs: Contract) -> None:
    pages = PdfReader(BytesIO(typeset.pdf_of(Invoice.objects.get()))).pages
    words = " ".join(" ".join(page.extract_text() for page in pages).replace("\N{NO-BREAK SPACE}", " ").split())
    for said in ("1,666.67", "250.00", NET, TAX, TOTAL, "Labs discount, 15 %", f"({labs.number})"):
        assert said in words, said
