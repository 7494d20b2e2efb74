"""Who gets the sealed PDF, and that nobody gets a damaged one."""

import pytest
from django.test import Client

from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.contracts.models import Contract
from portal.contracts.services import copies, sealing
from portal.core import files
from portal.notifications.models import Notification
from tests.cast import client_of
from tests.portal.contracts.sealing.signed import job_of
from tests.portal.contracts.signing.made import draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(contract: Contract) -> Contract:
    sealing.work(pk=job_of(contract).pk)
    return contract


def address_of(contract: Contract) -> str:
    return f"/customer/contracts/{contract.public_id}.pdf"


def test_members_and_staff_get_the_file_and_it_is_written_down(
    sealed: Contract, owner: User, viewer: User, support: User
) -> None:
    content = copies.content_of(copies.newest(sealed))
    for user in (owner, viewer, support):
        answer = client_of(user).get(address_of(sealed))
        assert (answer.status_code, b"".join(answer)) == (200, content)
        assert answer["Content-Disposition"] == f'attachment; filename="{sealed.number}.pdf"'
        assert answer["Cache-Control"] == "private, no-store"
    events = ActivityEvent.objects.filter(verb="file.downloaded")
    assert {event.actor for event in events} == {owner, viewer, support}
    assert {event.company for event in events} == {sealed.company}


def test_another_company_and_strangers_find_nothing(
    sealed: Contract, stranger: User, developer: User, reseller: User
) -> None:
    for user in (stranger, developer, reseller):
        assert client_of(user).get(address_of(sealed)).status_code == 404
    answer = Client().get(address_of(sealed))
    assert (answer.status_code, answer["Location"].startswith("/accounts/login/")) == (302, True)
    assert not ActivityEvent.objects.filter(verb="file.downloaded").exists()


def test_draft_is_nobodys_and_unsealed_contract_says_wait(contract: Contract, company: Company, owner: User) -> None:
    assert client_of(owner).get(address_of(draft(company))).status_code == 404
    answer = client_of(owner).get(address_of(contract))
    assert (answer.status_code, b"Try again in a minute" in answer.content) == (409, True)


@pytest.mark.parametrize("damage", ["changed", "gone", "cut"])
def test_damaged_file_is_refused_and_staff_are_told_once(
    sealed: Contract, owner: User, staff: User, damage: str
) -> None:
    name, storage = copies.newest(sealed).file.name, files.private_storage()
    if damage == "gone":
        storage.delete(name)
    else:
        with storage.open(name, "r+b") as stored:
            stored.write(b"%PDF-0") if damage == "changed" else stored.truncate(1000)
    client = client_of(owner)
    for _time in range(2):
        answer = client.get(address_of(sealed))
        assert (answer.status_code, b"not what was sealed" in answer.content) == (409, True)
    told = Notification.objects.get(kind="contract_copy_damaged")
    assert (told.recipient, sealed.number in told.subject) == (staff, True)
    assert not ActivityEvent.objects.filter(verb="file.downloaded").exists()
