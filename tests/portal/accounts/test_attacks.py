"""What somebody of another company tries: ids of every kind at every address, former rights, and two at once."""

import re
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone

from portal.accounts.models import Company, User
from portal.accounts.roles import NotAllowed
from portal.accounts.services import members
from portal.activity.models import ActivityEvent
from portal.notifications.models import Notification
from portal.notifications.services import notices
from tests import records
from tests.access import MATRIX, NOBODYS
from tests.cast import CAST, client_of
from tests.factories import MembershipFactory
from tests.portal.core.threads import race

KEYED = re.compile(r"<uuid:\w+>")
# The help center's pages are for everybody, and name no company.
PUBLIC = ("api/help/", "help/")
REFUSED = {403, 404, 405}


@pytest.fixture
def cast(request: pytest.FixtureRequest) -> dict[str, User]:
    """Everybody who can sign in."""
    return {name: request.getfixturevalue(name) for name in CAST if name != "anonymous"}


@pytest.fixture
def ids(company: Company, cast: dict[str, User], portal_site: None) -> set[str]:
    """The public ids of everything that the matrix of records makes at the company, and of its people."""
    made = [
        *records.account_requests(company, cast),
        *records.notification_requests(company, cast),
        *records.team_requests(company, cast),
    ]
    found = {str(company.public_id), *(str(cast[name].public_id) for name in ("owner", "viewer", "developer"))}
    for asked in made:
        found.update(re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", asked.example))
    return found


@pytest.mark.parametrize(
    ("method", "headers"), [("get", {}), ("get", {"HX-Request": "true"}), ("post", {})], ids=["page", "part", "form"]
)
def test_no_id_opens_anything_to_a_stranger_whatever_it_is_the_id_of(
    method: str, headers: dict[str, str], ids: set[str], cast: dict[str, User]
) -> None:
    client, opened = client_of(cast["stranger"]), []
    keyed = [pattern for pattern in MATRIX if len(KEYED.findall(pattern)) == 1 and "<" not in KEYED.sub("", pattern)]
    assert (len(keyed) > 30, len(ids) > 10, all(UUID(key) for key in ids)) == (True, True, True)
    for pattern in (one for one in keyed if not one.startswith(PUBLIC)):
        for key in ids:
            address = f"/{KEYED.sub(key, pattern)}"
            body = {"content_type": "application/json"} if pattern.startswith("api/") and method == "post" else {}
            with transaction.atomic():
                answer = getattr(client, method)(address, headers=headers, **body)
                transaction.set_rollback(True)
            # The address of a form leads to the form's page, whatever stands in it.
            nobodys = client.get(f"/{KEYED.sub(NOBODYS, pattern)}") if answer.status_code == 302 else None
            is_alike = nobodys is not None and getattr(nobodys, "url", "") == answer.url.replace(key, NOBODYS)
            if answer.status_code not in REFUSED and not is_alike:
                opened.append(f"{method} {address}: {answer.status_code}")
    assert opened == []


@pytest.mark.parametrize("action", ["approve", "reject", "delete"])
@pytest.mark.parametrize("query", ["?id=all", "?id=1&id=2&id=all&status=pending", "?id=all&company=savanna"])
def test_all_of_a_list_is_all_that_one_may_decide(
    action: str, query: str, ids: set[str], cast: dict[str, User]
) -> None:
    address = f"/admin/bulk/approvals/approval/{action}/{query}"
    for name in ("stranger", "owner", "editor", "finance", "developer"):
        for method in ("get", "post"):
            answer = getattr(client_of(cast[name]), method)(address)
            assert answer.status_code in (302, 403, 404), (name, method)
            assert "Savanna" not in answer.text


@pytest.mark.parametrize("address", ["/customer/settings/activity.csv", "/customer/settings/activity/"])
@pytest.mark.parametrize("query", ["", "?company=savanna-foods", "?who={owner}", "?who=others&kind=all"])
def test_a_sheet_holds_nothing_of_another_company(
    address: str, query: str, company: Company, owner: User, stranger: User, viewer: User
) -> None:
    members.remove(company=company, user=viewer, by=owner, at=timezone.now())
    assert ActivityEvent.objects.for_company(company).exists()
    answer = client_of(stranger).get(address + query.format(owner=owner.public_id), headers={"X-Company": company.slug})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200
    assert not [name for name in ("Savanna", str(viewer), str(owner)) if name in content.decode()]


def test_what_a_mail_leads_to_is_closed_to_who_was_removed_or_lost_the_role(
    company: Company, owner: User, company_admin: User, viewer: User
) -> None:
    for person in (company_admin, viewer):
        notices.notify(
            kind="member_joined",
            people=[person],
            key="for the mail",
            at=timezone.now(),
            fields={"name": "Kevin Mutua", "company": company.name, "role": "Viewer"},
            url="/customer/members/",
            company=company,
        )
    links = {row.recipient: f"/customer/notifications/{row.public_id}/" for row in Notification.objects.all()}
    former, lowered = client_of(viewer), client_of(company_admin)
    invite = "/customer/members/invite/"
    assert (former.get(links[viewer]).status_code, lowered.get(invite).status_code) == (302, 200)
    members.remove(company=company, user=viewer, by=owner, at=timezone.now())
    members.change_role(company=company, user=company_admin, role="viewer", by=owner)
    assert [former.get(address).status_code for address in (links[viewer], "/customer/members/")] == [404, 404]
    assert former.get(f"/api{links[viewer]}").status_code == 404
    assert lowered.get(links[company_admin]).status_code == 302
    assert [lowered.get(invite).status_code, lowered.post(invite).status_code] == [403, 403]


def test_browsers_signed_in_before_a_new_password_are_signed_out(viewer: User) -> None:
    thief, own = client_of(viewer), client_of(viewer)
    assert thief.get("/customer/members/").status_code == 200
    new = {"oldpassword": "a-long-password", "password1": "another long one", "password2": "another long one"}
    assert own.post("/accounts/password/change/", new).status_code == 302
    assert own.get("/customer/members/").status_code == 200
    for address in ("/customer/members/", "/accounts/sessions/", "/customer/notifications/"):
        assert "/login/" in thief.get(address)["Location"]
    assert thief.get("/api/customer/notifications/").status_code == 401


@pytest.mark.django_db(transaction=True)
def test_of_two_hand_overs_at_once_one_is_done(company: Company, owner: User) -> None:
    heirs = [MembershipFactory.create(company=company).user for _ in range(2)]
    done = race(
        lambda number: str(members.transfer_ownership(company=company, to=heirs[number], by=owner).role), threads=2
    )
    assert sorted(type(one).__name__ for one in done) == [NotAllowed.__name__, "str"]
    assert sorted(company.memberships.values_list("role", flat=True)) == ["admin", "owner", "viewer"]


@pytest.mark.django_db(transaction=True)
def test_an_owner_who_leaves_while_another_is_removed_leaves_one(company: Company, owner: User) -> None:
    other = MembershipFactory.create(company=company, role="owner").user

    def work(number: int) -> None:
        if number:
            members.leave(company=company, user=owner, at=timezone.now())
        else:
            members.remove(company=company, user=other, by=owner, at=timezone.now())

    race(work, threads=2)
    assert company.memberships.filter(role="owner").count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_is_removed_while_inviting_invites_nobody_afterwards(
    company: Company, owner: User, company_admin: User
) -> None:
    members.remove(company=company, user=company_admin, by=owner, at=timezone.now())
    answer = client_of(company_admin).post("/customer/members/invite/", {"email": "x@y.example", "role": "viewer"})
    assert answer.status_code == 404
    assert company.invitations.count() == 0
