"""Passing a signature on, and declining."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.accounts.models import Company, Membership, User
from portal.activity.models import ActivityEvent
from portal.contracts import facts
from portal.contracts.models import Contract, EvidenceEvent, Signer
from portal.contracts.services import declining, delegating, evidence, turns
from portal.core.errors import DomainError
from portal.notifications.models import Notification
from tests.factories import MembershipFactory
from tests.portal.contracts.drawn import AT
from tests.portal.contracts.signing.conftest import PASSWORD, Offer, read_and_sign
from tests.portal.contracts.signing.made import kinds_of, signer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(company: Company) -> User:
    """Another member who may sign."""
    return MembershipFactory.create(company=company, role="admin", can_sign_contracts=True).user


def pass_on(contract: Contract, by: User, to: User, note: str = "") -> Signer:
    return delegating.delegate(signer=signer_of(contract, by), to=to, by=by, at=AT, note=note, trace=PASSWORD)


def refused(act: Callable[[], object], error: type[DomainError]) -> None:
    """It raises, and nothing was changed."""
    before = list(Signer.objects.order_by("pk").values_list("user", "status")), EvidenceEvent.objects.count()
    with pytest.raises(error):
        act()
    assert before == (list(Signer.objects.order_by("pk").values_list("user", "status")), EvidenceEvent.objects.count())


def test_other_one_signs_in_the_same_place(contract: Contract, owner: User, partner: User, staff: User) -> None:
    theirs = pass_on(contract, owner, partner, note="On leave.")
    mine = Signer.objects.get(user=owner)
    assert (mine.status, theirs.status, theirs.position, theirs.side) == (
        "delegated",
        "invited",
        mine.position,
        "company",
    )
    assert (theirs.delegated_from, theirs.invited_at) == (mine, AT)
    event = contract.evidence.get(kind="delegated")
    assert (event.user, event.data) == (
        owner,
        {"name": partner.get_full_name(), "email": partner.email, "note": "On leave."},
    )
    assert kinds_of(contract)[-2:] == ["delegated", "invited"]
    told = Notification.objects.get(kind="contract_delegated")
    assert (told.recipient, told.url, told.company) == (
        partner,
        f"/customer/contracts/{contract.public_id}/sign/",
        contract.company,
    )
    assert "On leave." in told.body
    assert Notification.objects.get(kind="contract_delegation").recipient == staff
    assert ActivityEvent.objects.filter(verb="contract.delegated", actor=owner).count() == 1
    read_and_sign(contract, partner)
    read_and_sign(contract, staff)
    contract.refresh_from_db()
    assert contract.status == "signed"
    assert evidence.verify(contract) == len(kinds_of(contract))


def test_signature_does_not_come_back_to_who_passed_it_on(contract: Contract, owner: User, partner: User) -> None:
    pass_on(contract, owner, partner)
    refused(lambda: pass_on(contract, partner, owner), delegating.MayNotDelegate)


def test_signature_goes_through_three_hands_at_most(contract: Contract, company: Company, owner: User) -> None:
    people = [MembershipFactory.create(company=company, role="owner").user for _ in range(4)]
    last = owner
    for person in people[:3]:
        pass_on(contract, last, person)
        last = person
    refused(lambda: pass_on(contract, last, people[3]), delegating.MayNotDelegate)
    read_and_sign(contract, last)


def test_it_goes_to_nobody_who_may_not_sign(
    contract: Contract, owner: User, viewer: User, stranger: User, staff: User
) -> None:
    for person in (viewer, stranger, staff, owner):
        refused(lambda person=person: pass_on(contract, owner, person), delegating.MayNotDelegate)


def test_candidates_are_those_it_can_go_to(
    contract: Contract, owner: User, partner: User, viewer: User, stranger: User, finance: User, support: User
) -> None:
    assert list(delegating.candidates(signer_of(contract, owner))) == [partner]
    vendor = contract.signers.get(side="vendor")
    assert list(delegating.candidates(vendor)) == [finance]
    Membership.objects.filter(user=partner).update(can_sign_contracts=False)
    assert list(delegating.candidates(signer_of(contract, owner))) == []


def test_ours_pass_it_on_among_themselves(contract: Contract, owner: User, staff: User, finance: User) -> None:
    read_and_sign(contract, owner)
    pass_on(contract, staff, User.objects.get(pk=finance.pk))
    read_and_sign(contract, User.objects.get(pk=finance.pk))
    contract.refresh_from_db()
    assert contract.status == "signed"


def test_declining_ends_the_offer_and_tells_why(contract: Contract, owner: User, staff: User) -> None:
    heard: list[Any] = []

    def hear(contract: Contract, **_: object) -> None:
        heard.append(contract)

    facts.contract_cancelled.connect(hear)
    declining.decline(signer=signer_of(contract, owner), by=owner, at=AT, reason=" Too dear. ", trace=PASSWORD)
    facts.contract_cancelled.disconnect(hear)
    contract.refresh_from_db()
    assert (contract.status, contract.reason, contract.closed_at) == ("declined", "Too dear.", AT)
    assert heard == [contract]
    event = contract.evidence.get(kind="declined")
    assert (event.user, event.data, event.ip_address) == (owner, {"reason": "Too dear."}, "192.0.2.7")
    told = Notification.objects.filter(kind="contract_declined")
    assert {row.recipient for row in told} >= {owner, staff} - {owner}
    assert all("Too dear." in row.body for row in told)
    with pytest.raises(turns.NotOffered):
        read_and_sign(contract, staff)
    assert evidence.verify(contract) == len(kinds_of(contract))


def test_who_declines_says_why(contract: Contract, owner: User) -> None:
    def decline() -> None:
        declining.decline(signer=signer_of(contract, owner), by=owner, at=AT, reason="  ", trace=PASSWORD)

    refused(decline, declining.ReasonMissing)
    contract.refresh_from_db()
    assert contract.status == "sent"


def test_one_of_two_declines_after_the_other_has_signed(offer: Offer, owner: User, partner: User) -> None:
    contract = offer(owner, partner)
    read_and_sign(contract, owner)
    declining.decline(signer=signer_of(contract, partner), by=partner, at=AT, reason="No.", trace=PASSWORD)
    contract.refresh_from_db()
    assert contract.status == "declined"
    assert list(contract.signers.in_order().values_list("status", flat=True)) == ["signed", "declined", "waiting"]
