"""Contracts of the demo world, made as everywhere: what exists stays as it is."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from djmoney.money import Money

from billing.invoicing.models import Invoice
from billing.invoicing.services import drawing
from billing.payments.services import manual
from home.demo.contract_texts import TEMPLATES
from portal.accounts.models import Company, ConsentText, User
from portal.approvals import services as approvals
from portal.contracts.days import months_later
from portal.contracts.models import BillingPeriod, Contract, ContractTemplate
from portal.contracts.services import billing, drafting, ending, line_items, sending, signing, viewing
from portal.contracts.services.drafting import NewSigner
from portal.contracts.services.evidence import Trace
from portal.projects.models import Project

EDITOR, DRAWS_UP, SIGNS, DECIDES = (f"{name}@portal.example" for name in ("editor", "support", "finance", "staff"))
# An address that is nobody's (RFC 5737).
TRACE = Trace("192.0.2.10", "Demo browser", "Africa/Nairobi", "password")
ENGAGEMENT, OFFER = "Engagement of a developer for the farm shop", "Maintenance of the farm shop"
DRAFT, ONBOARDING = "Engagement for the payroll bridge", "Onboarding of the Kisumu branch"
TRAINING, UPKEEP = "Training of an independent developer", "Ten hours of maintenance"
NORTHWIND, SAVANNA = "northwind-labs", "savanna-foods"
People = Mapping[str, User]


def create(people: People, companies: Mapping[str, Company]) -> None:
    """Make what is missing; `people` by address, `companies` by slug."""
    templates(people[EDITOR])
    now = timezone.now()
    for slug, email, title, make in MADE:
        if not Contract.objects.filter(company=companies[slug], title=title).exists():
            with transaction.atomic():
                make(companies[slug], people, people[email], now)


def templates(editor: User) -> None:
    """Publish those that are missing."""
    for name, values in TEMPLATES.items():
        if not ContractTemplate.objects.filter(name=name).exists():
            template = ContractTemplate(name=name, live=False, **values)
            template.clean()
            template.save(force_insert=True)
            template.save_revision(user=editor).publish(user=editor)


def drawn(
    company: Company, people: People, owner: User, at: datetime, *, template: str, days: int, **fields: Any
) -> Contract:
    """A draft that begins so many days from then, for a year or as `fields` say."""
    starts_on = timezone.localdate(at) + timedelta(days=days)
    signers = [NewSigner(owner, "company", "Managing director"), NewSigner(people[SIGNS], "vendor", "Head of finance")]
    values = {"ends_on": months_later(starts_on, 12), **fields}
    return drafting.create(
        company=company,
        template=ContractTemplate.objects.get(name=template),
        by=people[DRAWS_UP],
        at=at,
        starts_on=starts_on,
        signers=signers,
        **values,
    )


def signed(contract: Contract, people: People, at: datetime) -> Contract:
    """Sent, read and signed by everybody, a day after one another."""
    sending.send(contract=contract, by=people[DRAWS_UP], at=at)
    text = contract.texts.order_by("-version")[0]
    consent = ConsentText.objects.current(ConsentText.Kind.SIGNING).get()
    for signer in contract.signers.select_related("user").in_order():
        at += timedelta(days=1)
        told: dict[str, Any] = {"signer": signer, "by": signer.user, "text_sha256": text.sha256, "trace": TRACE}
        viewing.viewed(**told, at=at)
        name = signer.user.get_full_name()
        signing.sign(**told, at=at + timedelta(minutes=4), typed_name=name, consent_id=consent.pk)
    contract.refresh_from_db()
    return contract


def engage(company: Company, people: People, owner: User, now: datetime) -> None:
    """An engagement in force since twelve days, whose first period is paid and whose second is to come."""
    at = now - timedelta(days=30)
    project = Project.objects.filter(company=company, name="Farm shop").first()
    values = {"governing_law": "Kenya", "work": "the farm shop"}
    contract = drawn(
        company, people, owner, at, template="Engagement of developers", days=18,
        title=ENGAGEMENT, values=values, project=project, currency="USD",
    )  # fmt: skip
    line_items.add(contract=contract, by=people[DRAWS_UP], at=at, kind="independent_training", description=TRAINING)
    contract = signed(contract, people, at + timedelta(days=1))
    asked = billing.ask(contract=contract, by=people[DRAWS_UP], at=at + timedelta(days=4))
    approvals.approve(approval=asked, by=people[DECIDES], at=at + timedelta(days=5))
    ending.begin_due(today=timezone.localdate(now), at=now - timedelta(days=12))
    drawing.draw(first=company.pk, last=company.pk, today=timezone.localdate(now), at=now)
    pay(contract, people[SIGNS], now)


def pay(contract: Contract, by: User, now: datetime) -> None:
    """The first period's invoice is paid by bank."""
    period = BillingPeriod.objects.filter(contract=contract).exclude(invoice_number="").first()
    invoice = Invoice.objects.filter(number=period.invoice_number).first() if period else None
    if invoice is not None and invoice.status == Invoice.Status.OPEN:
        manual.record(
            company=contract.company,
            amount=invoice.due,
            reference=f"FT-{contract.number}",
            at=now,
            by=by,
            first=[invoice],
        )


def offer(company: Company, people: People, owner: User, now: datetime) -> None:
    """A maintenance contract that waits for the owner's signature."""
    at = now - timedelta(days=2)
    project = Project.objects.filter(company=company, name="Farm shop").first()
    contract = drawn(
        company, people, owner, at, template="Maintenance", days=40, title=OFFER,
        values={"governing_law": "Kenya", "hours": "10"}, project=project, currency="USD",
    )  # fmt: skip
    line_items.add(
        contract=contract, by=people[DRAWS_UP], at=at, description=UPKEEP, schedule="recurring",
        amount=Money("450.00", "USD"), months=12,
    )  # fmt: skip
    sending.send(contract=contract, by=people[DRAWS_UP], at=at)


def draft(company: Company, people: People, owner: User, now: datetime) -> None:
    """An engagement that staff are still writing."""
    drawn(
        company, people, owner, now - timedelta(days=1), template="Engagement of developers", days=30,
        title=DRAFT, values={"governing_law": "Kenya"}, currency="USD",
    )  # fmt: skip


def onboard(company: Company, people: People, owner: User, now: datetime) -> None:
    """An onboarding that everybody has signed, and that begins next week."""
    at = now - timedelta(days=6)
    contract = drawn(
        company, people, owner, at, template="Onboarding", days=13, title=ONBOARDING,
        values={"governing_law": "Kenya"},
    )  # fmt: skip
    signed(contract, people, at)


MADE: tuple[tuple[str, str, str, Callable[[Company, People, User, datetime], None]], ...] = (
    (NORTHWIND, "owner@northwind.example", ENGAGEMENT, engage),
    (NORTHWIND, "owner@northwind.example", OFFER, offer),
    (NORTHWIND, "owner@northwind.example", DRAFT, draft),
    (SAVANNA, "owner@savanna.example", ONBOARDING, onboard),
)
