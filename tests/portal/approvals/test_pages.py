"""Approvals at a company's desk."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.approvals import services
from portal.approvals.models import Approval
from tests.cast import client_of
from tests.portal.approvals.conftest import AT, LATER, Ask

pytestmark = pytest.mark.django_db
LIST = "/customer/team/approvals/"


def page(asked: Approval) -> str:
    return f"{LIST}{asked.public_id}/"


def decision(asked: Approval) -> str:
    return f"{page(asked)}decide/"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


class TestList:
    def test_members_see_what_waits_and_what_was_decided_of_their_company_alone(
        self, ask: Ask, company: Company, other_company: Company, owner: User, viewer: User, staff: User
    ) -> None:
        ask("joining", company=company, label="Waiting one")
        decided = ask("joining", company=company, label="Decided one")
        services.approve(approval=decided, by=staff, at=LATER, comment="Agreed.")
        ask("joining", company=other_company, label="Foreign one"), ask(company=company, label="Staff one")
        for member, words in ((owner, "Your decision"), (viewer, "Your colleagues")):
            waiting, past = text(client_of(member), LIST), text(client_of(member), f"{LIST}?state=decided")
            assert ("Waiting one" in waiting, "Decided one" in waiting) == (True, False)
            assert ("Waiting one" in past, "Decided one" in past) == (False, True)
            assert words in waiting
            assert "Foreign one" not in waiting + past
            assert "Staff one" not in waiting + past

    def test_who_asked_sees_what_staff_are_to_decide(self, ask: Ask, company: Company, owner: User) -> None:
        ask(company=company, by=owner, label="My question")
        shown = text(client_of(owner), LIST)
        assert "My question" in shown
        assert "Our staff" in shown

    def test_ones_own_decisions_stand_before_what_staff_decide(
        self, ask: Ask, company: Company, owner: User, viewer: User
    ) -> None:
        ask(company=company, by=owner, label="Asked first", at=AT)
        ask("joining", company=company, label="Younger", at=AT + timedelta(days=2))
        ask("joining", company=company, label="Older", at=AT + timedelta(days=1))
        shown = text(client_of(owner), LIST)
        assert shown.index("Older") < shown.index("Younger") < shown.index("Asked first")
        assert shown.index("Your decision") < shown.index("Our staff")

    def test_list_is_searched_and_paged(self, ask: Ask, company: Company, owner: User) -> None:
        for number in range(21):
            ask("joining", company=company, label=f"Amina {number}")
        ask("joining", company=company, label="Peter")
        client = client_of(owner)
        assert text(client, f"{LIST}?q=amin").count('data-label="Decision"') == 20
        assert text(client, f"{LIST}?q=amin&page=2").count('data-label="Decision"') == 1
        assert "Nothing has this name" in text(client, f"{LIST}?q=nobody")

    def test_nothing_waits(self, owner: User) -> None:
        assert "Nothing waits" in text(client_of(owner), LIST)
        assert "Nothing has been decided yet" in text(client_of(owner), f"{LIST}?state=decided")

    @pytest.mark.parametrize("query", ["", "?state=decided", "?q=letter"])
    def test_twenty_rows_cost_the_queries_of_one(
        self, ask: Ask, company: Company, owner: User, staff: User, query: str
    ) -> None:
        client = client_of(owner)
        counts = []
        for total in (1, 20):
            while Approval.objects.pending().count() < total:
                ask("joining", company=company, by=staff)
                services.approve(approval=ask("joining", company=company), by=owner, at=LATER)
            client.get(LIST + query)
            with CaptureQueriesContext(connection) as queries:
                assert text(client, LIST + query).count('data-label="Decision"') == total
            counts.append(len(queries))
        # A word that many have is not looked up in the index of words: a query less.
        assert counts[1] == counts[0] - (query == "?q=letter")
        assert counts[0] < 12


class TestDetail:
    def test_member_with_the_right_approves(self, ask: Ask, company: Company, owner: User) -> None:
        asked = ask("joining", company=company, label="Amina")
        client = client_of(owner)
        assert 'value="approve"' in text(client, page(asked))
        answer = client.post(decision(asked), {"decision": "approve", "comment": "Welcome."}, follow=True)
        assert answer.redirect_chain == [(LIST, 302)]
        assert "You approved “Amina”." in answer.content.decode()
        row = Approval.objects.get()
        assert (row.status, row.decided_by, row.comment) == ("approved", owner, "Welcome.")

    def test_rejecting_without_a_reason_shows_the_form_again(self, ask: Ask, company: Company, owner: User) -> None:
        asked = ask("joining", company=company)
        answer = client_of(owner).post(decision(asked), {"decision": "reject", "comment": " "})
        assert "Say why: the people concerned will read it." in answer.content.decode()
        assert Approval.objects.get().status == "pending"
        client_of(owner).post(decision(asked), {"decision": "reject", "comment": "Not now."})
        assert Approval.objects.get().status == "rejected"

    def test_deciding_twice_says_so(self, ask: Ask, company: Company, owner: User, company_admin: User) -> None:
        asked = ask("joining", company=company)
        services.approve(approval=asked, by=company_admin, at=LATER)
        shown = client_of(owner).post(decision(asked), {"decision": "reject", "comment": "No."}).content.decode()
        assert "This is approved already." in shown
        assert 'value="approve"' not in shown
        row = Approval.objects.get()
        assert (row.status, row.decided_by, row.comment) == ("approved", company_admin, "")

    def test_viewer_reads_and_does_not_decide(self, ask: Ask, company: Company, viewer: User) -> None:
        asked = ask("joining", company=company, label="Amina")
        shown = text(client_of(viewer), page(asked))
        assert ("Amina" in shown, 'value="approve"' in shown) == (True, False)
        events = ActivityEvent.objects.count()
        assert client_of(viewer).post(decision(asked), {"decision": "approve"}).status_code == 403
        assert (Approval.objects.get().status, ActivityEvent.objects.count()) == ("pending", events)

    def test_to_strangers_and_at_other_desks_it_does_not_exist(
        self, ask: Ask, company: Company, stranger: User, developer: User, staff: User
    ) -> None:
        asked = ask("joining", company=company, concerns=developer)
        for person in (stranger, developer, staff):
            for answer in (client_of(person).get(page(asked)), client_of(person).post(decision(asked), {})):
                assert answer.status_code == 404
        assert client_of(None).get(page(asked)).status_code == 302
        assert Approval.objects.get().status == "pending"

    def test_form_wants_its_token(self, ask: Ask, company: Company, owner: User) -> None:
        asked = ask("joining", company=company)
        client = Client(enforce_csrf_checks=True)
        client.force_login(owner)
        assert client.post(decision(asked), {"decision": "approve"}).status_code == 403
        assert Approval.objects.get().status == "pending"

    def test_decision_that_makes_no_sense_changes_nothing(self, ask: Ask, company: Company, owner: User) -> None:
        asked = ask("joining", company=company)
        for data in ({}, {"decision": "burn"}, {"decision": "approve", "comment": "x" * 2001}):
            assert client_of(owner).post(decision(asked), data).status_code == 200
        assert Approval.objects.get().status == "pending"
