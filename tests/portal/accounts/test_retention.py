"""What is forgotten, when, and what staff may set."""

import re
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from helpcenter.knowledge.models import LinkCheck, SearchEvent
from portal.accounts.models import Archive, Company, Invitation, RetentionPeriod, SignIn, TokenFamily, User
from portal.accounts.services import archives, cleaning, invitations, sign_ins, tokens
from portal.core.models import IdempotencyKey
from portal.core.privacy import retention_rules
from portal.notifications.models import MailEvent, Notification, OutboxMessage
from portal.notifications.services import notices
from tests.cast import client_of

NOW = timezone.now()
DAY = timedelta(days=1)
# What each rule deletes, the field that its age is told by, and the default in days.
AGED = [
    (IdempotencyKey, "created_at", 1),
    (Notification, "read_at", 365),
    (MailEvent, "finished_at", 365),
    (OutboxMessage, "created_at", 365),
    (SignIn, "last_seen_at", 400),
    (TokenFamily, "expires_at", 30),
    (Invitation, "expires_at", 90),
    (SearchEvent, "at", 400),
    (LinkCheck, "finished_at", 90),
]


@pytest.fixture
def rows(owner: User, company: Company) -> None:
    """Two rows of each kind."""
    for key in ("old", "fresh"):
        IdempotencyKey.objects.create(scope="user 1", key=key, status=200, body=b"", request_hash="")
        notices.notify(kind="member_joined", people=[owner], key=key, at=NOW)
        MailEvent.objects.create(event_id=key, kind="sent", body="{}", happened_at=NOW, state="done", finished_at=NOW)
        OutboxMessage.objects.create(channel="email", recipients="a@b.example")
        sign_ins.begin(user=owner, session_key=key, browser=key, device="Firefox", address=None, at=NOW)
        tokens.issue(user=owner, company=None, is_proven=False, at=NOW)
        invitations.invite(company=company, email=f"{key}@new.example", role="viewer", by=owner, at=NOW)
        SearchEvent.objects.create(query=key, results=1, reader="anonymous", at=NOW)
        LinkCheck.objects.create(state="done", finished_at=NOW)
    Notification.objects.update(read_at=NOW)


def age(model: Any, name: str, at: datetime) -> None:
    """Let the first row be as old as this."""
    model.objects.filter(pk=model.objects.order_by("pk").first().pk).update(**{name: at})


def counts() -> list[int]:
    return [model.objects.count() for model, _field, _days in AGED]


@pytest.mark.parametrize(("model", "name", "days"), AGED)
def test_what_is_older_than_its_period_goes_and_nothing_else(rows: None, model: Any, name: str, days: int) -> None:
    before = counts()
    age(model, name, NOW - timedelta(days=days) + timedelta(minutes=1))
    cleaning.clean_up(at=NOW)
    assert counts() == before
    age(model, name, NOW - timedelta(days=days) - timedelta(minutes=1))
    lines = cleaning.clean_up(at=NOW)
    assert sum(line.rows for line in lines) == 1
    assert counts() == [count - (other is model) for count, (other, _field, _days) in zip(before, AGED, strict=True)]
    assert sum(line.rows for line in cleaning.clean_up(at=NOW)) == 0


def test_a_dry_run_tells_what_would_go_and_changes_nothing(rows: None) -> None:
    for model, name, days in AGED:
        age(model, name, NOW - timedelta(days=days + 1))
    before, out = counts(), StringIO()
    call_command("cleanup_expired_data", "--dry-run", stdout=out)
    assert counts() == before
    text = out.getvalue()
    assert "Would go" in text
    assert "Nothing was changed." in text
    assert all(retention_rules.get(code).label in text for code in retention_rules)
    out = StringIO()
    call_command("cleanup_expired_data", stdout=out)
    assert sum(counts()) == sum(before) - len(AGED)
    assert "Went" in out.getvalue()


