"""Members: the table of roles, action by action, through HTTP."""

import pytest
from django.test import Client
from django.utils import timezone

from portal.accounts.models import Company, Membership, User
from portal.accounts.roles import NotAllowed
from portal.accounts.services import members
from portal.activity.models import ActivityEvent
from portal.notifications.models import Notification
from tests.cast import client_of
from tests.factories import MembershipFactory, UserFactory
from tests.portal.core.threads import race

PEOPLE = ("owner", "company_admin", "billing_member", "viewer", "stranger", "developer", "support", "anonymous")


@pytest.fixture
def target(company: Company) -> User:
    """A viewer to act upon."""
    return MembershipFactory.create(company=company, role="viewer", user__email="target@savanna.example").user


@pytest.fixture
def second_owner(company: Company) -> User:
    return MembershipFactory.create(company=company, role="owner", user__email="second@savanna.example").user


@pytest.fixture
def actors(request: pytest.FixtureRequest) -> dict[str, Client]:
    return {name: client_of(request.getfixturevalue(name)) for name in PEOPLE}


def outcome(actors: dict[str, Client], method: str, address: str, data: dict[str, str] | None = None) -> list[int]:
    return [getattr(client, method)(address, data or {}).status_code for client in actors.values()]


# Rows: owner, admin, billing, viewer, stranger, developer, support, anonymous.
@pytest.mark.parametrize(
    ("path", "answers"),
    [
        ("", [200, 200, 403, 403, 404, 404, 404, 302]),
        ("remove/", [200, 200, 403, 403, 404, 404, 404, 302]),
        ("transfer/", [200, 403, 403, 403, 404, 404, 404, 302]),
    ],
)
def test_who_opens_the_page_of_a_viewer(actors: dict[str, Client], target: User, path: str, answers: list[int]) -> None:
    assert outcome(actors, "get", f"/customer/members/{target.public_id}/{path}") == answers


@pytest.mark.parametrize(
    ("actor", "subject", "role", "status"),
    [
        ("owner", "target", "admin", 302),
        ("owner", "second_owner", "viewer", 302),
        ("owner", "target", "owner", 302),
        ("company_admin", "target", "billing", 302),
        ("company_admin", "target", "owner", 200),
        ("company_admin", "second_owner", "viewer", 200),
        ("company_admin", "company_admin", "viewer", 200),
        ("billing_member", "target", "admin", 403),
        ("viewer", "viewer", "owner", 403),
        ("stranger", "target", "admin", 404),
        ("support", "target", "admin", 404),
        ("anonymous", "target", "admin", 302),
    ],
)
def test_who_changes_whose_role(
    request: pytest.FixtureRequest,
    owner: User,
    target: User,
    second_owner: User,
    company: Company,
    actor: str,
    subject: str,
    role: str,
    status: int,
) -> None:
    person = request.getfixturevalue(subject)
    before = company.memberships.filter(user=person).values_list("role", flat=True).first()
    client = client_of(request.getfixturevalue(actor))
    answer = client.post(f"/customer/members/{person.public_id}/", {"role": role})
    changed = status == 302 and actor != "anonymous"
    assert answer.status_code == status
    assert company.memberships.get(user=person).role == (role if changed else before)
    assert ActivityEvent.objects.filter(verb="member.role").count() == changed
    told = 1 if changed else 0
    assert Notification.objects.filter(kind="role_changed", recipient=person).count() == told


@pytest.mark.parametrize(
    ("actor", "subject", "status"),
    [
        ("owner", "target", 302),
        ("owner", "second_owner", 302),
        ("owner", "owner", 302),
        ("company_admin", "target", 302),
        ("company_admin", "second_owner", 403),
        ("company_admin", "company_admin", 403),
        ("billing_member", "target", 403),
        ("viewer", "target", 403),
        ("stranger", "target", 404),
        ("support", "target", 404),
    ],
)
def test_who_removes_whom(
    request: pytest.FixtureRequest,
    owner: User,
    target: User,
    second_owner: User,
    company: Company,
    actor: str,
    subject: str,
    status: int,
) -> None:
    person = request.getfixturevalue(subject)
    client = client_of(request.getfixturevalue(actor))
    answer = client.post(f"/customer/members/{person.public_id}/remove/")
    assert answer.status_code == status
    assert company.memberships.filter(user=person).exists() == (status != 302)
    assert Notification.objects.filter(kind="member_removed", recipient=person).count() == (status == 302)


def test_who_was_removed_finds_nothing_any_more(owner: User, target: User, company: Company) -> None:
    client = client_of(target)
    assert client.get("/customer/members/").status_code == 200
    members.remove(company=company, user=target, by=owner, at=timezone.now())
    assert client.get("/customer/members/").status_code == 404


FLAGS = {"can_approve_developers": "on", "can_sign_contracts": "on", "can_manage_billing": "on"}


def flags_of(company: Company, user: User) -> tuple[bool, bool, bool]:
    found = company.memberships.get(user=user)
    return (found.can_approve_developers, found.can_sign_contracts, found.can_manage_billing)


def test_owners_set_flags_as_far_as_the_role_can_hold_them(owner: User, target: User, company: Company) -> None:
    client = client_of(owner)
    client.post(f"/customer/members/{target.public_id}/", {"role": "viewer", **FLAGS})
    assert flags_of(company, target) == (True, True, False)
    client.post(f"/customer/members/{target.public_id}/", {"role": "billing", **FLAGS})
    assert flags_of(company, target) == (True, True, True)
    client.post(f"/customer/members/{target.public_id}/", {"role": "billing"})
    assert flags_of(company, target) == (False, False, False)


