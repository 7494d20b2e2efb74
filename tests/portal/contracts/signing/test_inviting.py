"""Whose turn it is."""

import pytest

from portal.accounts.models import Company, User
from portal.contracts.models import Signer
from portal.contracts.services import evidence, inviting
from tests.portal.contracts.signing.made import AT, kinds_of, offer, signer_of

pytestmark = pytest.mark.django_db


def asked(contract) -> list[str]:
    """The addresses of those who are asked to sign now."""
    rows = contract.signers.filter(status="invited").in_order()
    return list(rows.values_list("user__email", flat=True))


def has_signed(contract, person: User) -> None:
    Signer.objects.filter(contract=contract, user=person).update(status="signed")


def test_in_turn_one_is_asked_after_the_other_has_signed(
    company: Company, owner: User, company_admin: User, staff: User
) -> None:
    contract = offer(company, people=[owner, company_admin], vendor=[staff])
    for person in (owner, company_admin, staff):
        assert [signer.user for signer in inviting.invite_next(contract, AT)] == [person]
        assert inviting.invite_next(contract, AT) == []
        assert asked(contract) == [person.email]
        assert signer_of(contract, person).invited_at == AT
        has_signed(contract, person)
    assert inviting.invite_next(contract, AT) == []
    assert kinds_of(contract) == ["sent", "invited", "invited", "invited"]
    assert evidence.verify(contract) == 4


def test_all_of_the_company_are_asked_at_once_and_the_vendor_last(
    company: Company, owner: User, company_admin: User, staff: User, support: User
) -> None:
    contract = offer(company, people=[owner, company_admin], vendor=[staff, support], signing_order="parallel")
    assert [signer.user for signer in inviting.invite_next(contract, AT)] == [owner, company_admin]
    has_signed(contract, company_admin)
    assert inviting.invite_next(contract, AT) == []
    has_signed(contract, owner)
    assert [signer.user for signer in inviting.invite_next(contract, AT)] == [staff, support]
    assert asked(contract) == [staff.email, support.email]


def test_evidence_says_who_was_asked_and_as_what(company: Company, owner: User) -> None:
    contract = offer(company, people=[owner], vendor=[])
    Signer.objects.update(title="Managing director")
    inviting.invite_next(contract, AT)
    event = contract.evidence.get(kind="invited")
    assert (event.user, event.email, event.role, event.at) == (owner, owner.email, "Company, Managing director", AT)
