"""Subscriptions of the demo world, begun, renewed, invoiced and paid as everywhere: what exists stays as it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from billing.catalog.models import Plan
from billing.invoicing.models import Charge, Invoice
from billing.invoicing.services import drafts, invoices, settlement
from billing.invoicing.services.charges import item_of
from billing.subscriptions.models import Subscription
from billing.subscriptions.reckoning import boundary, days_after, whole
from billing.subscriptions.services import access, locking, quotes, standing, subscribing
from portal.accounts.models import Company, Membership, User
from portal.core.periods import start_of


@dataclass(frozen=True, slots=True)
class Story:
    """One subscription: its last period began so many days ago, after others; the last invoice may be unpaid.

    `users` are the names before the @ of those who may open its products.
    """

    company: str
    owner: str
    plan: str
    interval: str
    days: int
    earlier: int
    users: tuple[str, ...]
    seats: int | None = None
    unpaid: int = 0
    is_past_due: bool = False


EVERYONE = ("owner", "admin", "billing", "viewer")
STORIES = (
    Story("savanna-foods", "owner@savanna.example", "erp-business", "year", 95, 0, EVERYONE, seats=12),
    Story("savanna-foods", "billing@savanna.example", "payroll-plus", "month", 4, 2, EVERYONE[:3], unpaid=1),
    Story(
        "ridgeline-sacco",
        "owner@ridgeline.example",
        "sacco-growth",
        "month",
        # Three days late: it stays past due for eleven more, until dunning suspends it.
        17,
        2,
        ("owner",),
        unpaid=1,
        is_past_due=True,
    ),
    Story("northwind-labs", "owner@northwind.example", "erp-business", "month", 9, 2, ("owner",), seats=8, unpaid=1),
)


def create(people: Mapping[str, User], companies: Mapping[str, Company]) -> None:
    """Make what is missing; `people` by address, `companies` by slug."""
    now = whole(timezone.now())
    for number, story in enumerate(STORIES):
        plan = Plan.objects.get(slug=story.plan)
        company = companies[story.company]
        if not Subscription.objects.for_company(company).filter(family=plan.family_id).exists():
            tell(story, company, plan, people[story.owner], now, reference=f"FT27{number:04d}")


@transaction.atomic
def tell(story: Story, company: Company, plan: Plan, owner: User, now: datetime, *, reference: str) -> None:
    """Subscribe long ago, with a trial where the plan has one, and live through it up to now."""
    paid_from = boundary(now - timedelta(days=story.days), story.interval, -story.earlier)
    at = days_after(paid_from, -plan.trial_days)
    quote = subscribing.quote(company=company, plan=plan, interval=story.interval, seats=story.seats, by=owner, at=at)
    subscription = quotes.confirm(quote=quote, by=owner, at=at)
    for membership in Membership.objects.filter(company=company).select_related("user"):
        if membership.user.email.partition("@")[0] in story.users:
            access.give(membership=membership, products=plan.products.all(), by=owner)
    locking.up_to_date(subscription, at=now)
    drawn = draw(subscription)
    for number, invoice in enumerate(drawn[: len(drawn) - story.unpaid]):
        pay(invoice, f"{reference}{number:02d}")
    if story.is_past_due:
        last = drawn[-1].issued_at or now
        standing.mark_past_due(subscription=subscription, at=last + timedelta(days=15))


def draw(subscription: Subscription) -> list[Invoice]:
    """Issue an invoice for each day on which something was due, on that day, as the invoice run would have."""
    waiting = Charge.objects.for_company(subscription.company).waiting()
    own = waiting.filter(source__startswith=f"subscription {subscription.public_id} ").order_by("due_on", "pk")
    days: dict[datetime, list[Charge]] = {}
    for charge in own:
        days.setdefault(start_of(charge.due_on) + timedelta(hours=9), []).append(charge)
    made = [_issue(subscription.company, charges, at) for at, charges in days.items()]
    first = Invoice.objects.filter(lines__source=_first_source(subscription))
    return [*first.exclude(pk__in=[invoice.pk for invoice in made]), *made]


def pay(invoice: Invoice, reference: str) -> None:
    """Let the money come six days later, all that the balance did not pay."""
    at = (invoice.issued_at or timezone.now()) + timedelta(days=6)
    settlement.receive(
        company=invoice.company, amount=invoice.due, gateway="manual", reference=reference, at=at, first=[invoice]
    )


def _first_source(subscription: Subscription) -> str:
    return subscription.periods.order_by("starts_at")[0].source


def _issue(company: Company, charges: list[Charge], at: datetime) -> Invoice:
    invoice = drafts.create(company=company, items=[item_of(charge) for charge in charges], at=at)
    Charge.objects.filter(pk__in=[charge.pk for charge in charges]).update(invoice=invoice)
    return invoices.issue(invoice=invoice, today=timezone.localdate(at), at=at, by=None)