def test_many_go_in_batches_and_a_row_that_stays_ends_nothing(rows: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "BATCH", 1)
    SearchEvent.objects.update(at=NOW - 500 * DAY)
    cleaning.clean_up(at=NOW)
    assert SearchEvent.objects.count() == 0


def test_the_file_of_an_archive_goes_after_seven_days_and_the_row_a_year_later(viewer: User) -> None:
    archive = archives.ask(person=viewer, company=None, at=NOW)
    archives.build(pk=archive.pk)
    archive.refresh_from_db()
    storage, name = archive.file.storage, archive.file.name
    cleaning.clean_up(at=NOW + 6 * DAY)
    assert storage.exists(name)
    cleaning.clean_up(at=NOW + 8 * DAY)
    archive.refresh_from_db()
    assert archive.file.name == ""
    cleaning.clean_up(at=NOW + 364 * DAY)
    assert Archive.objects.count() == 1
    cleaning.clean_up(at=NOW + 366 * DAY)
    assert Archive.objects.count() == 0


def test_staff_set_periods_and_never_below_the_minimum(rows: None) -> None:
    RetentionPeriod.objects.filter(rule="searches").update(days=40)
    age(SearchEvent, "at", NOW - 41 * DAY)
    cleaning.clean_up(at=NOW)
    assert SearchEvent.objects.count() == 1
    RetentionPeriod.objects.filter(rule="searches").update(days=0)
    SearchEvent.objects.update(at=NOW - 29 * DAY)
    cleaning.clean_up(at=NOW)
    assert (cleaning.days_of("searches"), SearchEvent.objects.count()) == (30, 1)


def test_periods_are_set_in_the_admin_by_staff_alone(
    staff: User, support: User, editor: User, portal_site: None
) -> None:
    period = RetentionPeriod.objects.get(rule="searches")
    address = f"/admin/snippets/accounts/retentionperiod/edit/{period.pk}/"
    listed = client_of(staff).get("/admin/snippets/accounts/retentionperiod/").content.decode()
    assert "Searches in the help center" in listed
    assert ("400 days" in listed, re.search(r"\s30 days\s", listed) is not None) == (True, True)
    assert "6 years" not in listed
    assert "sort" not in listed.partition("<thead>")[2].partition("</thead>")[0]
    assert client_of(staff).post(address, {"days": 20}).status_code == 200
    for user in (support, editor):
        assert client_of(user).post(address, {"days": 100}).status_code == 302
    period.refresh_from_db()
    assert period.days == 400
    assert client_of(staff).post(address, {"days": 100}).status_code == 302
    period.refresh_from_db()
    assert period.days == 100
    client: Client = client_of(staff)
    assert client.get("/admin/snippets/accounts/retentionperiod/add/").status_code == 302


def test_everybody_can_read_how_long_things_are_kept(viewer: User, portal_site: None) -> None:
    RetentionPeriod.objects.filter(rule="searches").update(days=40)
    for address in ("/accounts/privacy/", "/customer/settings/privacy/"):
        page = client_of(viewer).get(address).content.decode()
        assert "<dt>Searches in the help center</dt><dd>40 days</dd>" in page


def test_a_period_without_end_stops_neither_the_clean_up_nor_the_pages(viewer: User, portal_site: None) -> None:
    period = RetentionPeriod.objects.get(rule="erasures")
    period.days = 2_147_483_647
    with pytest.raises(ValidationError, match="At most 36500 days"):
        period.clean()
    period.save()
    assert cleaning.days_of("erasures") == 36_500
    assert cleaning.clean_up(at=NOW)
    assert client_of(viewer).get("/accounts/privacy/erasure/").status_code == 200


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "not at all"),
        (1, "1 day"),
        (365, "365 days"),
        (366, "1 year"),
        (400, "400 days"),
        (2192, "6 years"),
        (2557, "7 years"),
    ],
)
def test_periods_are_told_in_years_where_they_are_whole(days: int, words: str) -> None:
    assert cleaning.in_words(days) == words
