"""Makes questions whose right answers are known: titles, misspelt titles, keywords, and pairs given in files."""

import re
from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from helpcenter.knowledge.services.quality.articles import Article

SEED = 20260101
LONG_WORD = re.compile(r"[^\W\d_]{5,}")
KINDS = ("titles", "misspelt titles", "anchor-text", "redirects", "keywords")
Questions = dict[str, set[str]]
Choice = TypeVar("Choice")


def misspell(title: str) -> str | None:
    """The title with a letter dropped, doubled or swapped in one word of five or more letters; None without one.

    Word, mistake and letter follow from the title and the seed: the same each time.
    """
    words = list(LONG_WORD.finditer(title))
    if not words:
        return None
    number = int.from_bytes(sha256(f"{SEED}:{title}".encode()).digest())
    number, found = pick(number, words)
    word = found.group()
    number, mistake = pick(number, [dropped, doubled, swapped])
    _, at = pick(number, [at for at in range(len(word)) if mistake(word, at) != word])
    return title[: found.start()] + mistake(word, at) + title[found.end() :]


def pick(number: int, choices: Sequence[Choice]) -> tuple[int, Choice]:
    """One of the choices by a number, and what is left of the number."""
    left, index = divmod(number, len(choices))
    return left, choices[index]


def dropped(word: str, at: int) -> str:
    """The word without a letter."""
    return word[:at] + word[at + 1 :]


def doubled(word: str, at: int) -> str:
    """The word with a letter twice."""
    return word[: at + 1] + word[at:]


def swapped(word: str, at: int) -> str:
    """The word with a letter and the next one in each other's place."""
    return word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]


def questions_of(articles: Sequence[Article], qrels: Path) -> dict[str, Questions]:
    """Sets of questions with the right articles' names: made of the articles, and those given that fit them."""
    sets: dict[str, Questions] = {name: defaultdict(set) for name in KINDS}
    for article in articles:
        for title in filter(None, (article.title, article.seo_title)):
            sets["titles"][title].add(article.name)
            wrong = misspell(title)
            if wrong:
                sets["misspelt titles"][wrong].add(article.name)
        for keyword in article.keywords:
            sets["keywords"][keyword.lower()].add(article.name)
    names = {Path(article.name).name: article.name for article in articles}
    for path in sorted(qrels.glob("qrels-*.tsv")):
        kind = next((name for name in sets if path.stem.endswith(name)), None)
        rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line.count("\t") == 1]
        if kind and rows and sum(target in names for _, target in rows) >= len(rows) * 0.9:
            for question, target in rows:
                sets[kind][question].add(names.get(target, target))
    return {name: questions for name, questions in sets.items() if questions}
