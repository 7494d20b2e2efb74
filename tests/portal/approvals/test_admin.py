"""The queue in the admin: who sees what, decisions one by one, the panel, the menu, sheets."""

import re
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.approvals import services
from portal.approvals.models import Approval
from portal.core import paging
from tests.cast import client_of
from tests.portal.approvals.conftest import AT, LATER, Ask

pytestmark = pytest.mark.django_db
LIST = "/admin/snippets/approvals/approval/"


def inspect(asked: Approval) -> str:
    return f"{LIST}inspect/{asked.pk}/"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def listed(client: Client, query: str = "?status=") -> list[str]:
    """Labels of the rows, in order."""
    rows = client.get(LIST + query).context["object_list"]
    return [row.subject_label for row in rows]


class TestList:
    def test_staff_see_only_what_they_may_decide(self, ask: Ask, staff: User, finance_may: User) -> None:
        ask(label="Sending"), ask("joining", label="Joining"), ask("payout", label="Payout")
        assert set(listed(client_of(staff))) == {"Sending", "Joining", "Payout"}
        assert set(listed(client_of(finance_may))) == {"Sending", "Joining"}
        assert "Payout" not in text(client_of(finance_may), f"{LIST}?status=")

    def test_others_see_nothing_of_it(self, ask: Ask, support: User, editor: User, owner: User) -> None:
        asked = ask(label="Secret letter")
        chooser, bulk = "/admin/snippets/choose/approvals/approval/", "/admin/bulk/approvals/approval/"
        for person in (support, editor, owner, None):
            client = client_of(person)
            for address in (LIST, f"{LIST}results/", inspect(asked), f"{bulk}approve/?id={asked.pk}"):
                assert client.get(address).status_code in {302, 403, 404}, (person, address)
            for address in (chooser, f"{bulk}delete/?id={asked.pk}", "/admin/"):
                assert "Secret letter" not in client.get(address).content.decode()
            assert client.post(inspect(asked), {"decision": "approve"}).status_code in {302, 403, 404}
        assert Approval.objects.get().status == "pending"

    def test_nobody_adds_edits_copies_deletes_or_chooses(self, ask: Ask, staff: User) -> None:
        asked = ask()
        client = client_of(staff)
        for verb in ("add", f"edit/{asked.pk}", f"copy/{asked.pk}", f"delete/{asked.pk}", f"usage/{asked.pk}"):
            assert client.get(f"{LIST}{verb}/").status_code == 404
            assert client.post(f"{LIST}{verb}/").status_code == 404
        for answer in (client.get, client.post):
            assert answer(f"/admin/bulk/approvals/approval/delete/?id={asked.pk}").status_code == 404
        assert client.get("/admin/snippets/choose/approvals/approval/").status_code == 404
        assert Approval.objects.count() == 1

    def test_list_is_narrowed_and_searched(
        self, ask: Ask, company: Company, other_company: Company, staff: User
    ) -> None:
        now = timezone.now()
        ask(label="Amina", company=company, at=now - timedelta(days=4))
        ask("payout", label="Peter", company=other_company, at=now - timedelta(hours=1))
        services.reject(approval=ask(label="Ruth", at=AT), by=staff, at=LATER, comment="No.")
        client = client_of(staff)
        assert listed(client) == ["Peter", "Amina", "Ruth"]
        for query, found in {
            "?kind=payout": ["Peter"],
            "?company=savan": ["Amina"],
            "?company=nobody": [],
            "?age=3": ["Amina", "Ruth"],
            "?age=7": ["Ruth"],
            "?status=pending&ordering=asked_at": ["Amina", "Peter"],
            "?status=rejected": ["Ruth"],
            "?q=ridgeline": ["Peter"],
            "?q=am": ["Amina"],
            "?q=am&status=rejected": [],
            "?company=savan&q=am": ["Amina"],
            "?company=savan&q=savanna": [],
            "?company=+&q=ridgeline": ["Peter"],
            "?ordering=-decided_at&status=rejected": ["Ruth"],
        }.items():
            assert listed(client, query) == found, query

    def test_twenty_rows_cost_the_queries_of_one(
        self, ask: Ask, company: Company, staff: User, finance_may: User
    ) -> None:
        counts = []
        client = client_of(finance_may)
        for total in (1, 20):
            while Approval.objects.count() < total:
                services.approve(approval=ask(company=company, by=staff), by=staff, at=LATER)
            client.get(f"{LIST}?status=")
            with CaptureQueriesContext(connection) as queries:
                assert len(listed(client)) == total
            counts.append(len(queries))
        assert counts[0] == counts[1]
        assert counts[0] < 12

    @pytest.mark.parametrize(("word", "most_counted", "found"), [("rare", 2_000, 2), ("common", 5, 12)])
    @pytest.mark.parametrize(("decider", "cost"), [("staff", 10), ("finance_may", 11)])
    def test_list_narrowed_in_every_way_costs_eleven_queries_at_most(
        self,
        ask: Ask,
        company: Company,
        staff: User,
        finance_may: User,
        monkeypatch: pytest.MonkeyPatch,
        settings: SimpleNamespace,
        request: pytest.FixtureRequest,
        decider: str,
        cost: int,
        word: str,
        most_counted: int,
        found: int,
    ) -> None:
        """A word of few is looked up first; many rows are estimated after they were counted so far.

        Wagtail asks once more what staff whose rights come from groups may do with files.
        """
        settings.PAGE_CACHE = "process"
        monkeypatch.setattr(paging, "MOST_COUNTED", most_counted)
        for number in range(14):
            asked = ask(company=company, label="Rare" if number < 2 else "Common", by=finance_may)
            services.reject(approval=asked, by=staff, at=LATER, comment="No.")
        client = client_of(request.getfixturevalue(decider))
        asked_for = {"status": "rejected", "company": "savan", "q": word, "kind": "sending", "age": "3"}
        query = f"?{urlencode({**asked_for, 'decider': 'staff', 'ordering': '-decided_at'})}"
        assert len(listed(client, query)) == found
        with CaptureQueriesContext(connection) as queries:
            assert len(listed(client, query)) == found
        assert len(queries) == cost

    def test_number_of_matches_is_a_heading_and_told_at_once(self, ask: Ask, staff: User) -> None:
        ask(), ask("payout")
        page = text(client_of(staff), f"{LIST}?kind=payout")
        assert re.search(r'role="status">\s*<h2>There is 1 match</h2>', page)
        assert '<h2 role="alert">' not in page


