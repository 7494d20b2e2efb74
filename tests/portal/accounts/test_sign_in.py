"""Sign-up, sign-in and password reset."""

import re

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client, override_settings

from portal.accounts.models import User
from portal.activity.models import ActivityEvent
from tests.cast import client_of
from tests.factories import UserFactory

NEW = {
    "first_name": "Amina",
    "last_name": "Hassan",
    "email": "Amina@Example.com",
    "password1": "correct horse battery",
    "password2": "correct horse battery",
    "consent": "on",
}


def test_signing_up_makes_an_account_that_works_at_once(db: None) -> None:
    client = Client()
    answer = client.post("/accounts/signup/", NEW)
    assert answer.status_code == 302
    user = User.objects.get()
    assert (user.email, user.get_full_name(), user.is_staff) == ("amina@example.com", "Amina Hassan", False)
    assert client.get("/dashboard/").status_code == 302
    assert [message.to for message in mail.outbox] == [["amina@example.com"]]
    given = user.consents.select_related("text")
    assert {(one.text.kind, one.company) for one in given} == {("terms", None), ("privacy", None)}


@pytest.mark.parametrize("missing", ["first_name", "last_name", "email", "password1"])
def test_signing_up_says_what_is_missing_and_makes_nothing(db: None, missing: str) -> None:
    answer = Client().post("/accounts/signup/", {**NEW, missing: ""})
    assert answer.status_code == 200
    assert answer.context["form"].errors[missing] == ["This field is required."]
    assert User.objects.count() == 0
    assert mail.outbox == []


def test_nobody_signs_up_without_agreeing_to_the_texts(db: None) -> None:
    answer = Client().post("/accounts/signup/", {**NEW, "consent": ""})
    assert answer.context["form"].errors == {"consent": ["Tick this to go on."]}
    assert User.objects.count() == 0


def test_an_address_that_has_an_account_gets_no_second_one(db: None) -> None:
    UserFactory.create(email="amina@example.com")
    answer = Client().post("/accounts/signup/", NEW)
    assert answer.status_code == 200
    assert answer.context["form"].errors["email"] == ["A user is already registered with this email address."]
    assert User.objects.count() == 1


def test_both_pages_answer_alike_for_a_taken_address_and_its_owner_hears_of_it(db: None) -> None:
    """docs/decisions/0007."""
    UserFactory.create(email="amina@example.com")
    company = {"company_name": "Acacia", "country": "KE", "industry": "retail", "size": "11-50", "consent": "on"}
    for address, more in (("/accounts/signup/", {}), ("/customer/register/", company)):
        answer = Client().post(address, {**NEW, **more})
        errors = {"email": ["A user is already registered with this email address."]}
        assert (answer.status_code, dict(answer.context["form"].errors)) == (200, errors)
    assert [message.to for message in mail.outbox] == [["amina@example.com"], ["amina@example.com"]]
    assert "has one already" in mail.outbox[0].body
    assert User.objects.count() == 1


@override_settings(ACCOUNT_RATE_LIMITS={"taken_address": "1/d/key"})
def test_the_owner_of_a_taken_address_hears_of_it_once_a_day(db: None) -> None:
    UserFactory.create(email="amina@example.com")
    for email in ("amina@example.com", "AMINA@example.com"):
        Client().post("/accounts/signup/", {**NEW, "email": email})
    assert len(mail.outbox) == 1


def test_asking_for_a_new_password_tells_nobody_who_has_an_account(db: None) -> None:
    UserFactory.create(email="amina@example.com")
    known = Client().post("/accounts/password/reset/", {"email": "amina@example.com"})
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


@pytest.mark.parametrize(
    ("email", "subject"),
    [("amina@example.com", "Choose a new password"), ("nobody@example.com", "There is no account for this address")],
)
def test_mails_speak_in_the_name_of_the_brand(db: None, email: str, subject: str) -> None:
    UserFactory.create(email="amina@example.com")
    Client().post("/accounts/password/reset/", {"email": email})
    (sent,) = mail.outbox
    assert sent.subject == subject
    assert "Tamarind" in sent.body
    assert "testserver!" not in sent.body


def test_two_accounts_cannot_differ_in_case_alone(db: None) -> None:
    UserFactory.create(email="amina@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory.create(email="AMINA@example.com")
    assert User.objects.count() == 1


def test_signing_in_is_written_down_and_a_wrong_password_is_not(db: None) -> None:
    user = UserFactory.create(email="amina@example.com")
    client = Client()
    refused = client.post("/accounts/login/", {"login": "amina@example.com", "password": "wrong"})
    assert refused.status_code == 200
    assert ActivityEvent.objects.count() == 0
    answer = client.post("/accounts/login/", {"login": "Amina@Example.com", "password": "a-long-password"})
    assert answer.status_code == 302
    assert list(ActivityEvent.objects.values_list("verb", "actor_id")) == [("account.signed_in", user.pk)]


def test_a_forgotten_password_is_set_anew_by_mail(db: None) -> None:
    UserFactory.create(email="amina@example.com")
    client = Client()
    client.post("/accounts/password/reset/", {"email": "amina@example.com"})
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mail.outbox[0].body)
    assert link is not None
    page = client.get(link[1], follow=True)
    form_address = page.redirect_chain[-1][0]
    client.post(form_address, {"password1": "another long one", "password2": "another long one"})
    assert User.objects.get().check_password("another long one")
    assert Client().get(link[1], follow=True).context["token_fail"] is True


def test_nobody_with_a_closed_account_signs_in(db: None) -> None:
    UserFactory.create(email="amina@example.com", is_active=False)
    client = Client()
    client.post("/accounts/login/", {"login": "amina@example.com", "password": "a-long-password"})
    assert client.get("/dashboard/")["Location"].startswith("/accounts/login/")


def test_nobody_changes_their_address_in_the_admin_where_no_proof_is_asked(editor: User, portal_site: None) -> None:
    client, before = client_of(editor), editor.email
    page = client.get("/admin/account/")
    assert page.status_code == 200
    assert b'name="name_email-email"' not in page.content
    changed = {"name_email-first_name": "Lucy", "name_email-last_name": "W", "name_email-email": "ceo@vendor.example"}
    client.post("/admin/account/", changed)
    editor.refresh_from_db()
    assert editor.email == before


@pytest.mark.usefixtures("portal_site")
def test_the_admin_has_no_sign_in_of_its_own_at_which_nobody_counts_failures(client: Client, staff: User) -> None:
    there = "/accounts/login/?next=/admin/reports/"
    assert client.get("/admin/login/?next=/admin/reports/")["Location"] == there
    answer = client.post("/admin/login/?next=/admin/reports/", {"username": staff.email, "password": "a-long-password"})
    assert (answer.status_code, answer["Location"]) == (302, there)
    assert client.get("/admin/")["Location"] == "/accounts/login/?next=/admin/"
    assert "_auth_user_id" not in client.session
