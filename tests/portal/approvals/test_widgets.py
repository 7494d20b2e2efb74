"""Dashboards show each desk what waits for it."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Company, User
from portal.approvals.widgets import Waiting, waiting_for_decision
from portal.core.widgets import Period, Scope
from tests.cast import client_of
from tests.portal.approvals.conftest import LATER, Ask

pytestmark = pytest.mark.django_db


def scope(user: User, kind: str, company: Company | None = None) -> Any:
    membership = user.memberships.get(company=company) if company else None
    request = SimpleNamespace(user=user, desk=SimpleNamespace(kind=kind), membership=membership)
    return Scope(request, Period(date(2026, 3, 1), date(2026, 3, 8)))


def titles(waiting: Waiting) -> list[str]:
    assert waiting.count == len(waiting.items)
    return [item["title"] for item in waiting.items]


def test_company_desk_shows_what_the_member_may_decide(
    ask: Ask, company: Company, other_company: Company, owner: User, viewer: User
) -> None:
    ask("joining", company=company, label="Late", at=LATER), ask("joining", company=company, label="Early")
    ask("joining", company=other_company), ask(company=company)
    assert titles(waiting_for_decision(scope(owner, "company", company))) == ["Early", "Late"]
    assert titles(waiting_for_decision(scope(viewer, "company", company))) == []


def test_staff_desk_shows_what_staff_are_asked(ask: Ask, finance_may: User, company: Company) -> None:
    asked = ask(label="Letter", company=company)
    ask("joining"), ask("payout")
    waiting = waiting_for_decision(scope(finance_may, "staff"))
    assert titles(waiting) == ["Letter"]
    assert waiting.items[0]["url"] == f"/admin/snippets/approvals/approval/inspect/{asked.pk}/"
    assert waiting.items[0]["note"] == "Sending · Savanna Foods"


def test_previews_and_other_desks_show_nobodys(ask: Ask, staff: User) -> None:
    ask(), ask("joining")
    for kind in ("company", "developer"):
        assert titles(waiting_for_decision(scope(staff, kind))) == []


def test_many_cost_two_queries_and_the_oldest_are_listed(ask: Ask, staff: User) -> None:
    for number in range(7):
        ask(label=str(number))
    with CaptureQueriesContext(connection) as queries:
        waiting = waiting_for_decision(scope(staff, "staff"))
    assert ([item["title"] for item in waiting.items], waiting.count, len(queries)) == (["0", "1", "2", "3", "4"], 7, 2)


@pytest.mark.usefixtures("portal_site")
def test_dashboards_show_them(ask: Ask, company: Company, owner: User, developer: User, staff: User) -> None:
    ask("joining", company=company, concerns=developer, label="Amina of Talent"), ask(label="A letter")
    for person, address, words in (
        (owner, "/customer/dashboard/?all=1", "Amina of Talent"),
        (staff, "/staff/dashboard/?all=1", "A letter"),
    ):
        assert words in client_of(person).get(address).content.decode()


def test_widget_says_when_there_is_nothing_or_it_failed() -> None:
    def render(**context: Any) -> str:
        return render_to_string("approvals/widgets/waiting.html", {"value": {"title": "Waiting"}, **context})

    assert "empty-state" in render(data=Waiting([], 0), failed=False)
    failed = render(data=None, failed=True)
    assert "cannot be shown just now" in failed
    assert "empty-state" not in failed
