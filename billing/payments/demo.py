"""Cards and payments of the demo world, made as everywhere: what exists stays as it is.

The cards of Savanna and Northwind pay by themselves; Ridgeline's is refused, and its dunning is under way. A demo that
runs for weeks is to stay of use: Ridgeline pays by bank before it is suspended (`go_on`).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from billing.invoicing.models import Invoice
from billing.invoicing.services import drafts, invoices
from billing.invoicing.services.drafts import Item
from billing.payments.gateways.base import gateways
from billing.payments.gateways.sandbox import bank
from billing.payments.models import DunningStep, DunningTask, PaymentMethod, SandboxPayment
from billing.payments.services import dunning, manual, methods
from portal.accounts.models import Company, User
from portal.core.periods import start_of

SUCCEEDS, DECLINED_LATER = "4242424242424242", "4000000000000341"
CARD_KEPT = timedelta(days=60)
CHARGED = timedelta(days=12)
# From the first reminder on; at noon nobody is disturbed.
FIRST_STEP, NOON = timedelta(days=-3), timedelta(hours=12)
LATE_PAYER, WHO_RECORDS = "ridgeline-sacco", "finance@portal.example"
# So many days before its products would close.
IN_TIME = timedelta(days=2)


def create(people: Mapping[str, User], companies: Mapping[str, Company]) -> None:
    """Make what is missing, where the sandbox is switched on; `people` by address, `companies` by slug."""
    if not gateways.get("sandbox").is_enabled:
        return
    now = timezone.now()
    savanna, ridgeline = companies["savanna-foods"], companies[LATE_PAYER]
    keep_card(companies["northwind-labs"], SUCCEEDS, by=people["owner@northwind.example"], now=now)
    if keep_card(savanna, SUCCEEDS, by=people["billing@savanna.example"], now=now):
        charge(savanna, now - CHARGED)
    if keep_card(ridgeline, DECLINED_LATER, by=people["owner@ridgeline.example"], now=now):
        dun(ridgeline, now)


def keep_card(company: Company, number: str, *, by: User, now: datetime) -> bool:
    """Keep a test card since two months ago, unless the company ever had one; return whether it is new."""
    if PaymentMethod.objects.filter(company=company).exists():
        return False
    at = now - CARD_KEPT
    method = methods.begin(company=company, gateway="sandbox", at=at, by=by)
    methods.carry_out(method=method, at=at, return_url=reverse("payment-methods"))
    page = SandboxPayment.objects.get(key=method.key)
    bank.enter_card(payment=page, number=number, expires_on=f"{now.year + 3}-09", at=at)
    methods.ask(method=method, at=at)
    return True


def charge(company: Company, at: datetime) -> None:
    """Issue an invoice that the card pays by itself."""
    item = Item("SMS to members of staff", Money("0.85", company.currency), Decimal(2400))
    invoice = drafts.create(company=company, items=[item], at=at)
    invoices.issue(invoice=invoice, today=timezone.localdate(at), at=at, by=None)
    for task in DunningTask.objects.filter(invoice=invoice):
        dunning.do(task.pk, at=at + timedelta(minutes=1))


def dun(company: Company, now: datetime) -> None:
    """Live through the days since the first reminder about what is overdue."""
    late = Invoice.objects.for_company(company).overdue(today=timezone.localdate(now)).order_by("due_on").first()
    if late is None or late.due_on is None:
        return
    moment = start_of(late.due_on + FIRST_STEP) + NOON
    while moment <= now:
        dunning.run(moment)
        moment += timedelta(days=1)


def go_on(now: datetime) -> int:
    """Let Ridgeline pay by bank what would close its products in two days; return how many invoices that are.

    Only where the sandbox is switched on, so never with real money.
    """
    by = User.objects.filter(email=WHO_RECORDS).first()
    closing = DunningStep.objects.filter(action=DunningStep.Action.SUSPEND, is_active=True).order_by("days").first()
    if by is None or closing is None or not gateways.get("sandbox").is_enabled:
        return 0
    last_due_on = timezone.localdate(now) - timedelta(days=closing.days) + IN_TIME
    late = Invoice.objects.filter(company__slug=LATE_PAYER, status=Invoice.Status.OPEN, due_on__lte=last_due_on)
    rows = list(late.select_related("company").order_by("pk"))
    for invoice in rows:
        manual.record(
            company=invoice.company, amount=invoice.due, reference=f"FT{invoice.pk:08d}", at=now, by=by, first=[invoice]
        )
    return len(rows)
