"""A contract that was sent through the services, and signing it as those do who have read it."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.accounts.models import Company, ConsentText, User
from portal.contracts.models import Contract, Signature, TurnJob
from portal.contracts.services import evidence, signing, viewing
from portal.contracts.tasks import tell_turn
from tests.portal.contracts.drawn import AT, sent
from tests.portal.contracts.signing.made import signer_of

PASSWORD = evidence.Trace("192.0.2.7", "Mozilla/5.0", "Africa/Nairobi", "password")
Offer = Callable[..., Contract]


@pytest.fixture
def offer(company: Company, staff: User) -> Offer:
    """Send a contract of the company to these people; staff sign for us unless `vendor` says otherwise."""

    def send(*people: User, **fields: Any) -> Contract:
        return sent(company, **{"by": staff, "people": list(people), "vendor": [staff], **fields})

    return send


@pytest.fixture
def contract(offer: Offer, owner: User) -> Contract:
    """One that waits for the owner, then for staff."""
    return offer(owner)


def digest_of(contract: Contract) -> str:
    """The hash of the text that can be signed."""
    return contract.texts.order_by("-version")[0].sha256


def consent() -> ConsentText:
    """What is agreed to when signing."""
    return ConsentText.objects.current("signing").get()


def read(contract: Contract, person: User) -> None:
    """Read the text to its end."""
    viewing.viewed(
        signer=signer_of(contract, person), by=person, at=AT, text_sha256=digest_of(contract), trace=PASSWORD
    )


def sign(contract: Contract, person: User, **said: Any) -> Signature:
    """Sign a text that was read."""
    values = {
        "signer": signer_of(contract, person),
        "by": person,
        "at": AT,
        "text_sha256": digest_of(contract),
        "typed_name": "Grace Njeri",
        "consent_id": consent().pk,
        "trace": PASSWORD,
    }
    return signing.sign(**values | said)


def read_and_sign(contract: Contract, person: User, **said: Any) -> Signature:
    """Read the text, and sign it."""
    read(contract, person)
    return sign(contract, person, **said)


def tell() -> None:
    """Do what the worker does for those whose turn has come."""
    for job in TurnJob.objects.filter(state="queued").order_by("pk"):
        tell_turn(job.pk)
