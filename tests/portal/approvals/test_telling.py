"""Who is told of a question and of a decision, with a way to it that the person may go."""

import pytest

from portal.accounts.models import Company, User
from portal.approvals import services
from portal.notifications.models import Notification
from tests.cast import client_of
from tests.portal.approvals.conftest import LATER, Ask

pytestmark = pytest.mark.django_db


def told() -> dict[str, str]:
    """The kind of notice by the address of who got it."""
    rows = Notification.objects.values_list("recipient__email", "kind")
    assert len(dict(rows)) == len(rows)
    return dict(rows)


def test_members_who_may_decide_are_asked(
    ask: Ask, company: Company, owner: User, company_admin: User, viewer: User, stranger: User
) -> None:
    asked = ask("joining", company=company, by=owner, label="Amina")
    assert told() == {company_admin.email: "approval_asked"}
    notice = Notification.objects.get()
    assert (notice.company, notice.url) == (company, f"/customer/team/approvals/{asked.public_id}/")
    assert notice.subject == "Your decision is asked for: team assignment, Amina"
    assert notice.body.startswith("Test Person")
    assert client_of(company_admin).get(notice.url).status_code == 200


def test_question_to_no_company_asks_no_members(ask: Ask, owner: User) -> None:
    ask("joining")
    assert told() == {}


def test_asker_and_the_one_concerned_are_told_what_was_decided_and_why(
    ask: Ask, company: Company, owner: User, developer: User, support: User
) -> None:
    asked = ask("joining", company=company, by=support, concerns=developer, label="Amina")
    Notification.objects.all().delete()
    services.reject(approval=asked, by=owner, at=LATER, comment="We are complete.")
    assert told() == {support.email: "approval_decided", developer.email: "approval_decided"}
    for notice in Notification.objects.all():
        assert notice.subject == "Decision on team assignment, Amina: rejected"
        assert notice.body == f"{owner} has rejected this: team assignment, Amina.\n\nWe are complete."
        assert notice.company is None
    urls = dict(Notification.objects.values_list("recipient__email", "url"))
    assert urls[support.email] == f"/admin/snippets/approvals/approval/inspect/{asked.pk}/"
    assert urls[developer.email] == "/dashboard/"


def test_nobody_is_told_of_an_own_decision(ask: Ask, staff: User) -> None:
    services.approve(approval=ask(by=staff), by=staff, at=LATER)
    assert told() == {}
