"""The second factor: setting it up, codes at sign-in, turning it off."""

import base64
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client

from portal.accounts.models import Authenticator, RecoveryCodes, User, second_factor
from portal.activity.models import ActivityEvent
from portal.notifications.models import Notification
from tests.cast import client_of
from tests.portal.accounts.authenticators import code_of, with_app
from tests.portal.core.threads import race

SET_UP = "/accounts/second-factor/set-up/"
STEP = "/accounts/second-factor/step/"
DISABLE = "/accounts/second-factor/disable/"


def signing_in(user: User) -> Client:
    """A browser in which the right password was given."""
    client = Client()
    answer = client.post("/accounts/login/", {"login": user.email, "password": "a-long-password"})
    assert answer.status_code == 302
    return client


def throttling_over(device: Authenticator | RecoveryCodes) -> None:
    device.refresh_from_db()
    device.throttle_reset()


@pytest.mark.parametrize(
    ("instant", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_the_standard(
    viewer: User, monkeypatch: pytest.MonkeyPatch, instant: int, code: str
) -> None:
    """RFC 6238, appendix B, the last six of eight digits."""
    monkeypatch.setattr(second_factor, "time", SimpleNamespace(time=lambda: instant))
    device = Authenticator.objects.create(user=viewer, key=base64.b32encode(b"12345678901234567890").decode())
    assert device.verify_token(code) is True
    assert device.verify_token(code) is False


def test_setting_up_takes_the_first_code_and_shows_recovery_codes_once(viewer: User) -> None:
    client = signing_in(viewer)
    page = client.get(SET_UP)
    device = Authenticator.objects.get()
    assert page.context["key"].replace(" ", "") == device.key
    assert page.context["picture"].startswith("data:image/svg+xml")
    refused = client.post(SET_UP, {"code": "000000"})
    assert "not right" in refused.context["form"].errors["code"][0]
    assert not User.objects.get(pk=viewer.pk).second_factor_at
    throttling_over(device)
    shown = client.post(SET_UP, {"code": code_of(device)})
    codes = shown.context["codes"].split()
    assert len(codes) == 10
    assert User.objects.get(pk=viewer.pk).second_factor_at is not None
    assert client.get("/customer/dashboard/").status_code != 302
    assert list(ActivityEvent.objects.order_by("pk").values_list("verb", flat=True)) == [
        "account.signed_in",
        "account.second_factor_on",
    ]
    assert Notification.objects.get().kind == "second_factor_on"
    stored = RecoveryCodes.objects.get().digests
    assert len(stored) == 10
    assert not set(codes) & set(stored)
    assert client.get(SET_UP)["Location"] == "/accounts/second-factor/"


def test_the_secret_is_encrypted_in_the_database(viewer: User) -> None:
    device = with_app(viewer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM accounts_authenticator WHERE id = %s", [device.pk])
        assert device.key not in cursor.fetchone()[0]


def test_the_password_alone_opens_nothing(owner: User) -> None:
    with_app(owner)
    client = signing_in(owner)
    for address in ("/dashboard/", "/admin/", "/customer/dashboard/", "/accounts/second-factor/", SET_UP, DISABLE):
        assert "login" in client.get(address)["Location"], address
    assert client.get("/api/customer/profile/").status_code in (401, 403)
    assert ActivityEvent.objects.count() == 0


def test_password_and_code_open_everything(owner: User) -> None:
    device = with_app(owner)
    client = signing_in(owner)
    answer = client.post(STEP, {"code": code_of(device)})
    assert (answer.status_code, answer["Location"]) == (302, "/dashboard/")
    assert client.get("/customer/settings/").status_code == 200
    assert client.get("/api/customer/profile/").status_code == 200
    assert ActivityEvent.objects.get().verb == "account.signed_in"


def test_a_code_is_good_once(owner: User) -> None:
    device = with_app(owner)
    code = code_of(device)
    assert signing_in(owner).post(STEP, {"code": code}).status_code == 302
    again = signing_in(owner).post(STEP, {"code": code})
    assert "used before" in again.context["form"].errors["code"][0]


def test_the_code_of_another_person_is_wrong(owner: User, stranger: User) -> None:
    with_app(owner)
    theirs = with_app(stranger)
    client = signing_in(owner)
    assert client.post(STEP, {"code": code_of(theirs)}).status_code == 200
    assert client.get("/dashboard/")["Location"].startswith("/accounts/login/")
    theirs.refresh_from_db()
    assert theirs.last_step == -1


def test_after_a_wrong_code_even_the_right_one_has_to_wait(owner: User) -> None:
    device = with_app(owner)
    Authenticator.objects.update(throttling_failure_count=6)
    client = signing_in(owner)
    client.post(STEP, {"code": "000000"})
    waiting = client.post(STEP, {"code": code_of(device)})
    assert "Wait 64 seconds" in waiting.context["form"].errors["code"][0]
    throttling_over(device)
    assert client.post(STEP, {"code": code_of(device)}).status_code == 302


def test_a_recovery_code_opens_once_and_is_told_of(owner: User) -> None:
    with_app(owner)
    code = second_factor.new_codes()[0]
    RecoveryCodes.objects.create(
        user=owner, digests=[second_factor.digest_of(second_factor.plain(code), owner.pk), "other"]
    )
    assert signing_in(owner).post(STEP, {"code": f" {code.lower()} "}).status_code == 302
    assert RecoveryCodes.objects.get().digests == ["other"]
    assert Notification.objects.get().kind == "recovery_code_used"
    assert signing_in(owner).post(STEP, {"code": code}).status_code == 200


def test_a_code_of_the_sign_in_does_nothing_else(owner: User) -> None:
    """Whoever looked over the shoulder has thirty seconds, and nothing to use them for."""
    device = with_app(owner)
    RecoveryCodes.objects.create(user=owner, digests=["kept"])
    code, client = code_of(device), signing_in(owner)
    assert client.post(STEP, {"code": code}).status_code == 302
    for address, more in ((DISABLE, {"password": "a-long-password"}), ("/accounts/second-factor/recovery-codes/", {})):
        answer = client.post(address, {"code": code, **more})
        assert "used before" in answer.context["form"].errors["code"][0], address
        throttling_over(device)
    sent = {"email": owner.email, "password": "a-long-password", "otp": code}
    assert Client().post("/api/auth/login/", sent, content_type="application/json").status_code == 401
    assert (RecoveryCodes.objects.get().digests, Authenticator.objects.count()) == (["kept"], 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["pages", "page and API"])
def test_a_recovery_code_sent_twice_at_once_opens_once(viewer: User, how: str) -> None:
    with_app(viewer)
    code = second_factor.new_codes()[0]
    digests = [second_factor.digest_of(second_factor.plain(code), viewer.pk), "other"]
    RecoveryCodes.objects.create(user=viewer, digests=digests)
    clients = [signing_in(viewer), signing_in(viewer)]

    def give(number: int) -> bool:
        if number and how == "page and API":
            sent = {"email": viewer.email, "password": "a-long-password", "otp": code}
            return bool(Client().post("/api/auth/login/", sent, content_type="application/json").status_code == 200)
        return bool(clients[number].post(STEP, {"code": code}).status_code == 302)

    assert sorted(race(give, threads=2)) == [False, True]
    assert RecoveryCodes.objects.get().digests == ["other"]
    assert Notification.objects.filter(kind="recovery_code_used").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_code_sent_twice_at_once_opens_once(viewer: User) -> None:
    device = with_app(viewer)
    code = code_of(device)
    clients = [signing_in(viewer), signing_in(viewer)]
    answers = race(lambda number: clients[number].post(STEP, {"code": code}).status_code, threads=2)
    assert sorted(answers) == [200, 302]


def test_a_browser_signed_in_before_is_led_to_the_step(owner: User, client: Client) -> None:
    client = client_of(owner)
    device = with_app(owner)
    led = client.get("/customer/settings/?tab=1")
    assert led["Location"] == f"{STEP}?next=%2Fcustomer%2Fsettings%2F%3Ftab%3D1"
    assert client.get("/admin/")["Location"].startswith(STEP)
    assert client.get("/help/search/")["Location"].startswith(STEP)
    assert client.get("/customer/notifications/bell/", headers={"HX-Request": "true"})["HX-Redirect"] == STEP
    api = client.get("/api/customer/profile/")
    assert (api.status_code, api["Content-Type"]) == (403, "application/problem+json")
    assert api.json()["type"] == "urn:portal:problem:second_factor_required"
    assert client.post(DISABLE, {"password": "a-long-password", "code": "1"})["Location"].startswith(STEP)
    answer = client.post(STEP, {"code": code_of(device), "next": "/customer/settings/"})
    assert answer["Location"] == "/customer/settings/"
    assert client.get("/customer/settings/").status_code == 200


def test_the_step_leads_to_no_other_site(owner: User) -> None:
    client = client_of(owner)
    device = with_app(owner)
    answer = client.post(STEP, {"code": code_of(device), "next": "https://evil.example/"})
    assert answer["Location"] == "/dashboard/"


@pytest.mark.parametrize("who", ["owner", "staff", "support", "finance"])
def test_who_must_have_one_is_led_to_set_it_up(
    request: pytest.FixtureRequest, settings: SimpleNamespace, who: str
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client = client_of(request.getfixturevalue(who))
    for address in (
        "/dashboard/",
        "/admin/",
        "/help/search/",
        "/accounts/second-factor/",
        "/accounts/password/change/",
    ):
        assert client.get(address)["Location"].startswith(SET_UP), address
    api = client.get("/api/customer/notifications/")
    assert (api.status_code, api.json()["type"]) == (403, "urn:portal:problem:second_factor_missing")
    assert client.post("/accounts/logout/")["Location"] == "/"


@pytest.mark.parametrize("who", ["company_admin", "viewer", "developer", "reseller", "editor"])
def test_others_need_none(request: pytest.FixtureRequest, settings: SimpleNamespace, who: str) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client = client_of(request.getfixturevalue(who))
    assert client.get("/customer/notifications/").status_code == 200


def test_whoever_must_sets_up_and_goes_on(owner: User, settings: SimpleNamespace) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client = signing_in(owner)
    assert client.get(f"{SET_UP}?next=/customer/settings/").status_code == 200
    shown = client.post(f"{SET_UP}?next=/customer/settings/", {"code": code_of(Authenticator.objects.get())})
    assert shown.context["then"] == "/customer/settings/"
    assert client.get("/customer/settings/").status_code == 200


def test_setting_up_asks_for_the_password_of_long_ago_again(viewer: User) -> None:
    answer = client_of(viewer).get(SET_UP)
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert Authenticator.objects.count() == 0


def test_turning_off_takes_password_and_code(viewer: User) -> None:
    device = with_app(viewer)
    client = signing_in(viewer)
    client.post(STEP, {"code": code_of(device, later=-1)})
    client.post(DISABLE, {"password": "a-long-password", "code": "000000"})
    throttling_over(device)
    wrong = client.post(DISABLE, {"password": "wrong", "code": code_of(device)})
    assert wrong.context["form"].errors["password"][0].startswith("This is not your password.")
    assert Authenticator.objects.count() == 1
    assert User.objects.get(pk=viewer.pk).second_factor_at is not None
    client.post(DISABLE, {"password": "a-long-password", "code": code_of(device, later=1)})
    assert Authenticator.objects.count() == 0
    assert User.objects.get(pk=viewer.pk).second_factor_at is None
    assert Notification.objects.get().kind == "second_factor_off"
    assert client.get("/customer/settings/").status_code == 200


def test_new_recovery_codes_make_the_old_worthless(viewer: User) -> None:
    device = with_app(viewer)
    RecoveryCodes.objects.create(user=viewer, digests=["old"])
    client = signing_in(viewer)
    client.post(STEP, {"code": code_of(device)})
    shown = client.post("/accounts/second-factor/recovery-codes/", {"code": code_of(device, later=1)})
    assert len(shown.context["codes"].split()) == 10
    assert "old" not in RecoveryCodes.objects.get().digests


def test_the_banner_says_that_none_is_asked_for(viewer: User, settings: SimpleNamespace) -> None:
    client = client_of(viewer)
    words = b"no second factor is asked for"
    assert words in client.get("/customer/settings/").content
    settings.SECOND_FACTOR_REQUIRED = True
    assert words not in client.get("/customer/settings/").content
