"""What editors are told of help pages, and who else is not."""

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from helpcenter.knowledge.models import ArticlePage, BrokenLink, Feedback, HelpDocument, LinkCheck, SearchEvent
from helpcenter.knowledge.services import links
from helpcenter.knowledge.tasks import check_links, run_link_check
from portal.accounts.models import User
from tests.cast import CAST, client_of
from tests.factories import UserFactory
from tests.helpcenter.knowledge import pages

REPORTS = [
    "/admin/reports/help-unhelpful/",
    "/admin/reports/help-unhelpful/results/",
    "/admin/reports/help-stale/",
    "/admin/reports/help-broken-links/",
    "/admin/reports/help-nothing-found/",
    "/admin/reports/help-low-clicks/",
    "/admin/snippets/knowledge/feedback/",
]
pytestmark = pytest.mark.usefixtures("portal_site")


@pytest.mark.parametrize("address", REPORTS)
def test_editors_support_and_administrators_alone_see_reports(address: str, clients: dict[str, Client]) -> None:
    answers = {name: client.get(address).status_code for name, client in clients.items()}
    assert answers == {**dict.fromkeys(CAST, 302), "editor": 200, "staff": 200, "support": 200}


def test_the_menu_offers_reports_to_those_who_see_them(editor: User, support: User, finance: User) -> None:
    words = ("Pages that do not help", "Pages to read again", "Broken links", "Searches that found nothing", "Feedback")
    for user in (editor, support):
        menu = client_of(user).get("/admin/").text
        assert [word for word in words if word not in menu] == []
    menu = client_of(finance).get("/admin/").text
    assert [word for word in words if word in menu] == []


@pytest.mark.parametrize(
    ("report", "words"),
    [
        ("unhelpful", "No reader has said so far that a page did not help."),
        ("stale", "No page is due."),
        ("broken-links", "No broken link is known."),
        ("nothing-found", "Readers found something with every search of the last 90 days."),
        ("low-clicks", "Readers open results of every frequent search."),
    ],
)
def test_an_empty_report_says_what_that_means(report: str, words: str, editor: User) -> None:
    assert words in client_of(editor).get(f"/admin/reports/help-{report}/").text


def test_lists_count_in_words_that_editors_know(editor: User) -> None:
    Feedback.objects.create(page=pages.article("Bad"), visitor="v", is_helpful=False)
    for query in ("whatsapp", "crypto"):
        SearchEvent.objects.create(query=query, results=0, reader="anonymous", at=timezone.now())
    client = client_of(editor)
    assert "1 help page" in client.get("/admin/reports/help-unhelpful/").text
    assert "2 searches" in client.get("/admin/reports/help-nothing-found/").text


def rows(client: Client, address: str) -> list[Any]:
    return list(client.get(address).context["object_list"])


class TestUnhelpful:
    def test_the_worst_page_comes_first_with_its_share(self, editor: User) -> None:
        bad, mixed, good = (pages.article(title) for title in ("Bad", "Mixed", "Good"))
        for page, votes in ((bad, [False]), (mixed, [True, True, False]), (good, [True])):
            for number, is_helpful in enumerate(votes):
                Feedback.objects.create(page=page, visitor=f"v{number}", is_helpful=is_helpful)
        found = rows(client_of(editor), "/admin/reports/help-unhelpful/")
        assert [(row.title, row.no_votes, row.votes, row.no_share) for row in found] == [
            ("Bad", 1, 1, 100),
            ("Mixed", 1, 3, 33),
        ]

    def test_it_can_be_sorted_and_taken_along(self, editor: User) -> None:
        page = pages.article("Bad")
        Feedback.objects.create(page=page, visitor="v", is_helpful=False)
        client = client_of(editor)
        assert [row.title for row in rows(client, "/admin/reports/help-unhelpful/?ordering=-votes")] == ["Bad"]
        export = client.get("/admin/reports/help-unhelpful/?export=csv")
        lines = b"".join(export.streaming_content).decode().splitlines()
        assert lines[1] == "Bad,/help/bad/,100,1,1"

    def test_twenty_pages_take_as_many_queries_as_one(self, editor: User, django_assert_max_num_queries) -> None:
        client = client_of(editor)
        counts = []
        for total in (1, 20):
            for number in range(HelpDocument.objects.count(), total):
                Feedback.objects.create(page=pages.article(f"Page {number}"), visitor="v", is_helpful=False)
            client.get("/admin/reports/help-unhelpful/results/")
            with django_assert_max_num_queries(40) as captured:
                client.get("/admin/reports/help-unhelpful/results/")
            counts.append(len(captured))
        assert counts[0] == counts[1]


