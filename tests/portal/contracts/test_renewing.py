"""Contracts go on by themselves, with notice before, unless somebody decides against it."""

from datetime import UTC, date, datetime

import pytest

from portal.accounts.models import Company, User
from portal.contracts.models import Contract
from portal.contracts.services import drafting, ending, renewing
from portal.notifications.models import Notification
from tests.cast import client_of
from tests.factories import ContractFactory, ContractTemplateFactory
from tests.portal.contracts.drawn import AT, drawn

pytestmark = pytest.mark.django_db
LATER = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def renewed(company: Company, staff: User) -> Contract:
    """A contract in force up to the end of January, renewed by a month."""
    template = ContractTemplateFactory.create(maintenance=True)
    return ContractFactory.create(
        active=True, company=company, template=template, renewal_months=1, ends_on=date(2027, 1, 31), created_by=staff
    )


def told(user: User, kind: str) -> int:
    return Notification.objects.filter(recipient=user, kind=kind).count()


def test_a_renewal_is_announced_once_so_many_days_before(renewed: Contract, owner: User, stranger: User) -> None:
    renewing.announce(today=date(2026, 12, 31), at=AT)
    assert told(owner, "contract_renewal") == 0
    for day in (1, 2, 30):
        renewing.announce(today=date(2027, 1, day), at=AT)
    assert told(owner, "contract_renewal") == 1
    assert told(stranger, "contract_renewal") == 0
    subject = Notification.objects.get(recipient=owner).subject
    assert subject == "“Engagement of two developers” will be renewed on 31 January 2027"


def test_an_end_that_stands_is_announced_as_an_end(renewed: Contract, owner: User) -> None:
    Contract.objects.filter(pk=renewed.pk).update(renewal_months=0)
    renewing.announce(today=date(2027, 1, 15), at=AT)
    assert told(owner, "contract_ending") == 1
    assert told(owner, "contract_renewal") == 0


def test_months_are_reckoned_from_the_first_end(renewed: Contract, owner: User) -> None:
    ends = []
    for day in (date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)):
        assert renewing.renew(today=day, at=LATER) == 1
        assert renewing.renew(today=day, at=LATER) == 0
        renewed.refresh_from_db()
        ends.append(f"{renewed.ends_on}")
    assert ends == ["2027-02-28", "2027-03-31", "2027-04-30"]
    assert told(owner, "contract_renewed") == 3
    assert list(renewed.evidence.values_list("kind", flat=True)) == ["renewed"] * 3


def test_what_was_missed_is_one_renewal(renewed: Contract, owner: User) -> None:
    assert renewing.renew(today=date(2027, 3, 15), at=LATER) == 1
    renewed.refresh_from_db()
    assert (f"{renewed.ends_on}", renewed.status) == ("2027-03-31", "active")
    assert ending.end_due(today=date(2027, 3, 15), at=LATER) == 0


def test_whoever_decides_against_it_lets_it_end(renewed: Contract, owner: User, staff: User) -> None:
    renewing.turn_off(contract=renewed, by=owner, at=AT)
    renewed.refresh_from_db()
    assert renewed.renewal_months == 0
    last = renewed.evidence.get()
    assert (last.kind, last.user) == ("renewal_off", owner)
    assert told(staff, "contract_renewal_off") == 1
    with pytest.raises(renewing.NotRenewed):
        renewing.turn_off(contract=renewed, by=owner, at=AT)
    assert renewed.evidence.count() == 1
    assert renewing.renew(today=date(2027, 1, 31), at=LATER) == 0
    assert ending.end_due(today=date(2027, 1, 31), at=LATER) == 1


def test_engagements_end_within_a_year_and_are_not_renewed(company: Company, owner: User, staff: User) -> None:
    for wrong in ({"ends_on": date(2027, 3, 2)}, {"ends_on": None}, {"renewal_months": 12}):
        with pytest.raises(drafting.InvalidPeriod):
            drawn(company, by=staff, people=[owner], vendor=[staff], **wrong)
    assert not Contract.objects.exists()


def test_owner_lets_it_end_on_its_own_page(renewed: Contract, owner: User, viewer: User, stranger: User) -> None:
    address, page = f"/customer/contracts/{renewed.public_id}/no-renewal/", f"/customer/contracts/{renewed.public_id}/"
    assert client_of(viewer).post(address).status_code == 403
    assert client_of(stranger).post(address).status_code == 404
    assert Contract.objects.get(pk=renewed.pk).renewal_months == 1
    client = client_of(owner)
    assert address in client.get(page).content.decode()
    assert "The contract ends with 30 January 2027" in client.get(address).content.decode()
    assert client.post(address).headers["Location"] == page
    renewed.refresh_from_db()
    assert (renewed.renewal_months, f"{renewed.ends_on}") == (0, "2027-01-31")
    assert list(renewed.evidence.values_list("kind", "user", "role")) == [("renewal_off", owner.pk, "Company")]
    assert address not in client.get(page).content.decode()
    assert client.post(address).status_code == 404
    assert renewed.evidence.count() == 1
