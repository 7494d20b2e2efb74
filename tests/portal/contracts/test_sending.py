"""Drafts are offered for signing."""

import hashlib

import pytest

from portal.accounts.models import Company, User
from portal.contracts.models import Contract
from portal.contracts.services import delegating, drafting, sending
from portal.contracts.services.drafting import NewSigner
from portal.contracts.services.evidence import Trace
from tests.factories import MembershipFactory
from tests.portal.contracts.drawn import AT, drawn, sent

pytestmark = pytest.mark.django_db


def test_what_is_sent_is_frozen_and_the_first_asked(company: Company, owner: User, staff: User) -> None:
    contract = sent(company, by=staff, people=[owner], vendor=[staff])
    contract.refresh_from_db()
    text = contract.texts.get()
    assert (contract.status, contract.number, contract.sent_at) == ("sent", "CT-2026-000001", AT)
    assert f"{contract.offer_ends_on}" == "2026-02-04"
    assert text.sha256 == hashlib.sha256(text.html.encode()).hexdigest()
    assert "Between Savanna Foods and Tamarind Software Limited." in text.html
    assert "1 March 2026" in text.html
    assert "The law of Kenya applies." in text.html
    assert text.html.count('<section class="contract-page"') == 2
    assert list(contract.signers.in_order().values_list("user", "side", "position", "status")) == [
        (owner.pk, "company", 1, "invited"),
        (staff.pk, "vendor", 2, "waiting"),
    ]
    assert list(contract.evidence.values_list("kind", "text_sha256")) == [("sent", text.sha256), ("invited", "")]


def test_a_draft_is_unknown_to_its_company(company: Company, owner: User, staff: User) -> None:
    contract = drawn(company, by=staff, people=[owner], vendor=[staff])
    assert not Contract.objects.visible_to(owner).exists()
    assert Contract.objects.visible_to(staff).get() == contract


def test_signers_of_a_draft_are_changed_after_one_passed_the_place_on(
    company: Company, owner: User, staff: User
) -> None:
    partner = MembershipFactory.create(company=company, role="admin", can_sign_contracts=True).user
    contract = sent(company, by=staff, people=[owner], vendor=[staff])
    place = contract.signers.get(user=owner)
    delegating.delegate(signer=place, to=partner, by=owner, at=AT, note="", trace=Trace())
    sending.take_back(contract=contract, by=staff, at=AT)
    signers = [NewSigner(owner), NewSigner(staff, "vendor")]
    drafting.change(contract=contract, by=staff, at=AT, values=contract.values, signers=signers)
    assert list(contract.signers.in_order().values_list("user", "position", "status")) == [
        (owner.pk, 1, "waiting"),
        (staff.pk, 2, "waiting"),
    ]
    assert contract.evidence.filter(kind="delegated").count() == 1
