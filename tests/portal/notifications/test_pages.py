"""Settings, unsubscribing, the outbox, and allauth's mails on the vendor's paper."""

import re

import pytest
from django.core import mail
from django.core.mail import send_mail
from django.test import Client

from home.models import BrandSettings
from portal.accounts.models import User
from portal.core import page_cache
from portal.notifications.models import BlockedAddress, ContactSettings, Delivery, OutboxMessage, Preference
from portal.notifications.services import deliveries, preferences
from portal.notifications.services.preferences import NotOffered
from tests.cast import client_of
from tests.portal.notifications.conftest import AT
from tests.portal.notifications.telling import tell

SETTINGS = "/customer/notifications/settings/"
OUTBOX = "portal.notifications.mail_backend.OutboxBackend"


def posted(client: Client, **changes: str) -> dict[str, str]:
    """What the page would send, with some fields changed by the label of their section and channel."""
    context = client.get(SETTINGS).context
    data = {field.html_name: field.value() for field in (*context["form"], *context["contact"])}
    by_label = {field.label: field.html_name for field in context["form"]}
    return data | {by_label.get(label, label): value for label, value in changes.items()}


class TestSettings:
    def test_choices_are_kept_and_shown(self, owner: User) -> None:
        client = client_of(owner)
        ContactSettings.objects.create(user=owner, phone="+254712345678", phone_confirmed_at=AT)
        changes = {"Team: E-mail": "daily", "Team: SMS": "now", "time_zone": "Asia/Tokyo"}
        assert client.post(SETTINGS, posted(client, **changes)).status_code == 302
        assert sorted(Preference.objects.values_list("section", "channel", "choice")) == [
            ("Team", "email", "daily"),
            ("Team", "sms", "now"),
        ]
        kept = ContactSettings.objects.get(user=owner)
        assert (kept.phone, kept.time_zone, kept.digest_hour) == ("+254712345678", "Asia/Tokyo", 8)
        assert client.post(SETTINGS, posted(client)).status_code == 302
        assert Preference.objects.count() == 2, "what was not changed makes no row"

    def test_choices_stand_under_their_subject_and_say_what_important_means(self, owner: User) -> None:
        page = client_of(owner).get(SETTINGS)
        groups = [group["name"] for group in page.context["form"].groups()]
        assert groups == sorted(set(groups))
        assert re.findall(r'<h3 class="choices__title" id="group-\d+">([^<]+)</h3>', page.text) == groups
        billing = next(group for group in page.context["form"].groups() if group["name"] == "Billing")
        assert [row["label"] for row in billing["rows"]] == ["Billing, important"]
        assert "it comes at once or not at all" in page.text
        assert "(urgent)" not in page.text

    @pytest.mark.parametrize(
        "changes",
        [
            {"time_zone": "Moon/Crater"},
            {"digest_hour": "24"},
            {"Team: SMS": "daily"},
            {"Billing, important: E-mail": "daily"},
            {"Team: E-mail": "sometimes"},
        ],
    )
    def test_what_is_not_offered_is_refused_and_changes_nothing(self, owner: User, changes: dict[str, str]) -> None:
        ContactSettings.objects.create(user=owner, phone="+254712345678", phone_confirmed_at=AT)
        client, before = client_of(owner), ContactSettings.objects.values().get()
        answer = client.post(SETTINGS, posted(client, **{"Gossip: E-mail": "now"}, **changes))
        assert answer.status_code == 422
        assert (Preference.objects.count(), ContactSettings.objects.values().get()) == (0, before)

    @pytest.mark.parametrize("key", ["Team", "Nothing"])
    def test_service_refuses_what_no_form_offers(self, owner: User, key: str) -> None:
        with pytest.raises(NotOffered):
            preferences.choose(user=owner, choices={(key, "sms"): "daily"})
        assert Preference.objects.count() == 0

    def test_blocked_address_is_told_and_tried_again(self, owner: User) -> None:
        BlockedAddress.objects.create(address="owner@savanna.example", reason="bounced", blocked_at=AT)
        client = client_of(owner)
        assert "We do not write to owner@savanna.example at the moment" in client.get(SETTINGS).text
        assert client.post(f"{SETTINGS}address/").status_code == 302
        assert BlockedAddress.objects.count() == 0


