"""Every paragraph, heading and cell of real sources stands whole in the body that readers get.

A plain Markdown renderer reads the sources, none of our code. HELP_CORPUS=all compares whole collections: minutes.
"""

import os
import re
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from helpcenter.knowledge.models import HelpDocument, HelpPage
from tests.helpcenter.knowledge.importing.commands import import_help
from tests.helpcenter.knowledge.markdown import corpora

pytestmark = pytest.mark.usefixtures("help_center")
EVERY = {"business-central": 60, "erpnext-manual": 24, "zulip-help": 12}
PIECE = re.compile(r"^(?P<indent>[ \t]*)\{!\s*(?P<path>[^{}!]+?)\s*!\}|\{!\s*(?P<within>[^{}!]+?)\s*!\}", re.MULTILINE)
LINE = re.compile(corpora.BLOCK.pattern.replace("div|", "div|summary|details|section|figure|figcaption|caption|"))
# What the plain renderer takes for text of the paragraph and its website showed otherwise: an address behind a blank
# line of spaces, cut by unknown tags, and the word of a callout that touches the line above it.
ALLOWED = {
    ("user/manual/en/setting-up/sms-setting.md", "http instant smses com web2sms php username password to sender"),
    ("user/manual/en/healthcare/physician.md", "linking a user to the physician makes the system populate"),
}


def sample(name: str, folder: Path) -> list[str]:
    """Copy a part of a collection, all pieces that its articles include among it; paths of the articles."""
    found = corpora.folder(name)
    articles = list(found.articles)[:: 1 if os.environ.get("HELP_CORPUS") == "all" else EVERY[name]]
    for path in (*articles, *found.pieces):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(found.files[path], folder / path)
    return articles


def with_pieces(text: str, folder: Path) -> str:
    """A source with the pieces that it includes."""

    def piece(found: re.Match[str]) -> str:
        path = folder / "include" / (found["path"] or found["within"])
        lines = with_pieces(path.read_text("utf-8-sig").strip("\n"), folder).split("\n") if path.is_file() else [""]
        return "\n".join((found["indent"] or "") + line if line else line for line in lines)

    return PIECE.sub(piece, text)


def rendered(page: HelpPage) -> str:
    """The words of the title and the stored body, in their order, with a blank between any two."""
    document = HelpDocument.objects.get(pk=page.pk)
    body = BeautifulSoup(LINE.sub(r" \g<0> ", document.body_html), "html.parser").get_text()
    words = re.findall(r"\w+", f"{document.title} {body}".casefold())
    return f" {' '.join(words)} "


@pytest.mark.parametrize("name", corpora.NAMES)
def test_every_run_of_words_is_in_the_stored_body(name: str, tmp_path: Path) -> None:
    articles = sample(name, tmp_path)
    assert import_help(tmp_path)[0] == 0
    pages = {page.source.partition(":")[2]: page for page in HelpPage.objects.exclude(source="")}
    lost: list[tuple[str, str]] = []
    runs = 0
    for path in articles:
        page = pages.get(path) or pages[f"{path.rpartition('/')[0]}/"]
        text = rendered(page)
        for words in corpora.source_runs(with_pieces((tmp_path / path).read_text("utf-8-sig"), tmp_path)):
            runs += 1
            if f" {words} " not in text and not any(path == known and words.startswith(run) for known, run in ALLOWED):
                lost.append((path, words))
    assert runs > 5 * len(articles)
    assert lost == []
