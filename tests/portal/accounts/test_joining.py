"""Asking to join a company by its e-mail domain."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from portal.accounts.models import Company, JoinRequest, User
from portal.accounts.services import domains
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.notifications.models import Notification
from tests.cast import client_of
from tests.factories import UserFactory
from tests.portal.core.threads import race


@pytest.fixture
def colleague(company: Company) -> User:
    """Somebody with a confirmed address of the company's domain, who does not belong to it."""
    Company.objects.filter(pk=company.pk).update(email_domain="savanna.example")
    user = UserFactory.create(email="colleague@savanna.example")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def ask(colleague: User, company: Company) -> Approval:
    domains.ask_to_join(company=company, user=colleague, at=timezone.now(), message="It is me")
    return Approval.objects.pending().get()


def test_a_colleague_asks_and_somebody_who_manages_members_lets_them_in(
    owner: User, viewer: User, colleague: User, company: Company
) -> None:
    client = client_of(colleague)
    assert "Savanna Foods" in client.get("/customer/join/").content.decode()
    asked = client.post(f"/customer/join/{company.public_id}/", {"message": "It is me"})
    assert asked.status_code == 302
    assert "You have asked to join" in client.get("/customer/join/").content.decode()
    assert [note.recipient for note in Notification.objects.filter(kind="join_requested")] == [owner]
    approval = Approval.objects.get()
    assert {fact.label: fact.value for fact in approval.rules.facts(approval)}["Message"] == "It is me"
    with pytest.raises(approvals.MayNotDecide):
        approvals.approve(approval=approval, by=viewer, at=timezone.now())
    approvals.approve(approval=approval, by=owner, at=timezone.now())
    assert company.memberships.get(user=colleague).role == "viewer"
    assert [note.recipient for note in Notification.objects.filter(kind="join_approved")] == [colleague]


def test_who_was_turned_down_may_ask_again_after_a_month(owner: User, colleague: User, company: Company) -> None:
    approvals.reject(approval=ask(colleague, company), by=owner, at=timezone.now(), comment="Who are you?")
    assert "Who are you?" in Notification.objects.get(kind="join_rejected").body
    with pytest.raises(domains.AskedLately):
        ask(colleague, company)
    assert not company.memberships.filter(user=colleague).exists()
    page = client_of(colleague).get("/customer/join/").content.decode()
    assert "Your request to join was not approved. The reason given was: Who are you?" in page
    assert f"/customer/join/{company.public_id}/" not in page, "asking again is not offered before its time"
    domains.ask_to_join(company=company, user=colleague, at=timezone.now() + timedelta(days=31))
    assert JoinRequest.objects.count() == 1


def test_asking_twice_is_once(owner: User, colleague: User, company: Company) -> None:
    ask(colleague, company)
    answer = client_of(colleague).post(f"/customer/join/{company.public_id}/", {"message": ""})
    assert "waits for a decision" in answer.content.decode()
    assert Approval.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_asking_twice_at_the_same_time_is_once(owner: User, colleague: User, company: Company) -> None:
    done = race(lambda _number: bool(ask(colleague, company)), threads=4)
    assert sum(one is True for one in done) == 1
    assert all(one is True or isinstance(one, approvals.AlreadyAsked) for one in done), done
    assert (JoinRequest.objects.count(), Approval.objects.count()) == (1, 1)


@pytest.mark.parametrize("change", ["unconfirmed", "another domain", "closed company", "public domain"])
def test_everybody_else_does_not_know_of_the_company(
    owner: User, colleague: User, company: Company, change: str
) -> None:
    if change == "unconfirmed":
        EmailAddress.objects.update(verified=False)
    elif change == "another domain":
        EmailAddress.objects.update(email="colleague@elsewhere.example")
    elif change == "closed company":
        Company.objects.update(is_active=False)
    else:
        Company.objects.update(email_domain="gmail.com")
        EmailAddress.objects.update(email="colleague@gmail.com")
    client = client_of(colleague)
    assert "Savanna Foods" not in client.get("/customer/join/").content.decode()
    assert client.post(f"/customer/join/{company.public_id}/", {"message": ""}).status_code == 404
    with pytest.raises(domains.NotInvited):
        ask(colleague, company)
    assert JoinRequest.objects.count() == 0


def test_a_member_already_has_nothing_to_ask(owner: User, company: Company) -> None:
    Company.objects.update(email_domain="savanna.example")
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True)
    assert client_of(owner).post(f"/customer/join/{company.public_id}/").status_code == 404


def test_the_other_company_does_not_see_it(stranger: User, owner: User, colleague: User, company: Company) -> None:
    approval = ask(colleague, company)
    with pytest.raises(approvals.MayNotDecide):
        approvals.approve(approval=approval, by=stranger, at=timezone.now())
    assert not company.memberships.filter(user=colleague).exists()


def test_who_has_no_desk_is_shown_the_ways_to_go_on(db: None) -> None:
    newcomer = UserFactory.create(email="new@savanna.example", first_name="Neema")
    EmailAddress.objects.update_or_create(
        user=newcomer, email=newcomer.email, defaults={"verified": False, "primary": True}
    )
    page = client_of(newcomer).get("/dashboard/", follow=True).content.decode()
    for words in ("Welcome, Neema", "Confirm new@savanna.example", "Register a company", "You are a developer"):
        assert words in page


def test_the_decision_is_named_after_who_asks(owner: User, colleague: User, company: Company) -> None:
    client_of(colleague).post(f"/customer/join/{company.public_id}/", {"message": ""})
    assert f"{colleague} asks to join" in client_of(owner).get("/customer/team/approvals/").content.decode()
