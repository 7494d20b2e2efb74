"""Real collections are taken as they are: every file, every word, and back again."""

import re
from collections import Counter

import pytest

from tests.helpcenter.knowledge.markdown import corpora
from tests.helpcenter.knowledge.markdown.round_trip import blocks_of, read_again, words_of, written

FILES = {"business-central": (821, 0), "erpnext-manual": (391, 0), "zulip-help": (178, 83)}


@pytest.mark.parametrize("name", corpora.NAMES)
def test_every_file_is_an_article_or_a_piece(name: str) -> None:
    folder = corpora.folder(name)
    assert (len(folder.articles), len(folder.pieces)) == FILES[name]
    assert {*folder.articles, *folder.pieces} == {path for path in folder.files if path.endswith(".md")}
    assert folder.refused == {}


# As many as can be read in seconds, from all over each collection.
SAMPLES = [("business-central", 16), ("erpnext-manual", 5), ("zulip-help", 2)]


@pytest.mark.parametrize(("name", "every"), SAMPLES)
def test_no_word_is_lost(name: str, every: int) -> None:
    folder = corpora.folder(name)
    lost: dict[str, Counter[str]] = {}
    for path, document in corpora.documents(name, every).items():
        ours = words_of(blocks_of(document.nodes)) + Counter(re.findall(r"\w+", document.meta.title.casefold()))
        missing = corpora.source_words(folder.files[path].read_text("utf-8-sig")) - ours
        if missing:
            lost[path] = missing
    assert lost == {}


@pytest.mark.parametrize(("name", "every"), SAMPLES)
def test_what_is_written_comes_back(name: str, every: int) -> None:
    changed = []
    for path, document in corpora.documents(name, every).items():
        blocks = blocks_of(document.nodes)
        if read_again(written(blocks)) != blocks:
            changed.append(path)
    assert changed == []