class TestStale:
    def test_pages_whose_day_has_come_are_listed_the_oldest_first(self, editor: User) -> None:
        today = timezone.localdate()
        for title, days in (("Today", 0), ("Long ago", 400), ("Tomorrow", -1)):
            pages.article(title, review_on=today - timedelta(days=days))
        pages.article("Never")
        found = rows(client_of(editor), "/admin/reports/help-stale/")
        assert [row.title for row in found] == ["Long ago", "Today"]

    def test_they_can_be_narrowed_to_one_person(self, editor: User) -> None:
        colleague = UserFactory.create()
        pages.article("Mine", review_on=date(2020, 1, 1), reviewer=editor)
        pages.article("Theirs", review_on=date(2020, 1, 1), reviewer=colleague)
        found = rows(client_of(editor), f"/admin/reports/help-stale/?owner={editor.pk}")
        assert [row.title for row in found] == ["Mine"]

    def test_reading_a_page_again_takes_it_off(self, editor: User) -> None:
        page = pages.article("Old", review_on=date(2020, 1, 1))
        page.review_on = timezone.localdate() + timedelta(days=90)
        pages.publish(page)
        assert rows(client_of(editor), "/admin/reports/help-stale/") == []


def found_by_a_check() -> int:
    """Broken links that a check finds now."""
    run_link_check(links.request_check(at=timezone.now()).pk)
    job = LinkCheck.objects.get()
    assert (job.state, job.pages, job.checked) == ("done", HelpDocument.objects.count(), job.pages)
    assert job.found == BrokenLink.objects.count()
    return job.found


def reasons() -> dict[str, str]:
    return dict(BrokenLink.objects.values_list("target", "reason"))


class TestBrokenLinks:
    def test_links_within_the_help_center_are_checked(self) -> None:
        pages.article("Target")
        pages.article("Closed", audience=["staff"])
        html = "".join(
            f'<a href="{target}">x</a>'
            for target in (
                "/help/target/", "/help/target", "/help/target.pdf", "/help/gone/", "/help/closed/", "#first",
                "#second", "/help/", "/help/search/?q=x", "/customer/dashboard/", "https://example.com/help/gone/",
                "mailto:a@b.c",
            )
        )  # fmt: skip
        heading = pages.block("heading", {"text": "First", "level": "2", "anchor": "first"})
        pages.article("Source", body=[heading, pages.text(f"<p>{html}</p>")])
        assert found_by_a_check() == 3
        assert reasons() == {
            "/help/gone/": "No live page has this address.",
            "/help/closed/": "Not everyone who reads this page may read that one.",
            "#second": "The page has no such heading.",
        }

    def test_a_link_to_a_deleted_page_is_found_by_its_words(self) -> None:
        target = pages.article("Target")
        pages.article("Source", body=[pages.link(target, "read on")])
        assert found_by_a_check() == 0
        target.delete()
        assert found_by_a_check() == 1
        assert reasons() == {"read on": "The link has no target: its page or file is gone."}

    def test_an_old_address_with_a_redirect_is_no_fault(self) -> None:
        one, target = pages.topic("One"), pages.article("Target")
        pages.article("Source", body=[pages.text('<p><a href="/help/target/">x</a></p>')])
        target.move(one, pos="last-child")
        assert found_by_a_check() == 0

    def test_a_new_check_forgets_the_old_one(self) -> None:
        page = pages.article("Source", body=[pages.text('<p><a href="/help/gone/">x</a></p>')])
        assert found_by_a_check() == 1
        page.body = []
        pages.publish(page)
        assert found_by_a_check() == 0
        assert BrokenLink.objects.count() == 0

    def test_an_editor_asks_for_a_check_that_the_worker_does_once(
        self, editor: User, django_capture_on_commit_callbacks
    ) -> None:
        pages.article("Source", body=[pages.text('<p><a href="/help/gone/">x</a></p>')])
        client = client_of(editor)
        assert "have not been checked yet" in client.get("/admin/reports/help-broken-links/").text
        for _ in range(2):
            assert client.post("/admin/reports/help-broken-links/").status_code == 302
        (job,) = LinkCheck.objects.all()
        waiting = client.get("/admin/reports/help-broken-links/")
        assert "Links are being checked: waiting for the worker." in waiting.text
        assert waiting["Refresh"] == "5"
        LinkCheck.objects.update(state="running", pages=400, checked=200)
        assert (
            '<progress id="link-check" value="200" max="400">' in client.get("/admin/reports/help-broken-links/").text
        )
        LinkCheck.objects.update(state="queued")
        run_link_check(job.pk)
        run_link_check(job.pk)
        job.refresh_from_db()
        assert (job.state, job.attempts, BrokenLink.objects.count()) == ("done", 1, 1)
        done = client.get("/admin/reports/help-broken-links/")
        assert ": 1 page, 1 broken link." in done.text
        assert "Refresh" not in done

    def test_support_cannot_ask_for_a_check(self, support: User) -> None:
        client = client_of(support)
        assert client.post("/admin/reports/help-broken-links/").status_code == 302
        assert "Check now" not in client.get("/admin/reports/help-broken-links/").text
        assert LinkCheck.objects.count() == 0

    def test_the_night_asks_too_and_one_finished_check_is_kept(self) -> None:
        for _ in range(3):
            check_links()
            run_link_check(LinkCheck.objects.latest("pk").pk)
        assert LinkCheck.objects.count() == 1


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\uff1d"])
def test_no_cell_of_an_export_is_a_formula(editor: User, start: str) -> None:
    text = f"{start}HYPERLINK(1)"
    page = pages.add(ArticlePage(title=text, slug="formula", review_on=date(2020, 1, 1)))
    Feedback.objects.create(page=page, visitor="v", is_helpful=False)
    BrokenLink.objects.create(page=page, target=text, reason="Gone", found_at=timezone.now())
    for _ in range(5):
        SearchEvent.objects.create(query=text, results=0, reader="anonymous", at=timezone.now())
        SearchEvent.objects.create(query=text, results=2, reader="anonymous", at=timezone.now())
    client = client_of(editor)
    for address in REPORTS[::2][:2] + REPORTS[3:6]:
        sheet = b"".join(client.get(f"{address}?export=csv").streaming_content).decode()
        lines = list(csv.reader(StringIO(sheet)))
        assert [row[0] for row in lines[1:]] == [f"'{text}"], address
        book = load_workbook(BytesIO(b"".join(client.get(f"{address}?export=xlsx").streaming_content)))
        cells = [cell for row in book.active.iter_rows(min_row=2) for cell in row]
        assert (cells[0].value, {cell.data_type for cell in cells} & {"f"}) == (f"'{text}", set()), address


