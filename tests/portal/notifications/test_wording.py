"""Editors reword what is told: drafts, previews, checked merge fields, and a way back."""

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.notifications import letters
from portal.notifications.models import Delivery, MessageTemplate
from portal.notifications.services import deliveries, wording
from tests.cast import client_of
from tests.portal.notifications.conftest import KINDS
from tests.portal.notifications.telling import tell

ADMIN = "/admin/snippets/notifications/messagetemplate/"


@pytest.fixture
def template(portal_groups: None) -> MessageTemplate:
    wording.complete()
    return MessageTemplate.objects.get(kind="team_approval")


def save(client: Client, template: MessageTemplate, *, publish: bool = False, **fields: str) -> int:
    data = {"subject": template.subject, "body": template.body, **fields}
    if publish:
        data["action-publish"] = "1"
    return int(client.post(f"{ADMIN}edit/{template.pk}/", data).status_code)


def test_every_kind_has_a_row_with_its_own_words(template: MessageTemplate) -> None:
    assert set(KINDS) < set(MessageTemplate.objects.values_list("kind", flat=True))
    assert (template.live, template.subject) == (False, "{developer} wants to join {company}")


def test_untouched_rows_follow_the_code_and_touched_ones_do_not(template: MessageTemplate, editor: User) -> None:
    MessageTemplate.objects.filter(kind="team_news").update(subject="Of an older release")
    save(client_of(editor), template, subject="Ours", publish=True)
    wording.complete()
    assert MessageTemplate.objects.get(kind="team_news").subject == "News of {company}"
    assert MessageTemplate.objects.get(kind="team_approval").subject == "Ours"


def test_draft_changes_nothing_and_published_words_are_used(
    template: MessageTemplate, editor: User, owner: User
) -> None:
    client = client_of(editor)
    assert save(client, template, subject="Please decide about {developer}") == 302
    (before,) = tell(owner, key="1")
    assert save(client, template, subject="Please decide about {developer}", publish=True) == 302
    (after,) = tell(owner, key="2")
    assert (before.subject, after.subject) == (
        "Amina Hassan wants to join Savanna Foods",
        "Please decide about Amina Hassan",
    )
    deliveries.send(Delivery.objects.get(notification=after).pk)


@pytest.mark.parametrize("publish", [False, True])
@pytest.mark.parametrize(
    "fields", [{"subject": "Dear {name}"}, {"body": "{developer.password} {secret}"}, {"body": "{{ developer }}"}]
)
def test_unknown_merge_field_is_refused(
    template: MessageTemplate, editor: User, fields: dict[str, str], publish: bool
) -> None:
    answer = client_of(editor).post(
        f"{ADMIN}edit/{template.pk}/",
        {"subject": "x", "body": "y", **fields} | ({"action-publish": "1"} if publish else {}),
    )
    assert answer.status_code == 200
    assert "These can be used: {developer}, {company}." in answer.text
    template.refresh_from_db()
    assert (template.live, template.latest_revision_id) == (False, None)


@pytest.mark.parametrize("mode", ["html", "text", "bell"])
def test_preview_has_sample_values(template: MessageTemplate, editor: User, mode: str) -> None:
    client = client_of(editor)
    address = f"{ADMIN}preview/{template.pk}/"
    assert client.post(f"{address}?mode={mode}", {"subject": "Decide on {developer}", "body": "x"}).json()["is_valid"]
    shown = client.get(f"{address}?mode={mode}")
    assert "Decide on Amina Hassan" in shown.text
    if mode == "html":
        assert "style-src 'unsafe-inline'" in shown["Content-Security-Policy"]


def test_reset_asks_and_takes_the_default_words_again(template: MessageTemplate, editor: User, owner: User) -> None:
    client = client_of(editor)
    save(client, template, subject="Ours", publish=True)
    assert "wants to join" in client.get(f"{ADMIN}reset/{template.pk}/").text
    assert client.post(f"{ADMIN}reset/{template.pk}/").status_code == 302
    (told,) = tell(owner)
    template.refresh_from_db()
    assert (told.subject, template.words_in_use) == ("Amina Hassan wants to join Savanna Foods", "Default")
    assert template.revisions.count() == 2, "what was written stays in the history"


def test_rows_are_neither_added_nor_deleted(template: MessageTemplate, staff: User) -> None:
    client = client_of(staff)
    assert client.get(ADMIN).status_code == 200
    for part in ("add/", f"delete/{template.pk}/"):
        assert client.post(ADMIN + part).status_code in {302, 403, 404}
    assert MessageTemplate.objects.filter(pk=template.pk).exists()


def test_who_may_reword(template: MessageTemplate, clients: dict[str, Client]) -> None:
    allowed = {name for name, client in clients.items() if client.get(f"{ADMIN}edit/{template.pk}/").status_code == 200}
    assert allowed == {"editor", "staff"}
    allowed = {
        name for name, client in clients.items() if client.get(f"{ADMIN}reset/{template.pk}/").status_code == 200
    }
    assert allowed == {"editor", "staff"}


def test_deliveries_are_read_by_staff_alone(clients: dict[str, Client], owner: User) -> None:
    tell(owner)
    address = "/admin/snippets/notifications/delivery/"
    seen = {name for name, client in clients.items() if client.get(address).status_code == 200}
    assert seen == {"support", "finance", "staff"}
    delivery = Delivery.objects.get()
    clients["staff"].post(f"{address}edit/{delivery.pk}/", {"channel": "sms"})
    delivery.refresh_from_db()
    assert delivery.channel == "email"


def test_addresses_in_the_text_can_be_followed_whole_and_are_shown_short(db: None) -> None:
    address = "https://portal.example/pay/" + "a1B2" * 30 + "/"
    letter = letters.Letter("Due", "Due", [f"Pay by this link: {address}", "<b>No</b> markup."])
    page = letters.html(letter)
    assert f'<a href="{address}"' in page
    assert f">{address}<" not in page
    assert "&lt;b&gt;No&lt;/b&gt; markup." in page
    assert address in letters.text(letter)
