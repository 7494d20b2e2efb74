"""Deleting many rows in the admin at once: only those within one's reach, and no others are named."""

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import Company, User
from portal.notifications.models import BlockedAddress
from portal.teams.models import Agency, Developer
from tests.cast import client_of
from tests.factories import AgencyFactory, AssignmentFactory


@pytest.fixture
def blocked(db: None) -> BlockedAddress:
    return BlockedAddress.objects.create(address="private@acacia.example", reason="bounced", blocked_at=timezone.now())


@pytest.mark.parametrize("model", [BlockedAddress, Agency, Developer])
@pytest.mark.parametrize("chosen", ["all", "one"])
def test_who_may_not_delete_is_told_no_names(
    editor: User, blocked: BlockedAddress, developer: User, agency_admin: User, model: Any, chosen: str
) -> None:
    address = reverse("wagtail_bulk_action", args=[model._meta.app_label, model._meta.model_name, "delete"])
    row = model.objects.get()
    for method in ("get", "post"):
        answer = getattr(client_of(editor), method)(f"{address}?id={row.pk if chosen == 'one' else 'all'}")
        assert answer.status_code == 404
    assert model.objects.filter(pk=row.pk).exists()


def test_who_may_delete_does(finance: User, blocked: BlockedAddress) -> None:
    address = reverse("wagtail_bulk_action", args=["notifications", "blockedaddress", "delete"])
    client = client_of(finance)
    assert blocked.address in client.get(f"{address}?id={blocked.pk}").content.decode()
    assert client.post(f"{address}?id={blocked.pk}").status_code == 302
    assert not BlockedAddress.objects.exists()


@pytest.mark.parametrize(
    ("name", "has_boxes"),
    [
        ("accounts_company", False),
        ("teams_assignment", False),
        ("notifications_messagetemplate", False),
        ("accounts_retentionperiod", False),
        ("approvals_approval", True),
        ("notifications_blockedaddress", True),
    ],
)
def test_rows_can_be_selected_where_something_can_be_done_to_many(
    staff: User, company: Company, blocked: BlockedAddress, name: str, has_boxes: bool
) -> None:
    AssignmentFactory.create(company=company, notice=True)
    page: Any = client_of(staff).get(reverse(f"wagtailsnippets_{name}:list"), follow=True)
    assert ("bulk_actions" in page.context_data["table"].columns) is has_boxes


def test_forms_of_snippets_have_a_heading_for_those_who_do_not_see(staff: User) -> None:
    agency, client = AgencyFactory.create(name="Talent Works"), client_of(staff)
    for name, args, heading in (("add", [], "New: Agency"), ("edit", [agency.pk], "Editing: Talent Works")):
        page = client.get(reverse(f"wagtailsnippets_teams_agency:{name}", args=args)).text
        assert re.findall(r"<h1[^>]*>\s*(.*?)\s*</h1>", page) == [heading]
    listed = client.get(reverse("wagtailsnippets_teams_agency:list")).text
    assert listed.count("<h1") == 1
