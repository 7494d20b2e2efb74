"""What members are given one by one: the form of an invitation, the page of a member, and joining."""

from collections.abc import Iterable

import pytest
from django.utils import timezone

from portal.accounts import grants
from portal.accounts.grants import Option
from portal.accounts.models import Company, Invitation, Membership, User
from portal.accounts.services import invitations, members
from tests.cast import client_of
from tests.factories import UserFactory

INVITE = "/customer/members/invite/"


class Keys:
    """A source that remembers who holds what; the stranger's company has nothing to give."""

    label = "Rooms"

    def __init__(self) -> None:
        self.given: dict[str, list[str]] = {}
        self.asked_by: list[User] = []

    def options(self, company: Company) -> Iterable[Option]:
        return [Option("attic", "The attic"), Option("hall", "The hall")] if company.slug == "savanna-foods" else []

    def held(self, membership: Membership) -> Iterable[str]:
        return self.given.get(membership.user.email, [])

    def give(self, membership: Membership, keys: Iterable[str], *, by: User, as_far_as_there_is: bool = False) -> None:
        known = {option.key for option in self.options(membership.company)}
        self.given[membership.user.email] = [key for key in keys if key in known]
        self.asked_by.append(by)


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch) -> Keys:
    """The only source there is."""
    source = Keys()
    monkeypatch.setattr(grants.sources, "_entries", {"rooms": source})
    return source


def test_the_form_of_an_invitation_offers_what_the_company_has(
    rooms: Keys, company: Company, owner: User, stranger: User
) -> None:
    page = client_of(owner).get(INVITE).content.decode()
    assert [words in page for words in ("Rooms", "The attic", "The hall")] == [True, True, True]
    assert "Rooms" not in client_of(stranger).get(INVITE).content.decode()


def test_whoever_joins_has_what_the_invitation_says(rooms: Keys, company: Company, owner: User) -> None:
    person = UserFactory.create(email="new@savanna.example")
    answer = client_of(owner).post(INVITE, {"email": person.email, "role": "viewer", "grant_rooms": ["hall"]})
    assert answer.status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.grants, rooms.given) == ({"rooms": ["hall"]}, {})
    assert client_of(person).post(f"/customer/invitations/{invitation.token}/").status_code == 302
    assert (rooms.given, rooms.asked_by) == ({person.email: ["hall"]}, [owner])


@pytest.mark.parametrize("chosen", [["cellar"], ["hall", "cellar"]])
def test_what_the_company_lacks_is_refused_and_changes_nothing(
    rooms: Keys, company: Company, owner: User, viewer: User, chosen: list[str]
) -> None:
    client = client_of(owner)
    invited = client.post(INVITE, {"email": "new@savanna.example", "role": "viewer", "grant_rooms": chosen})
    changed = client.post(f"/customer/members/{viewer.public_id}/", {"role": "admin", "grant_rooms": chosen})
    for answer in (invited, changed):
        assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["grant_rooms"])
    assert (Invitation.objects.count(), rooms.given) == (0, {})
    assert company.memberships.get(user=viewer).role == "viewer"


def test_the_page_of_a_member_shows_and_changes_what_they_hold(
    rooms: Keys, company: Company, owner: User, company_admin: User, viewer: User
) -> None:
    rooms.given[viewer.email] = ["attic"]
    client, page = client_of(company_admin), f"/customer/members/{viewer.public_id}/"
    assert client.get(page).context["form"]["grant_rooms"].value() == ["attic"]
    assert client.post(page, {"role": "viewer", "grant_rooms": ["attic", "hall"]}).status_code == 302
    assert (rooms.given[viewer.email], rooms.asked_by) == (["attic", "hall"], [company_admin])
    assert client.post(page, {"role": "viewer"}).status_code == 302
    assert rooms.given[viewer.email] == [], "no box ticked takes all away"
    assert client_of(viewer).post(page, {"role": "viewer", "grant_rooms": ["hall"]}).status_code == 403
    assert rooms.given[viewer.email] == []


def test_what_went_away_between_inviting_and_joining_is_left_out(
    rooms: Keys, company: Company, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = UserFactory.create(email="new@savanna.example")
    both = {"rooms": ["attic", "hall"], "gone": ["x"]}
    invitation = invitations.invite(
        company=company, email=person.email, role="viewer", by=owner, at=timezone.now(), grants=both
    )
    monkeypatch.setattr(rooms, "options", lambda company: [Option("hall", "The hall")])
    invitations.accept(invitation=invitation, user=person, at=timezone.now())
    assert rooms.given == {person.email: ["hall"]}


def test_an_inviter_who_left_still_stands_for_what_was_given(
    rooms: Keys, company: Company, owner: User, company_admin: User
) -> None:
    person = UserFactory.create(email="new@savanna.example")
    invitation = invitations.invite(
        company=company,
        email=person.email,
        role="viewer",
        by=company_admin,
        at=timezone.now(),
        grants={"rooms": ["hall"]},
    )
    members.remove(company=company, user=company_admin, by=owner, at=timezone.now())
    invitations.accept(invitation=invitation, user=person, at=timezone.now())
    assert (rooms.given, rooms.asked_by) == ({person.email: ["hall"]}, [company_admin])