def test_admins_set_no_flags_and_a_role_brings_its_own(
    owner: User, company_admin: User, target: User, company: Company
) -> None:
    client = client_of(company_admin)
    client.post(f"/customer/members/{target.public_id}/", {"role": "viewer", **FLAGS})
    assert flags_of(company, target) == (False, False, False)
    members.change_role(company=company, user=target, role="viewer", by=owner, flags={"can_sign_contracts": True})
    client.post(f"/customer/members/{target.public_id}/", {"role": "viewer"})
    assert flags_of(company, target) == (False, True, False)
    client.post(f"/customer/members/{target.public_id}/", {"role": "billing", **FLAGS})
    assert flags_of(company, target) == (False, False, True)


def test_ownership_is_handed_over_at_once(owner: User, target: User, company: Company) -> None:
    client = client_of(owner)
    assert client.post(f"/customer/members/{target.public_id}/transfer/").status_code == 302
    assert company.memberships.get(user=target).role == "owner"
    assert company.memberships.get(user=owner).role == "admin"
    assert flags_of(company, target) == (True, True, True)
    assert client.post(f"/customer/members/{target.public_id}/transfer/").status_code == 403


@pytest.mark.parametrize("act", ["leave/", "remove", "demote"])
def test_a_company_keeps_an_owner(owner: User, company: Company, act: str) -> None:
    client = client_of(owner)
    mine = f"/customer/members/{owner.public_id}/"
    if act == "demote":
        answer = client.post(mine, {"role": "viewer"})
        assert "at least one owner" in answer.content.decode()
    else:
        answer = client.post("/customer/members/leave/" if act == "leave/" else f"{mine}remove/")
        assert answer.status_code == 409
    assert company.memberships.get(user=owner).role == "owner"
    assert not ActivityEvent.objects.filter(verb__in=["member.left", "member.role", "member.removed"]).exists()


def test_an_owner_whose_account_is_closed_does_not_count(owner: User, second_owner: User, company: Company) -> None:
    User.objects.filter(pk=second_owner.pk).update(is_active=False)
    with pytest.raises(members.LastOwner):
        members.leave(company=company, user=owner, at=timezone.now())


@pytest.mark.parametrize("name", ["company_admin", "billing_member", "viewer"])
def test_everybody_else_may_leave(request: pytest.FixtureRequest, owner: User, company: Company, name: str) -> None:
    person = request.getfixturevalue(name)
    assert client_of(person).post("/customer/members/leave/").status_code == 302
    assert not company.memberships.filter(user=person).exists()
    assert ActivityEvent.objects.filter(verb="member.left", actor=person).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_demote_each_other_one_remains(owner: User, second_owner: User, company: Company) -> None:
    people = [owner, second_owner]
    done = race(
        lambda number: (
            members.change_role(company=company, user=people[1 - number], role="viewer", by=people[number]).role
        ),
        threads=2,
    )
    assert sorted(company.memberships.values_list("role", flat=True)) == ["owner", "viewer"]
    assert sorted(type(one).__name__ for one in done) == ["NotAllowed", "str"]


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_leave_at_once_one_stays(owner: User, second_owner: User, company: Company) -> None:
    people = [owner, second_owner]
    done = race(lambda number: members.leave(company=company, user=people[number], at=timezone.now()), threads=2)
    assert list(company.memberships.values_list("role", flat=True)) == ["owner"]
    assert sorted(type(one).__name__ for one in done) == ["LastOwner", "NoneType"]


def test_a_member_of_nowhere_changes_nothing(owner: User, stranger: User, target: User, company: Company) -> None:
    with pytest.raises(NotAllowed):
        members.remove(company=company, user=target, by=stranger, at=timezone.now())
    with pytest.raises(members.NotAMember):
        members.change_role(company=company, user=stranger, role="viewer", by=owner)
    assert Membership.objects.count() == 3


def test_the_list_says_who_was_here_when(owner: User, target: User, company: Company) -> None:
    assert company.memberships.get(user=target).last_seen_at is None
    client_of(target).get("/customer/members/")
    seen = company.memberships.get(user=target).last_seen_at
    assert seen is not None
    client_of(target).get("/customer/members/")
    assert company.memberships.get(user=target).last_seen_at == seen
    page = client_of(owner).get("/customer/members/").content.decode()
    assert "target@savanna.example" in page
    assert "owner@ridgeline.example" not in page


def test_a_viewer_sees_members_but_no_invitations(viewer: User, owner: User, company: Company) -> None:
    page = client_of(viewer).get("/customer/members/").content.decode()
    assert owner.email in page
    assert "Invitations that wait" not in page


def test_the_list_takes_as_many_queries_for_one_as_for_twenty(
    owner: User, company: Company, django_assert_max_num_queries
) -> None:
    client = client_of(owner)
    client.get("/customer/members/")
    MembershipFactory.create_batch(20, company=company)
    with django_assert_max_num_queries(12):
        assert client.get("/customer/members/").content.decode().count("@example.com") == 20


def test_people_of_another_company_do_not_exist(owner: User, stranger: User) -> None:
    for path in ("", "remove/", "transfer/"):
        assert client_of(owner).get(f"/customer/members/{stranger.public_id}/{path}").status_code == 404
        assert client_of(owner).post(f"/customer/members/{stranger.public_id}/{path}").status_code == 404
    assert Membership.objects.filter(user=stranger).exists()
    assert UserFactory.create().memberships.count() == 0


def test_the_form_knows_which_rights_are_usual_for_a_role(owner: User, company: Company) -> None:
    form = client_of(owner).get("/customer/members/invite/").context["form"]
    usual = {name: form.fields[name].widget.attrs["data-usual-of"] for name in FLAGS}
    assert usual == {
        "can_approve_developers": "owner admin",
        "can_sign_contracts": "owner",
        "can_manage_billing": "owner billing",
    }
