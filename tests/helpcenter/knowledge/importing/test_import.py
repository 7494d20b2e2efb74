"""A folder of texts becomes pages, and stays those pages."""

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.contrib.redirects.models import Redirect

from helpcenter.knowledge.models import HelpDocument, HelpPage
from tests.helpcenter.knowledge.importing.commands import Files, counted, import_files, import_help, page
from tests.helpcenter.knowledge.markdown.writing_files import PIXEL

pytestmark = pytest.mark.usefixtures("help_center")
FILES: Files = {
    "index.md": "# The front\n\nWords.\n",
    "pay/index.md": "# Pay\n\nAll about pay.\n",
    "pay/run.md": "# Run the payroll\n\nSee [undo](undo.md).\n",
    "pay/undo.md": "# Undo\n\nBack to the [run](run.md#top) and to [nothing](gone.md). ![Shot](gone.png)\n",
    "include/piece.md": "A piece.\n",
}


def test_files_become_pages_in_the_tree_of_their_folders(tmp_path: Path) -> None:
    status, output = import_files(tmp_path, FILES)
    assert (status, counted(output)) == (0, {"created": 4, "skipped": 1})
    assert page("run").get_parent().specific == page("pay")
    assert page("undo").url in HelpDocument.objects.get(pk=page("run").pk).body_html


def test_missing_files_are_told_and_their_words_kept(tmp_path: Path) -> None:
    _, output = import_files(tmp_path, FILES)
    assert "pay/undo.md: The link to gone.md leads to no file of the folder; its text is kept." in output
    assert "pay/undo.md: The image gone.png is no image of the folder; its description is kept." in output
    body = HelpDocument.objects.get(pk=page("undo").pk).body_html
    assert "and to nothing." in body
    assert "Shot" in body


def test_picture_in_a_cell_is_shown_there_and_fetched_when_near(tmp_path: Path) -> None:
    table = "| Sign | Meaning |\n|---|---|\n| ![It's \\| on](a.png) | On. |\n"
    status, output = import_files(tmp_path, {"p.md": f"# P\n\n{table}", "a.png": PIXEL})
    assert (status, counted(output, "images")) == (0, {"created": 1})
    cell = BeautifulSoup(HelpDocument.objects.get(pk=page("p").pk).body_html, "html.parser").select("td")[0]
    (image,) = cell.select("img")
    assert (image["alt"], image["loading"], image["class"]) == ("It's | on", "lazy", ["cell-picture"])
    assert str(image["src"]).startswith("/media/images/")


def test_page_is_called_as_its_text_is_and_browsers_are_told_the_other_title(tmp_path: Path, client: Client) -> None:
    import_files(tmp_path, {"p.md": "---\ntitle: Pay | Docs\n---\n# How to pay\n\nWords.\n"})
    html = BeautifulSoup(client.get("/help/p/").content, "html.parser")
    assert [heading.text for heading in html.select("h1")] == ["How to pay"]
    assert html.title is not None
    assert html.title.text.strip().startswith("Pay | Docs")
    assert "Pay | Docs" not in html.select("main")[0].text


def test_video_beside_the_text_is_shown_with_its_transcript(tmp_path: Path, client: Client) -> None:
    text = '# P\n\n[!VIDEO clip.webm "How to pay"]\n\n> [!TRANSCRIPT]\n> Choose **Pay**.\n'
    status, output = import_files(tmp_path, {"p.md": text, "clip.webm": b"\x1aE\xdf\xa3"})
    assert (status, counted(output, "images")) == (0, {"created": 1})
    body = BeautifulSoup(client.get("/help/p/").content, "html.parser")
    (video,) = body.select("figure video[controls]")
    assert (video["aria-label"], body.select("figure details p")[0].text) == ("How to pay", "Choose Pay.")
    answer = client.get(str(video["src"]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "video/webm")


def test_second_run_changes_nothing(tmp_path: Path) -> None:
    import_files(tmp_path, FILES)
    before = list(HelpPage.objects.order_by("pk").values_list("pk", "latest_revision_id", "last_published_at"))
    status, output = import_help(tmp_path)
    assert (status, counted(output)) == (0, {"unchanged": 4, "skipped": 1})
    assert list(HelpPage.objects.order_by("pk").values_list("pk", "latest_revision_id", "last_published_at")) == before


def test_edited_file_updates_its_page_alone(tmp_path: Path) -> None:
    import_files(tmp_path, FILES)
    _, output = import_files(tmp_path, {"pay/run.md": "# Run the payroll\n\nOther words.\n"})
    assert counted(output) == {"updated": 1, "unchanged": 3, "skipped": 1}
    assert "Other words." in HelpDocument.objects.get(pk=page("run").pk).body_html
    assert page("run").revisions.count() == 2


def test_moved_file_moves_its_page_and_leaves_a_redirect(
    tmp_path: Path, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    import_files(tmp_path, FILES)
    key = page("run").pk
    (tmp_path / "wages").mkdir()
    (tmp_path / "pay/run.md").rename(tmp_path / "wages/go.md")
    with django_capture_on_commit_callbacks(execute=True):
        _, output = import_help(tmp_path)
    assert counted(output) == {"updated": 2, "unchanged": 2, "skipped": 1}
    assert HelpPage.objects.count() == 5
    assert page("go").pk == key
    assert Redirect.objects.get(old_path="/help/pay/run").redirect_page_id == key
    answer = client.get("/help/pay/run/")
    assert (answer.status_code, answer["Location"]) == (301, "/help/wages/go/")


def test_dry_run_tells_and_writes_nothing(tmp_path: Path) -> None:
    status, output = import_files(tmp_path, FILES, dry_run=True)
    assert (status, counted(output)) == (0, {"created": 4, "skipped": 1})
    assert "Nothing was written" in output
    assert not HelpPage.objects.exists()


def test_topic_that_is_missing_is_made_and_told(tmp_path: Path) -> None:
    status, output = import_files(tmp_path, FILES, under="wages")
    assert status == 0
    assert "There was no topic “wages”: it was made right below the help center." in output
    assert page("pay").get_parent().slug == "wages"


def test_folder_that_is_renamed_keeps_its_pages(tmp_path: Path) -> None:
    import_files(tmp_path, FILES)
    before = {found.title: found.pk for found in HelpPage.objects.all()}
    (tmp_path / "pay").rename(tmp_path / "wages")
    _, output = import_help(tmp_path)
    assert counted(output) == {"updated": 3, "unchanged": 1, "skipped": 1}
    assert {found.title: found.pk for found in HelpPage.objects.all()} == before
    assert page("undo").url == "/help/wages/undo/"
    assert page("undo").url in HelpDocument.objects.get(pk=page("run").pk).body_html


def test_page_whose_file_is_gone_stays_and_is_told(tmp_path: Path) -> None:
    import_files(tmp_path, FILES)
    (tmp_path / "pay/undo.md").unlink()
    status, output = import_help(tmp_path)
    assert status == 0
    assert "Pages of earlier imports without a file here (1) stay: pay/undo.md" in output
    assert page("undo").live
