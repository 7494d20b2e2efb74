"""Contracts that went the whole way through the services: drawn up, and sent."""

from datetime import UTC, date, datetime
from typing import Any

from portal.accounts.models import Company, User
from portal.contracts.models import Contract, ContractTemplate
from portal.contracts.services import drafting, sending
from portal.contracts.services.drafting import NewSigner
from tests.factories import ContractTemplateFactory

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def drawn(company: Company, *, by: User, people: list[User], vendor: list[User], **fields: Any) -> Contract:
    """A draft of a published template, with everything that sending asks for."""
    template: ContractTemplate = fields.pop("template", None) or ContractTemplateFactory.create()
    signers = [NewSigner(user, "company", "Managing director") for user in people]
    signers += [NewSigner(user, "vendor", "Director") for user in vendor]
    terms = {
        "title": "Engagement of two developers",
        "starts_on": date(2026, 3, 1),
        "ends_on": date(2027, 3, 1),
        "values": {"governing_law": "Kenya"},
        "at": AT,
    }
    return drafting.create(company=company, template=template, by=by, signers=signers, **terms | fields)


def sent(company: Company, *, by: User, people: list[User], vendor: list[User], **fields: Any) -> Contract:
    """The same, sent: those whose turn it is are asked to sign."""
    contract = drawn(company, by=by, people=people, vendor=vendor, **fields)
    return sending.send(contract=contract, by=by, at=fields.get("at", AT))