class TestMissed:
    def test_the_first_page_shows_what_readers_missed(self, editor: User, support: User) -> None:
        for _ in range(3):
            SearchEvent.objects.create(query="zanzibar levy", results=0, reader="anonymous", at=timezone.now())
        for _ in range(5):
            SearchEvent.objects.create(query="customs duty", results=9, reader="customers", at=timezone.now())
        Feedback.objects.create(page=pages.article("Short"), visitor="v", is_helpful=False)
        for user in (editor, support):
            shown = BeautifulSoup(client_of(user).get("/admin/").text, "html.parser").select(".help-missed li")
            assert [" ".join(row.get_text().split()) for row in shown] == [
                "zanzibar levy × 3",
                "customs duty × 5",
                "Short × 1",
            ]

    def test_finance_sees_nothing_of_it(self, finance: User) -> None:
        assert "What readers missed" not in client_of(finance).get("/admin/").text


class TestWaiting:
    def test_the_first_page_counts_what_waits_for_the_editor(self, editor: User) -> None:
        page = pages.article("Mine", review_on=date(2020, 1, 1), reviewer=editor)
        pages.article("Theirs", review_on=date(2020, 1, 1))
        Feedback.objects.create(page=page, visitor="a", is_helpful=False, comment="Too short")
        Feedback.objects.create(page=page, visitor="b", is_helpful=True)
        BrokenLink.objects.create(page=page, target="/help/x/", reason="Gone", found_at=timezone.now())
        panels = client_of(editor).get("/admin/").context["panels"]
        (panel,) = [panel for panel in panels if panel.name == "help_waiting"]
        request = type("Request", (), {"user": editor})()
        shown = panel.get_context_data({"request": request})["rows"]
        assert [count for _, count, _ in shown] == [1, 1, 1]
        client = client_of(editor)
        for _, count, url in shown:
            assert len(rows(client, url)) == count

    def test_support_sees_nothing_of_it(self, support: User) -> None:
        names = [getattr(panel, "name", "") for panel in client_of(support).get("/admin/").context["panels"]]
        assert "help_waiting" not in names


def test_the_list_of_help_pages_shows_who_keeps_them(editor: User) -> None:
    pages.article("Mine", review_on=date(2030, 1, 2), reviewer=editor)
    listing = client_of(editor).get("/admin/help_pages/").text
    assert "Mine" in listing
    assert str(editor) in listing
    assert "2 January 2030" in listing
    assert "Just now" not in listing.partition("2 January 2030")[2].partition("</tr>")[0]
