"""Mobile numbers: a code proves them, within limits, and each is one person's."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from portal.accounts.models import User
from portal.activity.models import ActivityEvent
from portal.core.errors import DomainError
from portal.notifications.models import ContactSettings, Notification, OutboxMessage, PhoneCode, Preference
from portal.notifications.services import phones, preferences
from portal.notifications.services.preferences import PhoneNotConfirmed
from tests.cast import client_of
from tests.factories import UserFactory
from tests.portal.core.threads import race
from tests.portal.notifications.conftest import AT

NUMBER, OTHER = "+254712345678", "+254712345679"
PAGE = "/customer/notifications/settings/phone/"
MINUTE = timedelta(minutes=1)


def confirmed(user: User) -> str:
    return preferences.contact_settings(user).confirmed_phone


def ask(user: User, phone: str = NUMBER, at: Any = AT) -> PhoneCode:
    return phones.ask(user=user, phone=phone, at=at)


def wrong(code: PhoneCode) -> str:
    return f"{(int(code.code) + 1) % 10**6:06}"


def facts() -> tuple[Any, ...]:
    """All that a refusal must not change, but the count of attempts."""
    return (
        list(ContactSettings.objects.order_by("pk").values()),
        list(PhoneCode.objects.order_by("pk").values_list("pk", "closed_at", "expires_at")),
        ActivityEvent.objects.count(),
        Notification.objects.count(),
        OutboxMessage.objects.count(),
    )


@pytest.mark.usefixtures("worker")
def test_number_is_confirmed_by_the_code_of_the_outbox(owner: User, django_capture_on_commit_callbacks) -> None:
    client = client_of(owner)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(PAGE, {"phone": "+254 712-345 678"})
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}confirm/")
    (sms,) = OutboxMessage.objects.filter(channel="sms", recipients=NUMBER)
    code = PhoneCode.objects.get()
    assert f"your code is {code.code}." in sms.text
    assert (len(code.code), confirmed(owner)) == (6, "")
    assert code.code not in str(PhoneCode.objects.values().get())
    assert NUMBER in client.get(f"{PAGE}confirm/").text
    answer = client.post(f"{PAGE}confirm/", {"code": f" {code.code} "})
    assert (answer.status_code, answer["Location"]) == (302, "/customer/notifications/settings/")
    assert confirmed(owner) == NUMBER
    assert ActivityEvent.objects.get(verb="phone.confirmed").actor == owner
    assert client.get(f"{PAGE}confirm/")["Location"] == PAGE


def test_nothing_is_sent_before_the_commit(owner: User, queue: list, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        code = ask(owner)
        assert queue == []
    assert queue == [("send_phone_code", code.pk)]


def test_code_that_is_replaced_is_not_sent(owner: User) -> None:
    now = timezone.now()
    first = ask(owner, at=now - 2 * MINUTE)
    second = ask(owner, at=now)
    assert [phones.send(code.pk) for code in (first, second)] == [True, True]
    assert list(PhoneCode.objects.order_by("pk").values_list("outcome", flat=True)) == ["skipped", "sent"]
    assert OutboxMessage.objects.count() == 1


def test_newer_code_takes_the_place_of_the_one_before(owner: User) -> None:
    first, second = ask(owner), ask(owner, at=AT + MINUTE)
    before = facts()
    with pytest.raises(phones.WrongCode):
        phones.confirm(user=owner, code=first.code, at=AT + MINUTE)
    assert facts() == before
    phones.confirm(user=owner, code=second.code, at=AT + MINUTE)
    assert confirmed(owner) == NUMBER


@pytest.mark.parametrize(("after", "works"), [(timedelta(minutes=10, seconds=-1), True), (10 * MINUTE, False)])
def test_code_works_for_ten_minutes(owner: User, after: timedelta, works: bool) -> None:
    code = ask(owner)
    before = facts()
    if works:
        phones.confirm(user=owner, code=code.code, at=AT + after)
        assert confirmed(owner) == NUMBER
    else:
        with pytest.raises(phones.NoCode):
            phones.confirm(user=owner, code=code.code, at=AT + after)
        assert facts() == before


def test_fifth_wrong_attempt_ends_the_code(owner: User) -> None:
    code = ask(owner)
    before = facts()
    for number in range(5):
        with pytest.raises(phones.WrongCode if number < 4 else phones.NoCode):
            phones.confirm(user=owner, code=wrong(code), at=AT)
    with pytest.raises(phones.NoCode):
        phones.confirm(user=owner, code=code.code, at=AT)
    assert facts() == before
    assert PhoneCode.objects.get().tries == 5


def test_code_is_good_once_and_for_its_own_person(owner: User, viewer: User) -> None:
    code = ask(owner)
    ask(viewer, OTHER)
    with pytest.raises(phones.WrongCode):
        phones.confirm(user=viewer, code=code.code, at=AT)
    assert confirmed(viewer) == ""
    phones.confirm(user=owner, code=code.code, at=AT)
    before = facts()
    with pytest.raises(phones.NoCode):
        phones.confirm(user=owner, code=code.code, at=AT)
    assert facts() == before


@pytest.mark.parametrize("whose", ["person", "number"])
def test_codes_are_asked_for_once_a_minute_and_five_times_an_hour(owner: User, whose: str) -> None:
    def next_one(number: int, at: Any) -> PhoneCode:
        if whose == "person":
            return ask(owner, f"+25471234560{number}", at)
        return ask(UserFactory.create(), NUMBER, at)

    next_one(0, AT)
    before = facts()
    with pytest.raises(phones.TooManyCodes) as soon:
        next_one(1, AT + timedelta(seconds=59))
    assert (soon.value.headers["Retry-After"], facts()) == ("1", before)
    for number in range(1, 5):
        next_one(number, AT + number * MINUTE)
    with pytest.raises(phones.TooManyCodes) as often:
        next_one(5, AT + 30 * MINUTE)
    assert often.value.headers["Retry-After"] == "1800"
    assert PhoneCode.objects.count() == 5
    next_one(5, AT + 60 * MINUTE)


def test_changing_the_number_asks_anew_and_keeps_the_old_one_until_then(owner: User) -> None:
    phones.confirm(user=owner, code=ask(owner).code, at=AT)
    with pytest.raises(phones.AlreadyConfirmed):
        ask(owner, NUMBER, AT + MINUTE)
    code = ask(owner, OTHER, AT + MINUTE)
    assert confirmed(owner) == NUMBER
    phones.confirm(user=owner, code=code.code, at=AT + MINUTE)
    assert confirmed(owner) == OTHER


def test_number_is_of_the_last_who_proves_it_and_the_other_is_told(owner: User, stranger: User) -> None:
    phones.confirm(user=owner, code=ask(owner).code, at=AT)
    phones.confirm(user=stranger, code=ask(stranger, at=AT + MINUTE).code, at=AT + MINUTE)
    assert (confirmed(owner), confirmed(stranger)) == ("", NUMBER)
    told = Notification.objects.get(kind="phone_taken")
    assert (told.recipient, NUMBER in told.subject) == (owner, True)


def test_database_refuses_one_number_for_two(owner: User, stranger: User) -> None:
    ContactSettings.objects.create(user=owner, phone=NUMBER, phone_confirmed_at=AT)
    with pytest.raises(IntegrityError):
        ContactSettings.objects.create(user=stranger, phone=NUMBER, phone_confirmed_at=AT)


def test_sms_is_chosen_only_with_a_confirmed_number(owner: User) -> None:
    choices = {("Team", "sms"): "now"}
    ContactSettings.objects.create(user=owner, phone=NUMBER)
    with pytest.raises(PhoneNotConfirmed):
        preferences.choose(user=owner, choices=choices)
    assert Preference.objects.count() == 0
    page = client_of(owner).get("/customer/notifications/settings/")
    assert "not confirmed yet" in page.text
    assert all(field.field.disabled for field in page.context["form"] if field.html_name.startswith("sms"))
    phones.confirm(user=owner, code=ask(owner).code, at=AT)
    preferences.choose(user=owner, choices=choices)
    assert Preference.objects.get().choice == "now"


def test_number_is_removed(owner: User) -> None:
    phones.confirm(user=owner, code=ask(owner).code, at=AT)
    assert client_of(owner).post(f"{PAGE}remove/").status_code == 302
    assert ContactSettings.objects.get().phone == ""
    assert ActivityEvent.objects.filter(verb="phone.removed").count() == 1


@pytest.mark.parametrize("number", ["0712345678", "+2547123456789012345", "", "+254 seven"])
def test_what_is_no_number_gets_no_code(owner: User, number: str) -> None:
    assert client_of(owner).post(PAGE, {"phone": number}).status_code == 422
    assert PhoneCode.objects.count() == 0


def test_refusals_show_on_the_pages(owner: User) -> None:
    client = client_of(owner)
    assert client.post(PAGE, {"phone": NUMBER}).status_code == 302
    again = client.post(PAGE, {"phone": NUMBER})
    assert (again.status_code, "Wait 1 minute and ask again." in again.text) == (422, True)
    code = PhoneCode.objects.get()
    answer = client.post(f"{PAGE}confirm/", {"code": wrong(code)})
    assert (answer.status_code, "4 attempts are left." in answer.text) == (422, True)
    assert client.post(f"{PAGE}confirm/", {"code": "12"}).status_code == 422
    assert PhoneCode.objects.get().tries == 1
    PhoneCode.objects.update(expires_at=timezone.now())
    assert "Ask for a new one." in client.post(f"{PAGE}confirm/", {"code": code.code}).text


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def refusals(self, results: list[Any]) -> int:
        raised = [result for result in results if isinstance(result, BaseException)]
        assert [error for error in raised if not isinstance(error, DomainError)] == []
        return len(raised)

    def test_one_of_two_confirmations_at_once_stands(self) -> None:
        user = UserFactory.create()
        code = ask(user)
        results = race(lambda _number: phones.confirm(user=user, code=code.code, at=AT), threads=4)
        assert (self.refusals(results), confirmed(user)) == (3, NUMBER)
        assert ActivityEvent.objects.filter(verb="phone.confirmed").count() == 1

    def test_no_more_than_five_guesses_at_once(self) -> None:
        user = UserFactory.create()
        code = ask(user)
        race(lambda _number: phones.confirm(user=user, code=wrong(code), at=AT), threads=8)
        assert PhoneCode.objects.get().tries == 5

    def test_two_people_confirm_one_number_at_once(self) -> None:
        people = UserFactory.create_batch(2)
        codes = [ask(person, at=AT + number * MINUTE) for number, person in enumerate(people)]
        at = AT + 2 * MINUTE
        results = race(lambda n: phones.confirm(user=people[n], code=codes[n].code, at=at), threads=2)
        assert self.refusals(results) <= 1
        assert ContactSettings.objects.filter(phone=NUMBER, phone_confirmed_at__isnull=False).count() == 1

    def test_one_of_several_requests_at_once_sends_a_code(self) -> None:
        user = UserFactory.create()
        results = race(lambda _number: ask(user), threads=4)
        assert (self.refusals(results), PhoneCode.objects.count()) == (3, 1)
