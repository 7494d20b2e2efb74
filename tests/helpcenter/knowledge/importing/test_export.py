"""What is exported can be imported again, as the same pages, for the same readers."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from helpcenter.knowledge.models import ArticlePage, HelpIndexPage, HelpPage, TopicPage
from portal.accounts.models import Company, User
from tests.helpcenter.knowledge.importing.commands import counted, export_help, import_help
from tests.helpcenter.knowledge.importing.world import furnish, state
from tests.helpcenter.knowledge.pages import made, text

pytestmark = pytest.mark.usefixtures("help_center")


def clear() -> None:
    """An empty help center."""
    for page in HelpIndexPage.objects.get().get_children():
        page.specific.delete()


def test_pages_of_every_type_come_back_the_same(
    tmp_path: Path, company: Company, other_company: Company, editor: User
) -> None:
    furnish(company, other_company, editor)
    before = state()
    first = export_help(tmp_path / "first")
    clear()
    status, output = import_help(tmp_path / "first")
    assert (status, counted(output)) == (0, {"created": 7})
    assert counted(output, "images") == {"unchanged": 2}
    assert state() == before
    assert export_help(tmp_path / "second") == first


def test_images_and_attachments_come_back_where_there_are_none(
    tmp_path: Path,
    company: Company,
    other_company: Company,
    editor: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    furnish(company, other_company, editor)
    first = export_help(tmp_path / "first")
    clear()
    with django_capture_on_commit_callbacks(execute=True):
        get_image_model().objects.all().delete()
        get_document_model().objects.all().delete()
    _, output = import_help(tmp_path / "first")
    assert counted(output, "images") == {"created": 2}
    assert export_help(tmp_path / "second") == first


def test_import_of_an_export_beside_the_pages_keeps_them_apart(
    tmp_path: Path, company: Company, other_company: Company, editor: User
) -> None:
    furnish(company, other_company, editor)
    export_help(tmp_path / "first", under="ours")
    status, output = import_help(tmp_path / "first", under="copy")
    assert (status, counted(output)) == (0, {"created": 3})
    assert HelpPage.objects.filter(title="Learn").count() == 2


def test_drafts_and_what_stands_below_them_are_not_exported(tmp_path: Path) -> None:
    closed = made(TopicPage, "Closed", live=False)
    made(ArticlePage, "Below", closed, body=[text("<p>secret one</p>")])
    made(ArticlePage, "Draft", body=[text("<p>secret two</p>")], live=False)
    page = made(ArticlePage, "Live", body=[text("<p>open</p>")])
    page.title, page.body = "Secret three", [("text", "<p>secret four</p>")]
    page.save_revision()
    files = export_help(tmp_path)
    assert set(files) == {"live.md"}
    assert b"open" in files["live.md"]
    assert b"ecret" not in files["live.md"]


def test_files_of_other_names_stay(tmp_path: Path) -> None:
    made(ArticlePage, "Live", body=[text("<p>open</p>")])
    (tmp_path / "mine.txt").write_text("mine")
    assert set(export_help(tmp_path)) == {"live.md", "mine.txt"}


def test_wrong_argument_gets_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"^No topic is called “nothing”\.$"):
        export_help(tmp_path, under="nothing")
    (tmp_path / "file").write_text("")
    made(ArticlePage, "Live")
    with pytest.raises(CommandError, match="file cannot be written to: "):
        export_help(tmp_path / "file")
