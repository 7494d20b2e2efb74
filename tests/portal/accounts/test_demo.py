"""The demo world's companies: one verified, one waiting, one turned down; a second run changes nothing."""

from pathlib import Path

import pytest
from django.conf import settings

from home.demo import people
from home.setup import groups
from portal.accounts.models import Company, Invitation, VerificationDocument
from portal.activity.models import ActivityEvent
from portal.approvals.models import Approval
from portal.notifications.models import Notification


@pytest.fixture
def demo(db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # What products sign in with is kept there: another test process would make it anew.
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path)
    groups.create()
    people.create()


def counts() -> tuple[int, ...]:
    models = (Company, Invitation, VerificationDocument, Approval, ActivityEvent, Notification)
    return tuple(model.objects.count() for model in models)


def test_each_state_has_a_company(demo: None) -> None:
    # Others are there to be compared with, and nobody signs in for them.
    with_members = Company.objects.exclude(memberships=None).order_by("slug")
    states = dict(with_members.values_list("slug", "verification"))
    assert states == {"northwind-labs": "rejected", "ridgeline-sacco": "pending", "savanna-foods": "verified"}
    savanna = Company.objects.get(slug="savanna-foods")
    assert (savanna.tax_id, savanna.email_domain) == ("P051365947M", "savanna.example")
    assert Company.objects.get(is_labs_customer=True).slug == "northwind-labs"
    assert sorted(Invitation.objects.values_list("email", flat=True)) == [
        "accounts@savanna.example",
        "depot@savanna.example",
    ]


def test_everybody_has_read_and_unread_notifications(demo: None) -> None:
    for person in people.PEOPLE:
        told = Notification.objects.filter(recipient__email=person.email)
        assert (told.unread().exists(), told.exclude(read_at=None).exists()) == (True, True), person.email


def test_a_second_run_changes_nothing(demo: None) -> None:
    before = counts()
    people.create()
    assert counts() == before
