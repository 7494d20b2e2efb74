"""How text becomes words: the same for what is indexed, what is asked and what editors type."""

import re
import unicodedata
from functools import lru_cache
from itertools import combinations

LONGEST_WORD = 40
# Possessive endings say nothing of their own: "customer's" is "customer".
POSSESSIVE = re.compile(r"['\u2019]s\b", re.IGNORECASE)
APOSTROPHES = re.compile(r"(?<=\w)['\u2019](?=\w)")
# Scripts written without spaces: each sign is a word, and neighbours are found by their nearness.
UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


class _Letters(dict[int, str]):
    """For `str.translate`: letters, digits and marks stay, everything else is a space."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        kept = sign if unicodedata.category(sign)[0] in "LNM" else " "
        self[code] = f" {sign} " if UNSPACED.match(sign) else kept
        return self[code]


class _Bases(dict[int, str]):
    """For `str.translate`: each letter without its accents, as long as the text was."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        base = unicodedata.normalize("NFKD", sign)[:1].casefold()
        self[code] = base if len(base) == 1 else sign
        return self[code]


_LETTERS = _Letters()
_BASES = _Bases()


def normalise(text: str) -> str:
    """Words in small letters without accents or punctuation, one space between them."""
    if not text.isascii():
        signs = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(sign for sign in signs if not unicodedata.combining(sign))
    text = APOSTROPHES.sub("", POSSESSIVE.sub(" ", text.casefold()))
    return " ".join(text.translate(_LETTERS).split())


def fold(text: str) -> str:
    """Small letters without accents; position n of the result is position n of the text."""
    return text.lower() if text.isascii() else text.translate(_BASES)


def sentence_of(*texts: str) -> str:
    """Several texts as one normalised text."""
    return " ".join(filter(None, (normalise(text) for text in texts)))


def indexable(words: str) -> set[str]:
    """The distinct words of a normalised text that the vocabulary keeps."""
    return {word for word in words.split() if len(word) <= LONGEST_WORD}


@lru_cache(maxsize=20_000)
def deletion_keys(word: str) -> tuple[str, ...]:
    """What is left of a word's beginning when letters are dropped; misspellings share some with the word they mean.

    Symmetric deletion: Wolf Garbe, SymSpell. One letter is dropped of words up to six letters, up to two of longer.
    """
    if len(word) < 4:
        return (word,) if word else ()
    start = word[:7]
    dropped = 1 if len(word) < 7 else 2
    kept = {start}
    for count in range(1, dropped + 1):
        kept.update("".join(letters) for letters in combinations(start, len(start) - count))
    return tuple(sorted(kept))
