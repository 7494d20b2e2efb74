"""What readers get follows each thing that editors do to pages, and never needs a rebuild."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from helpcenter.knowledge.models import (
    ArticlePage,
    FAQPage,
    HelpDocument,
    HelpIndexPage,
    SearchDocument,
    TopicPage,
    TroubleshootingPage,
    TutorialPage,
    Word,
)
from helpcenter.knowledge.services import publishing
from helpcenter.knowledge.tasks import publish_scheduled
from portal.accounts.models import User
from tests.cast import client_of
from tests.factories import ProductFactory
from tests.helpcenter.knowledge import pages
from tests.helpcenter.knowledge.stored import assert_nothing_to_mend, snapshot

pytestmark = pytest.mark.usefixtures("portal_site")


@pytest.fixture(autouse=True)
def _nothing_to_mend(portal_site: None) -> Iterator[None]:
    """After each of these tests, a rebuild must find nothing to change."""
    yield
    assert_nothing_to_mend()


def document(page: Page) -> HelpDocument:
    return HelpDocument.objects.select_related("audience").get(pk=page.pk)


def status(path: str) -> int:
    return Client().get(path).status_code


def test_publishing_writes_the_document_and_the_index() -> None:
    erp = ProductFactory.create(slug="erp")
    shelf = pages.topic("Invoices")
    page = pages.article(
        "Send an invoice",
        shelf,
        summary="How to send it.",
        keywords="bill, post",
        product=erp,
        body=[pages.block("heading", {"text": "First", "level": "2", "anchor": ""}), pages.text("<p>Open it.</p>")],
    )
    written = document(page)
    assert (written.path, written.kind, written.title) == (
        "/help/invoices/send-an-invoice/",
        "article",
        "Send an invoice",
    )
    assert (written.summary, written.keywords, written.product) == ("How to send it.", "bill, post", erp)
    assert (written.headings, written.topic_id, written.minutes) == ("First", shelf.pk, 1)
    assert written.toc == [{"level": 2, "text": "First", "anchor": "first"}]
    assert written.breadcrumbs == [{"title": "Invoices", "url": "/help/invoices/"}]
    assert "Open it." in written.text
    assert SearchDocument.objects.get(pk=page.pk).title == "send an invoice"
    assert Word.objects.get(word="invoice").frequency == 1


def test_a_draft_is_nowhere() -> None:
    page = pages.article("Draft of a secret", live=False)
    assert not HelpDocument.objects.filter(pk=page.pk).exists()
    assert not Word.objects.filter(word="secret").exists()
    assert status("/help/draft-of-a-secret/") == 404


def test_a_draft_of_a_live_page_changes_nothing_for_readers() -> None:
    page = pages.article("Before")
    page.title = "After"
    page.save_revision()
    assert document(page).title == "Before"


def test_editing_replaces_words_and_text() -> None:
    page = pages.article("Zebra", body=[pages.text("<p>Striped</p>")])
    page.title, page.body = "Giraffe", [pages.text("<p>Tall</p>")]
    pages.publish(page)
    assert (document(page).title, document(page).text) == ("Giraffe", "Tall")
    assert not Word.objects.filter(word__in=["zebra", "striped"]).exists()
    assert Word.objects.filter(word__in=["giraffe", "tall"]).count() == 2


def test_restricting_a_topic_restricts_all_below() -> None:
    shelf = pages.topic("Shelf")
    inner = pages.topic("Inner", shelf)
    page = pages.article("Deep down", inner)
    assert status("/help/shelf/inner/deep-down/") == 200
    shelf.audience = ["staff"]
    pages.publish(shelf)
    assert [document(p).audience.rule for p in (shelf, inner, page)] == ['[["staff"]]'] * 3
    assert status("/help/shelf/inner/deep-down/") == 404
    assert SearchDocument.objects.get(pk=page.pk).audience == document(page).audience


def test_opening_a_topic_opens_all_below() -> None:
    shelf = pages.topic("Shelf", audience=["staff"])
    pages.article("Deep down", shelf)
    shelf.audience = []
    pages.publish(shelf)
    assert status("/help/shelf/deep-down/") == 200


def test_moving_takes_address_crumbs_and_readers_along() -> None:
    public, closed = pages.topic("Public"), pages.topic("Closed", audience=["staff"])
    inner = pages.topic("Inner", public)
    page = pages.article("Page", inner)
    inner.move(closed, pos="last-child")
    moved = document(page)
    assert moved.path == "/help/closed/inner/page/"
    assert [crumb["url"] for crumb in moved.breadcrumbs] == ["/help/closed/", "/help/closed/inner/"]
    assert (moved.audience.rule, moved.topic_id) == ('[["staff"]]', inner.pk)
    assert status("/help/closed/inner/page/") == 404


def test_moving_leaves_a_redirect_for_the_page_and_those_below() -> None:
    one, other = pages.topic("One"), pages.topic("Other")
    inner = pages.topic("Inner", one)
    pages.article("Page", inner)
    inner.move(other, pos="last-child")
    for old, new in {"inner/": "inner/", "inner/page/": "inner/page/"}.items():
        answer = Client().get(f"/help/one/{old}")
        assert (answer.status_code, answer["Location"]) == (301, f"/help/other/{new}")


def test_an_old_address_does_not_tell_where_a_closed_page_went(staff: User) -> None:
    public, closed = pages.topic("Public"), pages.topic("Closed", audience=["staff"])
    page = pages.article("Page", public)
    page.move(closed, pos="last-child")
    assert status("/help/public/page/") == 404
    assert client_of(staff).get("/help/public/page/")["Location"] == "/help/closed/page/"


def test_a_new_slug_leaves_a_redirect_for_the_page_and_those_below(django_capture_on_commit_callbacks) -> None:
    shelf = pages.topic("Shelf")
    pages.article("Page", shelf)
    shelf.slug = "rack"
    with django_capture_on_commit_callbacks(execute=True):
        pages.publish(shelf)
    assert status("/help/rack/page/") == 200
    assert Client().get("/help/shelf/page/")["Location"] == "/help/rack/page/"
    assert Client().get("/help/shelf/")["Location"] == "/help/rack/"


def test_reordering_changes_neighbours_alone() -> None:
    shelf = pages.topic("Shelf")
    first, second = pages.article("First", shelf), pages.article("Second", shelf)
    before = snapshot()
    Page.objects.get(pk=second.pk).move(Page.objects.get(pk=first.pk), pos="left")
    assert snapshot() == before
    assert Client().get("/help/shelf/second/").context["neighbours"].following.pk == first.pk


def test_renaming_a_topic_renames_it_in_the_crumbs_below() -> None:
    shelf = pages.topic("Shelf")
    page = pages.article("Page", shelf)
    shelf.title = "Rack"
    pages.publish(shelf)
    assert document(page).breadcrumbs == [{"title": "Rack", "url": "/help/shelf/"}]


def test_two_pages_may_swap_addresses_in_one_go() -> None:
    one, other = pages.article("One"), pages.article("Other")
    with publishing.batched():
        for page, slug in ((one, "on-the-way"), (other, "one"), (one, "other")):
            page.slug = slug
            pages.publish(page)
    assert (document(one).path, document(other).path) == ("/help/other/", "/help/one/")


def test_a_batch_also_corrects_pages_outside_of_it() -> None:
    shelf = pages.topic("Shelf")
    page = pages.article("Page", shelf)
    with publishing.batched():
        shelf.audience, shelf.title = ["staff"], "Rack"
        pages.publish(shelf)
    assert document(page).audience.rule == '[["staff"]]'
    assert document(page).breadcrumbs[0]["title"] == "Rack"


def test_unpublishing_a_topic_lifts_what_lies_below() -> None:
    shelf = pages.topic("Shelf")
    inner = pages.topic("Inner", shelf)
    page = pages.article("Page", inner)
    inner.unpublish()
    assert not HelpDocument.objects.filter(pk=inner.pk).exists()
    assert document(page).topic_id == shelf.pk
    assert [crumb["title"] for crumb in document(page).breadcrumbs] == ["Shelf"]
    assert status("/help/shelf/inner/page/") == 200
    pages.publish(inner)
    assert document(page).topic_id == inner.pk


def test_deleting_a_topic_deletes_what_lies_below_with_all_traces() -> None:
    shelf = pages.topic("Shelf")
    pages.article("Rhinoceros", shelf)
    Page.objects.get(pk=shelf.pk).delete()
    assert (HelpDocument.objects.count(), SearchDocument.objects.count(), Word.objects.count()) == (0, 0, 0)
    assert status("/help/shelf/rhinoceros/") == 404


def test_a_copy_has_a_document_of_its_own_and_no_source() -> None:
    page = pages.article("Page", source="guide.md", source_hash="abc")
    copy = page.copy(update_attrs={"slug": "copy", "title": "Copy"})
    assert document(copy).path == "/help/copy/"
    assert (copy.source, copy.source_hash) == ("", "")


def test_scheduled_publishing_waits_for_its_time() -> None:
    page = pages.article("Later", live=False)
    page.go_live_at = timezone.now() + timedelta(hours=1)
    revision = page.save_revision()
    revision.publish()
    publish_scheduled()
    assert status("/help/later/") == 404
    revision.content["go_live_at"] = revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    revision.save()
    publish_scheduled()
    assert status("/help/later/") == 200


def test_an_expired_page_is_withdrawn() -> None:
    page = pages.article("Offer")
    Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    assert status("/help/offer/") == 200
    publish_scheduled()
    assert status("/help/offer/") == 404
    assert not HelpDocument.objects.filter(pk=page.pk).exists()


class TestReferences:
    """Pages that name others."""

    def related(self, page: Page) -> str:
        return document(page).body_html

    def test_a_list_of_pages_names_only_what_every_reader_may_see(self) -> None:
        open_page, closed = pages.article("Open page"), pages.article("Closed page", audience=["staff"])
        page = pages.article("Public", body=[pages.links_to(open_page, closed)])
        assert "Open page" in self.related(page)
        assert "Closed page" not in self.related(page)

    def test_what_is_not_named_cannot_be_searched_or_read_by_machine(self) -> None:
        closed = pages.article("Wombat", audience=["staff"])
        page = pages.made(FAQPage, "Public?", body=[pages.text("<p>Yes</p>"), pages.links_to(closed)])
        written = document(page)
        assert (written.text, written.structured_data["mainEntity"][0]["acceptedAnswer"]["text"]) == ("Yes", "Yes")
        assert "Read next" not in written.body_html
        assert [word.audience.rule for word in Word.objects.filter(word="wombat")] == ['[["staff"]]']

    def test_pages_for_the_same_readers_may_name_each_other(self) -> None:
        closed = pages.article("Closed page", audience=["staff"])
        assert "Closed page" in self.related(pages.article("Also", audience=["staff"], body=[pages.links_to(closed)]))

    def test_restricting_a_page_takes_it_from_lists_elsewhere(self) -> None:
        target = pages.article("Target page")
        page = pages.article("Public", body=[pages.links_to(target)])
        target.audience = ["staff"]
        pages.publish(target)
        assert "Target page" not in self.related(page)

    def test_restricting_a_topic_takes_pages_below_from_lists_elsewhere(self) -> None:
        shelf = pages.topic("Shelf")
        target = pages.article("Target page", shelf)
        page = pages.article("Public", body=[pages.links_to(target)])
        shelf.audience = ["staff"]
        pages.publish(shelf)
        assert "Target page" not in self.related(page)

    def test_opening_a_page_takes_from_its_lists_what_not_all_its_readers_may_see(self) -> None:
        target = pages.article("Target page", audience=["staff"])
        shelf = pages.topic("Shelf", audience=["staff"])
        page = pages.article("Page", shelf, body=[pages.links_to(target)])
        assert "Target page" in self.related(page)
        shelf.audience = []
        pages.publish(shelf)
        assert "Target page" not in self.related(page)

    def test_a_page_enters_lists_when_it_is_published(self) -> None:
        target = pages.article("Target page", live=False)
        page = pages.article("Public", body=[pages.links_to(target)])
        assert "Target page" not in self.related(page)
        pages.publish(target)
        assert "Target page" in self.related(page)

    def test_a_new_title_shows_in_lists_elsewhere(self) -> None:
        target = pages.article("Old title")
        page = pages.article("Public", body=[pages.links_to(target)])
        target.title = "New title"
        pages.publish(target)
        assert "New title" in self.related(page)
        assert "Old title" not in self.related(page)

    @pytest.mark.parametrize("how", ["unpublish", "delete"])
    def test_a_page_leaves_lists_and_links_when_it_goes(self, how: str) -> None:
        target = pages.article("Target page")
        page = pages.article("Public", body=[pages.links_to(target), pages.link(target, "read on")])
        getattr(target, how)()
        assert "Target page" not in self.related(page)
        assert "read on" in self.related(page)

    def test_links_follow_a_page_that_moves(self) -> None:
        one, other = pages.topic("One"), pages.topic("Other")
        target, sibling = pages.article("Target page", one), pages.article("Sibling", one)
        page = pages.article("Public", body=[pages.link(target, "read on"), pages.links_to(target)])
        inside = pages.article("Inside", one, body=[pages.link(sibling, "beside")])
        one.move(other, pos="last-child")
        assert self.related(page).count('href="/help/other/one/target-page/"') == 2
        assert 'href="/help/other/one/sibling/"' in self.related(inside)

    def test_links_follow_a_new_slug(self) -> None:
        target = pages.article("Target page")
        page = pages.article("Public", body=[pages.link(target, "read on")])
        target.slug = "goal"
        pages.publish(target)
        assert 'href="/help/goal/"' in self.related(page)


def test_every_page_type_survives_a_rebuild_by_command(capsys: pytest.CaptureFixture[str]) -> None:
    step = pages.block("step", {"title": "Do it", "body": [pages.text("<p>Now</p>")]})
    start = {"key": "start", "title": "On?", "body": [], "answers": [{"label": "No", "goto": "end", "page": None}]}
    end = {"key": "end", "title": "Switch it on", "body": [], "answers": []}
    shelf = pages.topic("Shelf", body=[pages.text("<p>About</p>")])
    pages.article("Article", shelf, body=[pages.text("<p>Text</p>")])
    pages.made(FAQPage, "Why?", shelf, body=[pages.text("<p>Because</p>")])
    pages.made(TutorialPage, "Lesson", shelf, steps=[step], minutes=9)
    pages.made(TroubleshootingPage, "Walk", shelf, nodes=[pages.block("node", start), pages.block("node", end)])
    before = snapshot()
    call_command("reindex_help")
    assert snapshot() == before
    assert capsys.readouterr().out == "5 help pages were written anew.\n"
    kinds = {"topic": TopicPage, "article": ArticlePage, "faq": FAQPage}
    assert {kind: type(HelpDocument.objects.filter(kind=kind).get().page.specific) for kind in kinds} == kinds
    assert HelpDocument.objects.get(kind="tutorial").minutes == 9


def test_a_rebuild_mends_what_was_lost() -> None:
    pages.article("Page")
    before = snapshot()
    HelpDocument.objects.update(title="Wrong", path="/help/wrong/")
    Word.objects.all().delete()
    publishing.rebuild()
    assert snapshot() == before


def test_the_front_of_the_help_center_stays_where_products_link_to() -> None:
    index = HelpIndexPage.objects.get()
    index.move(index.get_parent(), pos="last-child")
    assert status("/help/") == 200
