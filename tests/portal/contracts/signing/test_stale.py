"""Signing what somebody was shown: prices and terms that were changed since are never signed for."""

from typing import Any

import pytest
from django.utils import timezone

from portal.accounts.models import Company, User
from portal.contracts.models import Contract, ContractLineItem, EvidenceEvent, Signature
from portal.contracts.services import line_items, sending
from portal.core import money
from tests.cast import client_of
from tests.portal.contracts.drawn import drawn
from tests.portal.contracts.signing.conftest import digest_of
from tests.portal.contracts.signing.test_api import LIST, body, post

pytestmark = pytest.mark.django_db
WORK: dict[str, Any] = {"kind": "custom", "schedule": "one_off"}


def price(amount: str) -> Any:
    return money.parse(amount, currency="USD")


@pytest.fixture
def item(company: Company, owner: User, staff: User) -> ContractLineItem:
    """What a contract charges that the owner, then staff, are to sign; it was sent today."""
    now = timezone.now()
    contract = drawn(company, by=staff, people=[owner], vendor=[staff], at=now, currency="USD")
    made = line_items.add(
        contract=contract, by=staff, at=now, description="Work {company_name}", amount=price("5000.00"), **WORK
    )
    sending.send(contract=contract, by=staff, at=now)
    return made


@pytest.fixture
def contract(item: ContractLineItem) -> Contract:
    return Contract.objects.get(pk=item.contract_id)


def taken_back(contract: Contract, item: ContractLineItem, by: User) -> None:
    """Take it back and put another price in."""
    sending.take_back(contract=contract, by=by, at=timezone.now())
    dearer = {"description": "Other work", "amount": price("77777.00")}
    line_items.change(item=item, by=by, at=timezone.now(), **WORK, **dearer)


def test_what_is_charged_is_part_of_the_text(contract: Contract) -> None:
    page = contract.texts.get().html.rpartition("<section")[2]
    assert "What is charged</h2>" in page
    assert "All amounts are in USD" in page
    assert "<td>1 Mar 2026</td>" in page
    # Of what staff wrote nothing is filled in.
    assert "<br/>Work {company_name}</td><td>5,000.00</td>" in page
    assert '<th scope="row">In all</th><td></td><td>5,000.00</td>' in page


def test_a_hash_from_before_another_price_signs_nothing(
    contract: Contract, item: ContractLineItem, owner: User, staff: User
) -> None:
    shown = body(contract)
    taken_back(contract, item, staff)
    sending.send(contract=contract, by=staff, at=timezone.now())
    answer = post(owner, contract, shown, key="one")
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (409, "text_replaced")
    assert not Signature.objects.exists()
    assert not contract.evidence.filter(kind=EvidenceEvent.Kind.VIEWED).exists()
    assert post(owner, contract, body(contract), key="two").status_code == 201


def test_no_version_has_the_hash_of_another(contract: Contract, staff: User) -> None:
    before = digest_of(contract)
    # Nothing in this text says how long before its end notice is given.
    sending.take_back(contract=contract, by=staff, at=timezone.now())
    Contract.objects.filter(pk=contract.pk).update(notice_days=90)
    sending.send(contract=contract, by=staff, at=timezone.now())
    assert digest_of(contract) != before
    assert f"<p>{contract.number}, version 2</p>" in contract.texts.get(version=2).html


def test_prices_and_signers_of_a_draft_stay_with_ours(
    contract: Contract, item: ContractLineItem, owner: User, staff: User, stranger: User
) -> None:
    client = client_of(owner)
    address = f"/customer/contracts/{contract.public_id}/"
    before = client.get(address).content.decode()
    assert ("5,000" in before, "Who signs" in before, "First day" in before) == (True, True, True)
    taken_back(contract, item, staff)
    page = client.get(address).content.decode()
    assert "We are changing this contract" in page
    for word in ("77,777", "Other work", "5,000", "Who signs", "First day", "What it charges"):
        assert word not in page
    found = client.get(f"{LIST}{contract.public_id}/").json()
    assert (found["text"], found["signers"]) == (None, [])
    assert client_of(stranger).get(address).status_code == 404


@pytest.mark.parametrize("name", ["Grace\x1b[31m Njeri", "Grace \u202eirejN", "Grace\u2066 Njeri"])
def test_a_name_holds_nothing_that_turns_or_hides_letters(contract: Contract, owner: User, name: str) -> None:
    answer = post(owner, contract, body(contract, name=name))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["name"])
    assert not Signature.objects.exists()
