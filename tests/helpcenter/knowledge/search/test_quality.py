"""The command that measures the search, on a small collection and on a real one."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from helpcenter.knowledge.models import Audience, HelpDocument, SearchDocument, Word
from helpcenter.knowledge.services.quality.questions import misspell

pytestmark = pytest.mark.django_db
REAL = Path(settings.BASE_DIR).parent / "shared" / "data"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A collection of three articles with one question of each kind."""
    folder = tmp_path / "help" / "business-central"
    folder.mkdir(parents=True)
    (tmp_path / "search").mkdir()
    (folder / "levy.md").write_text("---\ntitle: Zanzibar levy\nkeywords: duty\n---\n\nA duty of the islands.\n")
    (folder / "bank.md").write_text("# Bank reconciliation\n\n## Import a statement\n\nMatch entries.\n")
    (folder / "staff.md").write_text("# Pay members of staff\n\n| Who | What |\n|---|---|\n| Driver | Wage |\n")
    (tmp_path / "search" / "qrels-small-anchor-text.tsv").write_text(
        "import the statement\tbank.md\ndriver wage\tstaff.md\n"
    )
    (tmp_path / "search" / "qrels-other-redirects.tsv").write_text("of another collection\tnowhere.md\n")
    return tmp_path


def measure(data: Path, **options: object) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("search_quality", data=data, stdout=out, **options)
    return out.getvalue()


def test_the_table_shows_each_kind_of_question_with_its_bar(data: Path) -> None:
    lines = measure(data).splitlines()
    assert lines[0] == "business-central: 3 articles"
    assert [line.split() for line in lines[2:]] == [
        ["titles", "3", "1.000", "0.95", "1.000"],
        ["misspelt", "titles", "3", "1.000", "0.90", "1.000"],
        ["anchor-text", "2", "1.000", "0.70", "1.000", "0.92"],
        ["keywords", "1", "1.000", "0.45", "1.000"],
    ]


def test_measuring_leaves_nothing_behind(data: Path) -> None:
    measure(data)
    assert [model.objects.count() for model in (HelpDocument, SearchDocument, Word, Audience)] == [0, 0, 0, 0]


def test_below_a_bar_the_command_fails_and_names_what_was_not_found(data: Path) -> None:
    (data / "search" / "qrels-small-anchor-text.tsv").write_text("zxqwv\tbank.md\n")
    out = StringIO()
    with pytest.raises(CommandError, match="below its bars"):
        call_command("search_quality", data=data, missed=True, stdout=out)
    assert "anchor-text, not found: zxqwv" in out.getvalue()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not a folder"):
        measure(tmp_path)


def test_misspelt_titles_are_the_same_each_time_and_one_letter_off() -> None:
    assert misspell("Bank reconciliation") == misspell("Bank reconciliation") != "Bank reconciliation"
    assert misspell("Pay tax") is None


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no articles at {REAL}")
@pytest.mark.parametrize(
    ("collection", "articles"), [("business-central", 821), ("zulip-help", 178), ("erpnext-manual", 391)]
)
def test_the_search_reaches_its_bars_on_real_articles(collection: str, articles: int) -> None:
    table = measure(REAL, collection=[collection], every=8)
    assert table.startswith(f"{collection}: {articles} articles\n")
    assert "below" not in table
