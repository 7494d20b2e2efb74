"""Invitations: sent, accepted once, resent, revoked, expired."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.utils import timezone
from psycopg import sql

from portal.accounts.models import Company, Consent, Invitation, InvitationMail, Membership, User
from portal.accounts.services import invitation_mail, invitations, members
from portal.activity.models import ActivityEvent
from portal.notifications.models import BlockedAddress, Delivery, Notification, Preference
from tests.cast import client_of
from tests.factories import MembershipFactory, UserFactory
from tests.portal.core.threads import race

NEW_PERSON = {
    "first_name": "Neema",
    "last_name": "Wako",
    "password1": "correct horse battery",
    "password2": "correct horse battery",
    "consent": "on",
}


def invite(company: Company, by: User, email: str = "new@savanna.example", role: str = "viewer") -> Invitation:
    return invitations.invite(company=company, email=email, role=role, by=by, at=timezone.now())


def link(invitation: Invitation) -> str:
    return f"/customer/invitations/{invitation.token}/"


def posted() -> None:
    for job in InvitationMail.objects.filter(state="queued"):
        invitation_mail.send(pk=job.pk)


def test_an_invitation_goes_by_mail_with_a_link_that_opens_it(
    owner: User, company: Company, mailoutbox: list[EmailMessage]
) -> None:
    answer = client_of(owner).post("/customer/members/invite/", {"email": "New@Savanna.example", "role": "admin"})
    assert answer.status_code == 302
    posted()
    assert [mail.to for mail in mailoutbox] == [["new@savanna.example"]]
    assert mailoutbox[0].subject == f"{owner} invites you to Savanna Foods"
    found = re.search(r"https?://[^/]+(/customer/invitations/\w+/)", str(mailoutbox[0].body))
    assert found is not None
    assert "Join Savanna Foods" in Client().get(found[1]).content.decode()


def test_the_database_does_not_know_the_token(owner: User, company: Company) -> None:
    invitation = invite(company, owner)
    posted()
    with connection.cursor() as cursor:
        cursor.execute("SELECT i::text || m::text FROM accounts_invitation i JOIN accounts_invitationmail m ON true")
        assert invitation.token not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("actor", "role", "status"),
    [
        ("owner", "owner", 302),
        ("owner", "viewer", 302),
        ("company_admin", "admin", 302),
        ("company_admin", "owner", 200),
        ("billing_member", "viewer", 403),
        ("viewer", "viewer", 403),
        ("developer", "viewer", 404),
        ("support", "viewer", 404),
        ("anonymous", "viewer", 302),
    ],
)
def test_who_invites_whom(request: pytest.FixtureRequest, company: Company, actor: str, role: str, status: int) -> None:
    client = client_of(request.getfixturevalue(actor))
    answer = client.post("/customer/members/invite/", {"email": "new@savanna.example", "role": role})
    assert answer.status_code == status
    made = status == 302 and actor != "anonymous"
    assert (Invitation.objects.count(), InvitationMail.objects.count()) == (made, made)


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("VIEWER@savanna.example", "belongs to the company already"),
        ("waiting@savanna.example", "is invited already"),
        ("nonsense", "Enter a valid email address"),
    ],
)
def test_nobody_is_invited_twice(owner: User, viewer: User, company: Company, email: str, words: str) -> None:
    invite(company, owner, "waiting@savanna.example")
    answer = client_of(owner).post("/customer/members/invite/", {"email": email, "role": "viewer"})
    assert words in answer.content.decode()
    assert Invitation.objects.count() == 1


def test_somebody_with_that_address_joins_with_role_and_flags(owner: User, company: Company) -> None:
    person = UserFactory.create(email="new@savanna.example")
    invitation = invitations.invite(
        company=company,
        email=person.email,
        role="viewer",
        flags={"can_sign_contracts": True, "can_manage_billing": True},
        by=owner,
        at=timezone.now(),
    )
    client = client_of(person)
    assert "Join" in client.get(link(invitation)).content.decode()
    assert not Membership.objects.filter(user=person).exists()
    assert client.post(link(invitation))["Location"] == "/customer/dashboard/"
    membership = Membership.objects.get(user=person)
    assert (membership.company, membership.role) == (company, "viewer")
    assert (membership.can_sign_contracts, membership.can_manage_billing) == (True, False)
    assert Notification.objects.get(kind="member_joined").recipient == owner
    assert client.get("/customer/members/").wsgi_request.company == company


def test_a_link_works_once(owner: User, company: Company) -> None:
    person = UserFactory.create(email="new@savanna.example")
    invitation = invite(company, owner)
    client_of(person).post(link(invitation))
    Membership.objects.filter(user=person).delete()
    assert client_of(person).post(link(invitation)).status_code == 302
    assert Client().get(link(invitation)).status_code == 409
    assert not Membership.objects.filter(user=person).exists()


def test_a_new_person_makes_an_account_for_the_address_and_joins(owner: User, company: Company) -> None:
    invitation = invite(company, owner)
    client = Client()
    answer = client.post(link(invitation), {**NEW_PERSON, "email": "somebody@else.example"})
    assert (answer.status_code, answer["Location"]) == (302, "/customer/dashboard/")
    person = User.objects.get(first_name="Neema")
    assert person.email == "new@savanna.example"
    assert EmailAddress.objects.get(user=person).verified
    assert person.memberships.get().company == company
    assert Consent.objects.filter(user=person).count() == 2
    assert client.get("/customer/members/").status_code == 200


@pytest.mark.parametrize("missing", ["first_name", "password1", "consent"])
def test_a_new_person_who_leaves_something_out_has_not_joined(owner: User, company: Company, missing: str) -> None:
    invitation = invite(company, owner)
    answer = Client().post(link(invitation), {**NEW_PERSON, missing: ""})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [missing]
    assert not User.objects.filter(email="new@savanna.example").exists()
    assert Invitation.objects.get().status == "pending"


def test_somebody_who_has_an_account_is_asked_to_sign_in(owner: User, company: Company) -> None:
    UserFactory.create(email="new@savanna.example")
    invitation = invite(company, owner)
    page = Client().get(link(invitation)).content.decode()
    assert f"/customer/login/?next={link(invitation)}" in page
    Client().post(link(invitation), NEW_PERSON)
    assert User.objects.filter(email="new@savanna.example").count() == 1
    assert Invitation.objects.get().status == "pending"


def test_the_wrong_person_is_told_for_whom_it_is(owner: User, stranger: User, company: Company) -> None:
    invitation = invite(company, owner)
    for method in ("get", "post"):
        answer = getattr(client_of(stranger), method)(link(invitation))
        assert answer.status_code == 403
        assert "It is for new@savanna.example, and you are signed in as owner@ridgeline.example" in (
            answer.content.decode()
        )
    assert not company.memberships.filter(user=stranger).exists()


def test_any_confirmed_address_of_a_person_will_do(owner: User, stranger: User, company: Company) -> None:
    invitation = invite(company, owner)
    address = EmailAddress.objects.create(user=stranger, email="new@savanna.example", verified=False)
    assert client_of(stranger).post(link(invitation)).status_code == 403
    EmailAddress.objects.filter(pk=address.pk).update(verified=True)
    assert client_of(stranger).post(link(invitation)).status_code == 302
    assert company.memberships.filter(user=stranger).exists()


def test_sending_again_makes_the_old_link_dead(owner: User, company: Company, mailoutbox: list[EmailMessage]) -> None:
    invitation = invite(company, owner)
    old = link(invitation)
    client_of(owner).post(f"/customer/invitations/{invitation.public_id}/resend/")
    invitation.refresh_from_db()
    assert Client().get(old).status_code == 404
    assert Client().get(link(invitation)).status_code == 200
    posted()
    assert [link(invitation) in str(mail.body) for mail in mailoutbox] == [True]
    assert sorted(InvitationMail.objects.values_list("outcome", flat=True)) == ["sent", "skipped"]


def test_a_link_ends_after_seven_days_and_can_be_sent_again(owner: User, company: Company) -> None:
    person = UserFactory.create(email="new@savanna.example")
    invitation = invite(company, owner)
    Invitation.objects.update(expires_at=timezone.now())
    answer = client_of(person).post(link(invitation))
    assert answer.status_code == 410
    assert "has expired" in answer.content.decode()
    assert not Membership.objects.filter(user=person).exists()
    assert "Expired" in client_of(owner).get("/customer/members/").content.decode()
    invitations.resend(invitation=invitation, by=owner, at=timezone.now())
    invitation.refresh_from_db()
    assert invitation.expires_at - invitation.sent_at == timedelta(days=7)
    assert client_of(person).post(link(invitation)).status_code == 302


def test_an_expired_invitation_makes_room_for_another(owner: User, company: Company) -> None:
    invite(company, owner)
    Invitation.objects.update(expires_at=timezone.now())
    invite(company, owner, role="admin")
    assert sorted(Invitation.objects.values_list("role", "status")) == [("admin", "pending"), ("viewer", "revoked")]


def test_what_was_taken_back_opens_nothing(owner: User, company: Company) -> None:
    person = UserFactory.create(email="new@savanna.example")
    invitation = invite(company, owner)
    assert client_of(owner).post(f"/customer/invitations/{invitation.public_id}/revoke/").status_code == 302
    refused = client_of(person).post(link(invitation))
    assert (refused.status_code, "This invitation was taken back." in refused.content.decode()) == (409, True)
    assert not Membership.objects.filter(user=person).exists()
    assert client_of(owner).post(f"/customer/invitations/{invitation.public_id}/resend/").status_code == 409


@pytest.mark.parametrize("act", ["resend", "revoke"])
def test_who_sends_again_and_takes_back(
    request: pytest.FixtureRequest, owner: User, company: Company, act: str
) -> None:
    invitation = invite(company, owner)
    address = f"/customer/invitations/{invitation.public_id}/{act}/"
    actors = ("anonymous", "developer", "support", "stranger", "viewer", "billing_member", "company_admin")
    answers = [client_of(request.getfixturevalue(name)).post(address).status_code for name in actors]
    assert answers == [302, 404, 404, 404, 403, 403, 302]


def test_an_admin_does_not_touch_the_invitation_of_an_owner(owner: User, company_admin: User, company: Company) -> None:
    invitation = invite(company, owner, role="owner")
    for act in ("resend", "revoke"):
        answer = client_of(company_admin).post(f"/customer/invitations/{invitation.public_id}/{act}/")
        assert answer.status_code == 403
    assert Invitation.objects.get().status == "pending"


def test_a_company_has_no_more_than_a_hundred_open(
    owner: User, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "MOST_OPEN", 2)
    invite(company, owner, "a@savanna.example")
    invite(company, owner, "b@savanna.example")
    with pytest.raises(invitations.TooManyInvitations):
        invite(company, owner, "c@savanna.example")
    assert Invitation.objects.count() == 2


def test_a_blocked_address_gets_no_mail(owner: User, company: Company, mailoutbox: list[EmailMessage]) -> None:
    BlockedAddress.objects.create(
        address="new@savanna.example", reason=BlockedAddress.Reason.choices[0][0], blocked_at=timezone.now()
    )
    invite(company, owner)
    posted()
    assert (mailoutbox, InvitationMail.objects.get().outcome) == ([], "skipped")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_one_link_at_once_one_joins(owner: User, company: Company) -> None:
    people = [UserFactory.create(email="new@savanna.example"), UserFactory.create()]
    EmailAddress.objects.create(user=people[1], email="new@savanna.example", verified=True)
    invitation = invite(company, owner)
    done = race(
        lambda number: invitations.accept(invitation=invitation, user=people[number], at=timezone.now()).role, threads=2
    )
    assert sorted(type(one).__name__ for one in done) == ["InvitationClosed", "str"]
    assert company.memberships.count() == 2


def test_no_address_of_the_invited_stands_in_the_trail(owner: User, company: Company) -> None:
    invitation = invite(company, owner)
    invitations.revoke(invitation=invitation, by=owner, at=timezone.now())
    for event in ActivityEvent.objects.all():
        assert "new@savanna.example" not in f"{event.subject_label} {event.data}"


def test_a_member_of_two_companies_keeps_both(owner: User, company: Company, other_company: Company) -> None:
    person = MembershipFactory.create(company=other_company, user__email="new@savanna.example").user
    client_of(person).post(link(invite(company, owner)))
    assert person.memberships.count() == 2


def test_whoever_has_proved_the_address_sees_the_invitation_in_the_bell(
    company: Company, owner: User, viewer: User, stranger: User
) -> None:
    EmailAddress.objects.create(user=stranger, email=stranger.email, verified=True, primary=True)
    invitation = invite(company, owner, stranger.email)
    shown = Notification.objects.get(kind="invitation_received")
    page = f"/customer/invitations/{invitation.public_id}/"
    assert (shown.recipient, shown.url, shown.company) == (stranger, page, None)
    assert not shown.deliveries.exists()
    client = client_of(stranger)
    assert "Join Savanna Foods" in client.get(page).content.decode()
    assert page in client.get("/customer/join/").content.decode()
    assert client.post(page)["Location"] == "/customer/dashboard/"
    assert company.memberships.get(user=stranger).role == "viewer"
    assert page not in client.get("/customer/join/").content.decode()


def test_no_table_of_the_database_knows_the_token(company: Company, owner: User, stranger: User) -> None:
    EmailAddress.objects.create(user=stranger, email=stranger.email, verified=True, primary=True)
    invitation = invite(company, owner, stranger.email)
    posted()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                sql.SQL("SELECT count(*) FROM {0} t WHERE t::text LIKE %s").format(sql.Identifier(table)),
                [f"%{invitation.token}%"],
            )
            assert (table, cursor.fetchone()[0]) == (table, 0)


def test_the_page_is_there_only_for_who_has_proved_the_address(
    company: Company, owner: User, stranger: User, viewer: User
) -> None:
    invitation = invite(company, owner, stranger.email)
    page = f"/customer/invitations/{invitation.public_id}/"
    address = EmailAddress.objects.create(user=stranger, email=stranger.email.upper(), verified=False, primary=True)
    taken = EmailAddress.objects.create(user=viewer, email=f"x{stranger.email}", verified=True)
    for person in (stranger, viewer, owner):
        assert [client_of(person).get(page).status_code, client_of(person).post(page).status_code] == [404, 404]
        assert page not in client_of(person).get("/customer/join/").content.decode()
    assert Client().post(page).status_code == 302
    assert (Invitation.objects.get().status, company.memberships.count()) == ("pending", 2)
    taken.delete()
    EmailAddress.objects.filter(pk=address.pk).update(verified=True)
    assert client_of(stranger).post(page).status_code == 302
    assert Invitation.objects.get().accepted_by == stranger


def test_nobody_joins_a_company_whose_access_is_closed(
    company: Company, owner: User, mailoutbox: list[EmailMessage]
) -> None:
    person = UserFactory.create(email="new@savanna.example")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    invitation = invite(company, owner)
    Company.objects.filter(pk=company.pk).update(is_active=False)
    for address in (link(invitation), f"/customer/invitations/{invitation.public_id}/"):
        for method in ("get", "post"):
            answer = getattr(client_of(person), method)(address)
            assert answer.status_code == 410
            assert "This company does not use the portal any more." in answer.content.decode()
    assert Client().post(link(invitation), NEW_PERSON).status_code == 410
    assert "Savanna" not in client_of(person).get("/customer/join/").content.decode()
    with pytest.raises(members.CompanyClosed):
        invitations.resend(invitation=invitation, by=owner, at=timezone.now())
    with pytest.raises(members.CompanyClosed):
        invite(company, owner, "another@savanna.example")
    posted()
    assert (mailoutbox, InvitationMail.objects.get().outcome) == ([], "skipped")
    assert list(company.memberships.values_list("user", flat=True)) == [owner.pk]


def test_whoever_wants_mail_at_once_gets_the_invitation_once(company: Company, owner: User, stranger: User) -> None:
    EmailAddress.objects.create(user=stranger, email=stranger.email, verified=True, primary=True)
    Preference.objects.create(user=stranger, section="Company and members (urgent)", channel="email", choice="now")
    invite(company, owner, stranger.email)
    assert Notification.objects.filter(kind="invitation_received", recipient=stranger).count() == 1
    assert (InvitationMail.objects.count(), Delivery.objects.count()) == (1, 0)


def test_an_address_that_nobody_has_proved_is_told_by_mail_alone(company: Company, owner: User, stranger: User) -> None:
    EmailAddress.objects.create(user=stranger, email=stranger.email, verified=False, primary=True)
    invite(company, owner, stranger.email)
    assert not Notification.objects.filter(kind="invitation_received").exists()
