"""Small contracts made by hand, row by row: what signing starts from, without the drafting and sending before it."""

from datetime import UTC, date, datetime
from typing import Any

from portal.accounts.models import Company, User
from portal.contracts.models import Contract, ContractTemplate, ContractText, EvidenceEvent, Signer
from portal.contracts.services import evidence

AT = datetime(2026, 11, 10, 9, tzinfo=UTC)
HTML = (
    '<article class="contract-text"><section class="contract-page"><h1 id="terms">Terms</h1>'
    "<p>Savanna pays 5,000 USD.</p></section>"
    '<section class="contract-page"><h2 id="end">End</h2><p>It ends on 31 December.</p></section></article>'
)


def draft(company: Company, **fields: Any) -> Contract:
    """A contract that nobody was offered yet."""
    template, _made = ContractTemplate.objects.get_or_create(name="Engagement", defaults={"type": "engagement"})
    values = {
        "type": "engagement",
        "title": "Engagement of a developer",
        "currency": "USD",
        "starts_on": date(2026, 12, 1),
        "created_at": AT,
    }
    return Contract.objects.create(company=company, template=template, **values | fields)


def offer(company: Company, *, people: list[User], vendor: list[User], **fields: Any) -> Contract:
    """A contract that was sent, with the first version of its text; nobody is asked to sign yet."""
    number = Contract.objects.count() + 1
    sent = {"status": "sent", "number": f"C-2026-{number:05}", "verification_code": f"CODE-{number}", "sent_at": AT}
    contract = draft(company, **sent | fields)
    text = add_text(contract, HTML)
    sides = [("company", person) for person in people] + [("vendor", person) for person in vendor]
    for position, (side, person) in enumerate(sides, start=1):
        Signer.objects.create(contract=contract, side=side, position=position, user=person, created_at=AT)
    evidence.record(contract=contract, kind=EvidenceEvent.Kind.SENT, at=AT, text_sha256=text.sha256)
    return contract


def add_text(contract: Contract, html: str) -> ContractText:
    """The next version of its text."""
    sha256, version = evidence.sha256_of_text(html), contract.texts.count() + 1
    return ContractText.objects.create(contract=contract, version=version, html=html, sha256=sha256, made_at=AT)


def signer_of(contract: Contract, person: User) -> Signer:
    """The place of this person, as it is now."""
    return contract.signers.exclude(status="delegated").get(user=person)


def kinds_of(contract: Contract) -> list[str]:
    """What happened to it, in order."""
    return list(contract.evidence.order_by("sequence").values_list("kind", flat=True))