class TestInspect:
    def test_decider_reads_facts_and_histories(
        self, ask: Ask, company: Company, staff: User, finance_may: User
    ) -> None:
        first = ask(label="Letter", company=company)
        services.reject(approval=first, by=staff, at=LATER, comment="No stamp yet.")
        ask("payout", subject=first.subject, label="Hidden payout")
        again = ask(subject=first.subject, label="Letter", by=staff, company=company)
        shown = text(client_of(finance_may), inspect(again))
        for words in ("Stamped", "Nairobi", "Savanna Foods", "No stamp yet.", f"{staff} rejected sending"):
            assert words in shown, words
        assert "Payout" not in shown.partition("Earlier about the same")[2].partition("History")[0]

    def test_nothing_is_said_of_earlier_requests_where_there_are_none(self, ask: Ask, finance_may: User) -> None:
        assert "Earlier about the same" not in text(client_of(finance_may), inspect(ask()))

    def test_decision_is_made_and_leads_to_what_waits(self, ask: Ask, finance_may: User) -> None:
        asked = ask()
        answer = client_of(finance_may).post(inspect(asked), {"decision": "approve", "comment": "Fine."})
        assert (answer.status_code, answer["Location"]) == (
            302,
            f"{LIST}?status=pending&decider=staff&ordering=asked_at",
        )
        row = Approval.objects.get()
        assert (row.status, row.decided_by, row.comment) == ("approved", finance_may, "Fine.")

    def test_refusals_show_on_the_page_and_change_nothing(
        self, ask: Ask, company: Company, staff: User, finance_may: User
    ) -> None:
        client = client_of(finance_may)
        joining, mine = ask("joining", company=company), ask("payout", by=staff)
        assert "Say why" in client.post(inspect(joining), {"decision": "approve"}).content.decode()
        assert "Say why" in client.post(inspect(joining), {"decision": "reject"}).content.decode()
        own = client_of(staff).post(inspect(mine), {"decision": "approve"}).content.decode()
        assert "somebody else has to decide" in own
        assert 'value="approve"' not in own
        decided = ask()
        services.approve(approval=decided, by=staff, at=LATER)
        assert "This is approved already." in client.post(inspect(decided), {"decision": "approve"}).content.decode()
        assert Approval.objects.pending().count() == 2

    def test_kind_of_others_does_not_exist(self, ask: Ask, finance_may: User) -> None:
        asked = ask("payout")
        client = client_of(finance_may)
        assert client.get(inspect(asked)).status_code == 404
        assert client.post(inspect(asked), {"decision": "approve"}).status_code == 404
        assert Approval.objects.get().status == "pending"

    def test_form_wants_its_token(self, ask: Ask, staff: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(staff)
        assert client.post(inspect(ask()), {"decision": "approve"}).status_code == 403
        assert Approval.objects.get().status == "pending"


class TestWaiting:
    def test_panel_and_menu_tell_what_waits(self, ask: Ask, staff: User, finance_may: User, editor: User) -> None:
        for number in range(3):
            ask(label=f"Letter {number}", at=AT + timedelta(days=number))
        ask("payout"), ask("joining")
        shown = text(client_of(finance_may), "/admin/")
        panel = shown.partition('id="approvals-waiting"')[2].partition("</section>")[0]
        assert "<strong>3</strong> Sending" in panel
        assert ("Payout" in panel, "Team assignment" in panel) == (False, False)
        assert panel.index("Letter 0") < panel.index("Letter 1") < panel.index("Letter 2")
        assert "Approvals (3)" in shown
        menu = client_of(finance_may).get(LIST)
        assert (f'"{LIST}"' in shown, menu.status_code) == (True, 302), "the menu marks what lies below its address"
        assert menu["Location"] == f"{LIST}?status=pending&decider=staff&ordering=asked_at"
        waiting = text(client_of(finance_may), menu["Location"])
        assert [f"Letter {number}" in waiting for number in range(3)] == [True, True, True]
        assert "Team assignment" not in waiting.partition("<tbody>")[2], "what the company decides is not counted"
        assert waiting.index("Letter 0") < waiting.index("Letter 2")
        theirs = text(client_of(finance_may), f"{LIST}?status=pending&decider=company").partition("<tbody>")[2]
        assert ("Letter 0" in theirs, "Team assignment" in theirs) == (False, True)
        assert "Approvals (4)" in text(client_of(staff), "/admin/")
        assert "approvals-waiting" not in text(client_of(editor), "/admin/")

    def test_panel_names_a_company_once(self, ask: Ask, company: Company, finance_may: User) -> None:
        ask(label="Savanna Foods", company=company, at=timezone.now()), ask(label="Letter", company=company)
        panel = (
            text(client_of(finance_may), "/admin/").partition('class="approval__panel"')[2].partition("</section>")[0]
        )
        assert ("Sending: Savanna Foods</a>, now" in panel, "Letter</a> – Savanna Foods" in panel) == (True, True)

    def test_panel_says_when_nothing_waits(self, finance_may: User) -> None:
        shown = text(client_of(finance_may), "/admin/")
        assert "Nothing waits for your decision." in shown
        assert "Approvals (" not in shown


class TestSheets:
    def test_names_are_no_formulas_and_the_export_is_recorded(self, ask: Ask, company: Company, staff: User) -> None:
        Company.objects.filter(pk=company.pk).update(name="@SUM(A1)")
        wicked = '=HYPERLINK("http://evil.example","x")'
        services.reject(approval=ask(label=wicked, company=company), by=staff, at=LATER, comment="-1+1")
        client = client_of(staff)
        sheet = client.get(f"{LIST}?export=csv").getvalue().decode()
        for cell in (f"'{wicked}".replace('"', '""'), "'@SUM(A1)", "'-1+1"):
            assert cell in sheet, cell
        book = load_workbook(BytesIO(client.get(f"{LIST}?export=xlsx").getvalue()))
        assert {cell.data_type for row in book.active.iter_rows() for cell in row} == {"s", "d", "n"}
        exports = ActivityEvent.objects.filter(verb="approvals.exported", actor=staff).order_by("pk")
        assert [event.data["format"] for event in exports] == ["csv", "xlsx"]

    def test_sheet_holds_what_the_list_shows(self, ask: Ask, finance_may: User) -> None:
        ask(label="Amina"), ask(label="Peter"), ask("payout", label="Amina too")
        sheet = client_of(finance_may).get(f"{LIST}?q=amina&export=csv").getvalue().decode()
        assert [line.split(",")[1] for line in sheet.splitlines()] == ["Subject", "Amina"]
