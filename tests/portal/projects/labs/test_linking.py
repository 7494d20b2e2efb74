"""Linking in the browser: the way to Labs and back, API tokens, unlinking."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.activity.models import ActivityEvent
from portal.notifications.models import Notification
from portal.projects.labs import flow
from portal.projects.models import LabsAccount, LabsReading
from tests.cast import client_of
from tests.portal.accounts.authenticators import code_of, with_app
from tests.portal.core.threads import race
from tests.portal.projects.labs.server import JANE, JOHN, Labs

PASSWORD = "a-long-password"
LINK, TOKEN, SIGN_IN, BACK = (f"/accounts/labs/{name}/" for name in ("link", "token", "sign-in", "callback"))
LOGIN = "/accounts/login/"


def left(client: Client, **posted: str) -> str:
    """Set out to link; the address at Labs."""
    response = client.post(LINK, {"proof": PASSWORD, **posted})
    assert response.status_code == 302
    return response["Location"]


def set_out(client: Client, next_url: str = "") -> str:
    """Set out to sign in; the address at Labs."""
    response = client.post(SIGN_IN, {"next": next_url})
    assert response.status_code == 302
    return response["Location"]


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def words(client: Client, page: str) -> str:
    return client.get(page).content.decode()


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_person_links_keeps_what_labs_says_and_is_told(labs: Labs, owner: User, wrapped: bool) -> None:
    labs.wrapped, client = wrapped, client_of(owner)
    response = client.get(BACK, labs.agree(left(client), JOHN))
    assert (response.status_code, response["Location"]) == (302, "/accounts/labs/")
    account = LabsAccount.objects.get(user=owner)
    assert (account.subject, account.email, account.name) == (JOHN, "user@example.com", "John Doe")
    assert (account.kind, account.state, account.scopes) == ("oauth", "ok", "read")
    assert (labs.access[account.access_token], labs.refresh[account.refresh_token]) == (JOHN, JOHN)
    assert account.expires_at is not None
    assert timedelta(minutes=59) < account.expires_at - timezone.now() <= timedelta(hours=1)
    assert Notification.objects.filter(recipient=owner, kind="labs_linked").count() == 1
    assert ActivityEvent.objects.filter(verb="labs.linked", actor=owner).count() == 1
    assert LabsReading.objects.filter(account=account).count() == 1
    page = words(client, "/accounts/labs/")
    assert "Linked as John Doe" in page
    assert account.access_token not in page
    assert account.refresh_token not in page


def test_tokens_are_encrypted_in_the_database(labs: Labs, owner: User) -> None:
    client = client_of(owner)
    client.get(BACK, labs.agree(left(client), JOHN))
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_token, refresh_token FROM projects_labsaccount")
        row = cursor.fetchone()
    assert all(value.startswith("gAAAA") for value in row)


def test_nobody_sets_out_without_proof(labs: Labs, owner: User) -> None:
    client = client_of(owner)
    for path, posted in ((LINK, {"proof": "wrong"}), (TOKEN, {"proof": "wrong", "token": labs.key(JOHN)})):
        response = client.post(path, posted)
        assert response.status_code == 200
        assert "This is not your password." in response.content.decode()
    assert flow.SESSION_KEY not in client.session
    assert labs.asked == []
    assert not LabsAccount.objects.exists()


def test_with_a_second_factor_its_code_is_the_proof(labs: Labs, owner: User) -> None:
    device, client = with_app(owner), Client()
    client.force_login(owner)
    session = client.session
    session["otp_device_id"] = device.persistent_id
    session.save()
    assert client.post(LINK, {"proof": PASSWORD}).status_code == 200
    assert client.post(LINK, {"proof": code_of(device)}).status_code == 302


def test_an_account_at_labs_belongs_to_one_person(labs: Labs, owner: User, stranger: User, linked: Any) -> None:
    linked(stranger, JOHN)
    client = client_of(owner)
    client.get(BACK, labs.agree(left(client), JOHN))
    assert "linked to another account of the portal" in words(client, "/accounts/labs/")
    response = client.post(TOKEN, {"proof": PASSWORD, "token": labs.key(JOHN)})
    assert "linked to another account of the portal" in response.content.decode()
    assert list(LabsAccount.objects.values_list("user", flat=True)) == [stranger.pk]
    assert Notification.objects.filter(kind="labs_linked").count() == 0


def test_another_account_at_labs_takes_unlinking_first(labs: Labs, owner: User, linked: Any) -> None:
    linked(owner, JOHN)
    client = client_of(owner)
    client.get(BACK, labs.agree(left(client), JANE))
    assert "Unlink that one first" in words(client, "/accounts/labs/")
    assert LabsAccount.objects.get().subject == JOHN


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_link_one_account_at_once_one_has_it(labs: Labs, owner: User, stranger: User) -> None:
    browsers = [client_of(owner), client_of(stranger)]
    ways = [labs.agree(left(browser), JOHN) for browser in browsers]
    race(lambda number: browsers[number].get(BACK, ways[number]).status_code, threads=2)
    assert LabsAccount.objects.filter(subject=JOHN).count() == 1
    assert Notification.objects.filter(kind="labs_linked").count() == 1


def test_a_person_links_by_an_api_token(labs: Labs, owner: User) -> None:
    key, client = labs.key(JOHN), client_of(owner)
    response = client.post(TOKEN, {"proof": PASSWORD, "token": f" {key} "})
    assert response["Location"] == "/accounts/labs/"
    account = LabsAccount.objects.get(user=owner)
    assert (account.kind, account.header, account.access_token, account.refresh_token) == (
        "token",
        "api_token",
        key,
        "",
    )
    assert key not in words(client, "/accounts/labs/")


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "ünsafe", "x" * 5000, "unknown-to-labs"])
def test_a_token_that_does_not_work_links_nobody_and_is_not_shown_again(labs: Labs, owner: User, token: str) -> None:
    response = client_of(owner).post(TOKEN, {"proof": PASSWORD, "token": token})
    assert response.status_code == 200
    assert not LabsAccount.objects.exists()
    assert token == "" or token not in response.content.decode()


def test_unlinking_forgets_the_tokens(labs: Labs, owner: User, linked: Any) -> None:
    linked(owner)
    client = client_of(owner)
    assert "Labs is not told" in words(client, "/accounts/labs/unlink/")
    assert client.post("/accounts/labs/unlink/", {"proof": "wrong"}).status_code == 200
    assert LabsAccount.objects.exists()
    response = client.post("/accounts/labs/unlink/", {"proof": PASSWORD})
    assert response["Location"] == "/accounts/labs/"
    assert not LabsAccount.objects.exists()
    assert ActivityEvent.objects.filter(verb="labs.unlinked", actor=owner).count() == 1
    again = Client()
    again.get(BACK, labs.agree(set_out(again), JOHN))
    assert not is_in(again)