class TestUnsubscribing:
    @pytest.fixture
    def address(self, owner: User) -> str:
        tell(owner)
        deliveries.send(Delivery.objects.get().pk)
        found = re.fullmatch(r"<http://127\.0\.0\.1:8000(/.+)>", mail.outbox[0].extra_headers["List-Unsubscribe"])
        assert found
        return found[1]

    def test_mail_program_unsubscribes_with_one_post(self, owner: User, address: str) -> None:
        answer = Client(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert list(Preference.objects.values_list("user__email", "section", "channel", "choice")) == [
            ("owner@savanna.example", "Team", "email", "never")
        ]
        tell(owner, key="2")
        assert Delivery.objects.count() == 1

    def test_opening_the_link_asks_first(self, address: str) -> None:
        answer = Client().get(address)
        assert "We send e-mails about “Team” to owner@savanna.example." in answer.text
        assert Preference.objects.count() == 0

    def test_changed_link_is_unknown(self, address: str) -> None:
        assert Client().post(f"{address[:-2]}x/").status_code == 404
        assert Client().post(address.replace(":", "", 1)).status_code == 404
        assert Preference.objects.count() == 0

    def test_digest_is_ended_for_all_sections(self, owner: User, stranger: User) -> None:
        for user in (owner, stranger):
            preferences.choose(user=user, choices={("Team", "email"): "daily", ("Gossip", "email"): "now"})
        address = deliveries.unsubscribe_url(owner.pk, "").removeprefix("http://127.0.0.1:8000")
        Client().post(address)
        assert {(user.email, *preferences.of_person(user).values()) for user in (owner,)}
        assert preferences.of_person(owner)["Team", "email"] == "never"
        assert preferences.of_person(owner)["Gossip", "email"] == "now"
        assert preferences.of_person(stranger)["Team", "email"] == "daily"


class TestOutbox:
    @pytest.fixture
    def message(self, settings, owner: User) -> OutboxMessage:
        settings.EMAIL_BACKEND = OUTBOX
        tell(owner)
        deliveries.send(Delivery.objects.get().pk)
        return OutboxMessage.objects.get()

    def test_staff_read_each_mail_as_it_would_have_come(self, message: OutboxMessage, support: User) -> None:
        client = client_of(support)
        assert "Amina Hassan wants to join Savanna Foods" in client.get("/outbox/?q=owner@savanna").text
        assert "Nothing was written yet" in client.get("/outbox/?q=nobody").text
        page = client.get(f"/outbox/{message.public_id}/").text
        assert "List-Unsubscribe-Post" in page
        framed = client.get(f"/outbox/{message.public_id}/html/")
        assert framed.text == message.html
        policy = framed["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "sandbox allow-popups" in policy

    @pytest.mark.parametrize("who", ["owner", "developer", "editor", "stranger"])
    def test_to_others_it_does_not_exist(
        self, request: pytest.FixtureRequest, who: str, message: OutboxMessage
    ) -> None:
        client = client_of(request.getfixturevalue(who))
        for address in ("/outbox/", f"/outbox/{message.public_id}/", f"/outbox/{message.public_id}/html/"):
            assert client.get(address).status_code == 404

    def test_plain_mail_is_kept_too(self, settings, db: None) -> None:
        settings.EMAIL_BACKEND = OUTBOX
        assert send_mail("Subject", "Text", None, ["a@example.com", "b@example.com"]) == 1
        kept = OutboxMessage.objects.get()
        assert (kept.subject, kept.text, kept.html, kept.recipients) == (
            "Subject",
            "Text",
            "",
            "a@example.com, b@example.com",
        )


class TestAccountMails:
    def test_reset_wears_the_brand_in_html_and_text(self, owner: User) -> None:
        BrandSettings.objects.update_or_create(pk=1, defaults={"name": "Kijani <b>", "accent": "#00695c"})
        page_cache.generation.renew()
        Client().post("/accounts/password/reset/", {"email": owner.email})
        (message,) = mail.outbox
        html = str(message.alternatives[0][0])
        assert message.subject == "Choose a new password"
        assert "Kijani &lt;b&gt;" in html
        assert "#00695c" in html
        assert "Kijani <b>, http://127.0.0.1:8000" in message.body
        (link,) = set(re.findall(r"http://testserver/accounts/password/reset/key/\S+?/(?=[\s\"<])", html))
        assert link in message.body
        assert f'href="{link}"' in html
        assert "List-Unsubscribe" not in message.extra_headers

    def test_sign_up_asks_to_confirm(self, db: None) -> None:
        password = "correct horse battery"
        person = {"first_name": "Amina", "last_name": "Hassan", "email": "o'hara@example.com", "consent": "on"}
        Client().post("/accounts/signup/", {**person, "password1": password, "password2": password})
        (message,) = mail.outbox
        assert message.subject == "Confirm your e-mail address"
        assert "Confirm o'hara@example.com" in message.body, "not escaped in text"
        assert "Confirm my address:\nhttp://testserver/accounts/confirm-email/" in message.body
