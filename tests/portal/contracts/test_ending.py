"""Contracts begin and end: on their day, or because somebody says so."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.contracts import facts, privacy
from portal.contracts.models import Contract
from portal.contracts.services import ending, evidence, processing, sending, turns
from portal.core.errors import InvalidTransition
from portal.core.privacy import Erasing
from portal.notifications.models import Notification
from tests.factories import ContractFactory
from tests.portal.contracts.drawn import AT, drawn, sent

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def heard() -> Iterator[list[tuple[str, int]]]:
    """The facts that were told, in order."""
    told: list[tuple[str, int]] = []

    def ended(contract: Contract, **named: Any) -> None:
        told.append(("ended", contract.pk))

    def cancelled(contract: Contract, **named: Any) -> None:
        told.append(("cancelled", contract.pk))

    facts.contract_ended.connect(ended)
    facts.contract_cancelled.connect(cancelled)
    yield told
    facts.contract_ended.disconnect(ended)
    facts.contract_cancelled.disconnect(cancelled)


def kinds_told(user: User) -> list[str]:
    return list(Notification.objects.filter(recipient=user).order_by("pk").values_list("kind", flat=True))


def everything(contract: Contract) -> tuple[Any, ...]:
    """All that a refusal might have changed."""
    rows = Contract.objects.filter(pk=contract.pk).values()
    return (
        list(rows),
        list(contract.signers.order_by("pk").values()),
        list(contract.evidence.values_list("sha256")),
        contract.texts.count(),
        Notification.objects.count(),
        ActivityEvent.objects.count(),
    )


def test_a_draft_is_discarded_without_a_word_to_the_company(
    company: Company, owner: User, staff: User, heard: list[tuple[str, int]]
) -> None:
    contract = drawn(company, by=staff, people=[owner], vendor=[staff])
    ending.cancel(contract=contract, by=staff, at=AT)
    contract.refresh_from_db()
    assert (contract.status, contract.closed_at, contract.reason) == ("cancelled", AT, "")
    assert (kinds_told(owner), heard) == ([], [])
    assert not contract.evidence.exists()


def test_what_was_sent_is_cancelled_with_a_reason(
    company: Company, owner: User, staff: User, heard: list[tuple[str, int]]
) -> None:
    contract = sent(company, by=staff, people=[owner], vendor=[staff])
    before = everything(contract)
    with pytest.raises(ending.ReasonMissing):
        ending.cancel(contract=contract, by=staff, at=AT, reason=" ")
    assert everything(contract) == before
    ending.cancel(contract=contract, by=staff, at=LATER, reason="The start has moved.")
    contract.refresh_from_db()
    assert (contract.status, contract.closed_at, contract.reason) == ("cancelled", LATER, "The start has moved.")
    last = contract.evidence.order_by("-sequence")[0]
    assert (last.kind, last.user, last.data) == ("cancelled", staff, {"reason": "The start has moved."})
    assert "contract_cancelled" in kinds_told(owner)
    assert heard == [("cancelled", contract.pk)]
    assert evidence.verify(contract) == 3


def test_a_signed_contract_is_terminated_and_not_cancelled(
    company: Company, owner: User, staff: User, heard: list[tuple[str, int]]
) -> None:
    contract = ContractFactory.create(active=True, company=company, created_by=staff)
    before = everything(contract)
    with pytest.raises(InvalidTransition):
        ending.cancel(contract=contract, by=staff, at=LATER, reason="No.")
    with pytest.raises(ending.ReasonMissing):
        ending.terminate(contract=contract, by=staff, at=LATER, reason="")
    assert everything(contract) == before
    ending.terminate(contract=contract, by=staff, at=LATER, reason="Not paid.")
    contract.refresh_from_db()
    assert (contract.status, contract.closed_at, contract.reason) == ("terminated", LATER, "Not paid.")
    assert kinds_told(owner) == ["contract_terminated"]
    assert heard == [("ended", contract.pk)]
    with pytest.raises(InvalidTransition):
        ending.terminate(contract=contract, by=staff, at=LATER, reason="Again.")


def test_an_offer_ends_the_day_after_its_last(
    company: Company, owner: User, staff: User, heard: list[tuple[str, int]]
) -> None:
    contract = sent(company, by=staff, people=[owner], vendor=[staff], offer_ends_on=date(2026, 2, 4))
    assert ending.expire_offers(today=date(2026, 2, 4), at=LATER) == 0
    assert ending.expire_offers(today=date(2026, 2, 5), at=LATER) == 1
    assert ending.expire_offers(today=date(2026, 2, 6), at=LATER) == 0
    contract.refresh_from_db()
    assert (contract.status, contract.closed_at) == ("expired", LATER)
    assert kinds_told(owner).count("contract_offer_expired") == 1
    assert Notification.objects.filter(kind="contract_offer_expired", recipient=owner, body__contains="4 February 2026")
    assert heard == [("cancelled", contract.pk)]


def test_contracts_begin_on_their_first_day_and_end_after_their_last(
    company: Company, owner: User, staff: User, heard: list[tuple[str, int]]
) -> None:
    contract = ContractFactory.create(signed=True, company=company, created_by=staff)
    assert ending.begin_due(today=date(2026, 2, 28), at=AT) == 0
    assert ending.begin_due(today=date(2026, 3, 1), at=AT) == 1
    assert ending.begin_due(today=date(2026, 3, 1), at=AT) == 0
    contract.refresh_from_db()
    assert contract.status == "active"
    assert ending.end_due(today=date(2027, 2, 28), at=LATER) == 0
    assert ending.end_due(today=date(2027, 3, 1), at=LATER) == 1
    contract.refresh_from_db()
    assert (contract.status, contract.closed_at) == ("expired", LATER)
    assert kinds_told(owner) == ["contract_began", "contract_expired"]
    assert Notification.objects.get(recipient=owner, kind="contract_expired").body.endswith("was 28 February 2027.")
    assert heard == [("ended", contract.pk)]


def test_what_comes_late_comes_to_the_same(company: Company, owner: User, staff: User) -> None:
    daily = ContractFactory.create(signed=True, company=company)
    for number in range(400):
        processing.process(today=date(2026, 2, 20) + timedelta(days=number), at=AT) if number % 50 == 0 else None
    late = ContractFactory.create(signed=True, company=company)
    processing.process(today=date(2027, 5, 1), at=AT)
    daily.refresh_from_db()
    late.refresh_from_db()
    assert (daily.status, late.status) == ("expired", "expired")
    assert [list(each.evidence.values_list("kind", flat=True)) for each in (daily, late)] == [["expired"]] * 2


def test_taking_back_undoes_signatures_and_sends_anew(company: Company, owner: User, staff: User) -> None:
    contract = sent(company, by=staff, people=[owner], vendor=[staff])
    sending.take_back(contract=contract, by=staff, at=AT)
    contract.refresh_from_db()
    signer = contract.signers.get(user=owner)
    assert (contract.status, contract.offer_ends_on) == ("draft", None)
    assert (signer.status, signer.invited_at) == ("waiting", None)
    assert "contract_taken_back" in kinds_told(owner)
    number = contract.number
    sending.send(contract=contract, by=staff, at=LATER)
    contract.refresh_from_db()
    assert (contract.number, contract.sent_at) == (number, AT)
    assert list(contract.texts.order_by("version").values_list("version", flat=True)) == [1, 2]
    assert contract.evidence.count() == 5
    assert evidence.verify(contract) == 5


def test_the_command_says_what_it_did(company: Company, capsys: pytest.CaptureFixture[str]) -> None:
    ContractFactory.create(signed=True, company=company)
    call_command("process_contracts", "--date", "2026-03-01")
    assert "begun: 1, renewed: 0, ended: 0" in capsys.readouterr().out
    call_command("process_contracts", "--date", "2026-03-01")
    assert "begun: 0" in capsys.readouterr().out


def test_an_erased_company_has_nothing_left_to_sign(
    company: Company, other_company: Company, owner: User, staff: User, heard: list[tuple[str, int]]
) -> None:
    offer = sent(company, by=staff, people=[owner], vendor=[staff])
    plain = drawn(company, by=staff, people=[owner], vendor=[staff])
    theirs = ContractFactory.create(active=True, company=company)
    others = ContractFactory.create(sent=True, company=other_company)
    told = Notification.objects.count()
    for _again in range(2):
        privacy.COMPANY_ERASER.erase(Erasing(company, company.name, frozenset(), LATER))
    states = {pk: (status, closed) for pk, status, closed in Contract.objects.values_list("pk", "status", "closed_at")}
    assert states == {
        offer.pk: ("cancelled", LATER),
        plain.pk: ("cancelled", LATER),
        theirs.pk: ("active", None),
        others.pk: ("sent", None),
    }
    offer.refresh_from_db()
    assert offer.reason == "The company's data was erased."
    assert offer.evidence.order_by("-sequence")[0].kind == "cancelled"
    assert evidence.verify(offer) == 3
    assert (Notification.objects.count(), heard) == (told, [("cancelled", offer.pk)])


def test_nobody_signs_for_or_with_a_closed_company(company: Company, owner: User, staff: User) -> None:
    offer = sent(company, by=staff, people=[owner], vendor=[staff])
    Company.objects.filter(pk=company.pk).update(is_active=False)
    before = everything(offer)
    with pytest.raises(turns.NotOffered, match="closed"), transaction.atomic():
        turns.take(signer=offer.signers.get(user=owner), by=owner, at=AT)
    assert everything(offer) == before
    Company.objects.filter(pk=company.pk).update(is_active=True)
    with transaction.atomic():
        assert turns.take(signer=offer.signers.get(user=owner), by=owner, at=AT).signer.user == owner
