"""What stood in the database before a rule came is led to it."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from home.models import Announcement


@pytest.mark.django_db(transaction=True)
def test_announcements_that_ended_before_they_started_stay_unseen() -> None:
    now = timezone.now()
    call_command("migrate", "home", "0006", verbosity=0, skip_checks=True)
    try:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO home_announcement (title, text, level, link, desks, starts_at, ends_at) "
                "VALUES (%s, '', 'info', '', '{}', %s, %s)",
                [
                    ("Swapped", now - timedelta(hours=1), now - timedelta(hours=2)),
                    ("Right", now - timedelta(hours=2), now + timedelta(hours=1)),
                ],
            )
    finally:
        call_command("migrate", "home", verbosity=0, skip_checks=True)
    assert [row.title for row in Announcement.objects.shown(kind="company", at=now)] == ["Right"]
    assert Announcement.objects.count() == 2
    Announcement.objects.all().delete()
