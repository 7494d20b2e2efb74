"""Signatures that meet: one stands, the other is told. Real threads, each with a connection of its own."""

from collections import Counter
from typing import Any

import pytest

from portal.accounts.models import Company, User
from portal.contracts.models import Contract, SealJob, Signature
from portal.contracts.services import declining, delegating, evidence, sending, signing, turns
from portal.core.errors import Conflict, DomainError
from tests.factories import ContractTemplateFactory, MembershipFactory
from tests.portal.contracts.drawn import AT
from tests.portal.contracts.signing.conftest import PASSWORD, Offer, consent, digest_of, read
from tests.portal.contracts.signing.made import kinds_of, signer_of
from tests.portal.core.threads import race

pytestmark = pytest.mark.django_db(transaction=True)


def refusals(results: list[Any]) -> list[DomainError]:
    """What was raised; anything but a refusal in words fails the test."""
    raised = [result for result in results if isinstance(result, BaseException)]
    assert [error for error in raised if not isinstance(error, Conflict)] == []
    return raised


def ready(contract: Contract, person: User) -> dict[str, Any]:
    """What signing takes of one who has read the text."""
    read(contract, person)
    return {
        "signer": signer_of(contract, person),
        "by": person,
        "at": AT,
        "text_sha256": digest_of(contract),
        "typed_name": "Grace Njeri",
        "consent_id": consent().pk,
        "trace": PASSWORD,
    }


def test_four_clicks_of_one_person_sign_once(contract: Contract, owner: User) -> None:
    said = ready(contract, owner)
    results = race(lambda _number: signing.sign(**said), threads=4)
    assert [type(error) for error in refusals(results)] == [turns.AlreadySigned] * 3
    assert Signature.objects.count() == 1
    assert Counter(kinds_of(contract))["signed"] == 1
    assert evidence.verify(contract) == len(kinds_of(contract))


def test_two_people_sign_at_once_and_the_last_completes(offer: Offer, company: Company, owner: User) -> None:
    other = MembershipFactory.create(company=company, role="owner").user
    template = ContractTemplateFactory.create(is_counter_signed=False, signing_order="parallel")
    contract = offer(owner, other, vendor=[], template=template)
    said = [ready(contract, owner), ready(contract, other)]
    results = race(lambda number: signing.sign(**said[number % 2]), threads=4)
    assert len(refusals(results)) == 2
    contract.refresh_from_db()
    assert (contract.status, Signature.objects.count(), SealJob.objects.count()) == ("signed", 2, 1)
    assert Counter(kinds_of(contract))["completed"] == 1
    assert evidence.verify(contract) == len(kinds_of(contract))


def test_text_is_taken_back_while_it_is_signed(contract: Contract, owner: User, staff: User) -> None:
    said = ready(contract, owner)

    def meet(number: int) -> object:
        if number:
            return sending.take_back(contract=contract, by=staff, at=AT)
        return signing.sign(**said)

    results = race(meet, threads=2)
    contract.refresh_from_db()
    assert contract.status == "draft"
    assert signer_of(contract, owner).status == "waiting"
    assert Signature.objects.count() == (0 if refusals(results) else 1)
    assert evidence.verify(contract) == len(kinds_of(contract))


def test_signing_declining_and_passing_on_meet(contract: Contract, company: Company, owner: User) -> None:
    other = MembershipFactory.create(company=company, role="owner").user
    said = ready(contract, owner)
    same = {name: said[name] for name in ("signer", "by", "at", "trace")}

    def meet(number: int) -> object:
        if number == 0:
            return signing.sign(**said)
        if number == 1:
            return declining.decline(reason="No.", **same)
        return delegating.delegate(to=other, note="", **same)

    results = race(meet, threads=3)
    assert len(refusals(results)) == 2
    assert Counter(kinds_of(contract)) & Counter(["signed", "declined", "delegated"]) == Counter(
        [next(kind for kind in kinds_of(contract) if kind in ("signed", "declined", "delegated"))]
    )
    assert evidence.verify(contract) == len(kinds_of(contract))
