"""Invoices of the demo world, made as everywhere: what exists stays as it is."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from djmoney.money import Money

from billing.invoicing.models import BillingSettings, Invoice, TaxRate
from billing.invoicing.services import credit_notes, drafts, invoices, settlement
from billing.invoicing.services.drafts import Item
from portal.accounts.models import Company

VENDOR = {
    "registration_number": "CPR/2014/135790",
    "tax_id": "P051999888K",
    "street": "Riverside Drive 8",
    "postal_code": "00100",
    "city": "Nairobi",
    "phone": "+254 20 555 0100",
    "payment_instructions": "Example Bank Kenya, account 0123456789\nM-Pesa paybill 555010",
}
# Company, days since the issue, what becomes of it, and the lines: what, how many, price of one.
# What is charged for subscriptions comes with them (billing/subscriptions/demo.py).
INVOICES = (
    ("savanna-foods", 95, "paid", [("Onboarding, by the day", 2, "15000")]),
    ("savanna-foods", 50, "void", [("Training, by the day", 10, "35000")]),
    ("savanna-foods", 34, "credited", [("Payslip cards, by employee", 86, "250"), ("SMS", 1240, "0.85")]),
    ("savanna-foods", 0, "draft", [("Training, by the day", 1, "35000")]),
    ("ridgeline-sacco", 190, "uncollectible", [("Import of paper files", 1, "45000")]),
    ("northwind-labs", 70, "paid", [("Set-up of ERP", 1, "1470.00"), ("Labs discount, 10 %", 1, "-147.00")]),
    ("northwind-labs", 9, "open", [("Training of a developer, part 1 of 3", 1, "1666.67")]),
)


def create(companies: Mapping[str, Company]) -> None:
    """Make the vendor's facts, Kenya's rate and the invoices; `companies` by slug, as far as they are there."""
    settings = BillingSettings.load()
    if not settings.tax_id:
        for name, value in VENDOR.items():
            setattr(settings, name, value)
        settings.save()
    TaxRate.objects.get_or_create(country="KE", starts_on=date(2021, 1, 1), defaults={"percent": Decimal(16)})
    now = timezone.now()
    if Invoice.objects.filter(company__in=companies.values()).exists():
        return
    for number, (slug, days, state, lines) in enumerate(INVOICES):
        if slug in companies:
            bill(companies[slug], now - timedelta(days=days), state, lines, reference=f"FT26{number:06d}")


def bill(company: Company, at: datetime, state: str, lines: list[tuple[str, int, str]], *, reference: str) -> None:
    """Draw an invoice up and take it as far as `state`."""
    items = [Item(what, Money(price, company.currency), Decimal(count)) for what, count, price in lines]
    invoice = drafts.create(company=company, items=items, at=at)
    if state == "draft":
        return
    invoice = invoices.issue(invoice=invoice, today=timezone.localdate(at), at=at, by=None)
    later = at + timedelta(days=6)
    if state in ("paid", "credited"):
        settlement.receive(
            company=company, amount=invoice.total, gateway="manual", reference=reference, at=later, first=[invoice]
        )
    if state == "credited":
        reason = "Two employees had left before the month began."
        amount, day = Money("580.00", company.currency), timezone.localdate(later)
        credit_notes.issue(invoice=invoice, reason=reason, amount=amount, today=day, at=later, by=None)
    elif state == "void":
        invoices.void(invoice=invoice, reason="Ten times too many days were counted.", at=later, by=None)
    elif state == "uncollectible":
        invoices.write_off(invoice=invoice, reason="The files were never found.", at=later, by=None)
