"""Made-up sentences: words of the demo help, as frequent as there, and a long tail of names that no text has."""

import re
from collections import Counter
from functools import cache
from itertools import accumulate, product
from pathlib import Path
from random import Random

from helpcenter import knowledge

TEXTS = Path(knowledge.__file__).parent / "demo" / "help"
FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
NOT_PROSE = re.compile(r"```.*?```|`[^`]*`|\]\([^)]*\)|<[^>]*>|\{[^}]*\}", re.DOTALL)
WORD = re.compile(r"\b[a-z]{2,}\b")
# Words as frequent as these are "the", "of", "to": no title is made of them.
MOST_FREQUENT = 120
# A large help center speaks of thousands of names, each of them seldom.
SYLLABLES = (
    "ba",
    "ko",
    "lu",
    "mi",
    "na",
    "re",
    "sa",
    "ti",
    "vo",
    "wen",
    "zu",
    "dar",
    "fel",
    "gor",
    "hin",
    "jam",
    "pex",
)
NAMES = 20_000


@cache
def counted() -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Words, the most frequent first, and how often they and those before them stand in a text: Zipf's law holds."""
    counts: Counter[str] = Counter()
    for path in sorted(TEXTS.rglob("*.md")):
        text = FRONT_MATTER.sub("", path.read_text(encoding="utf-8"))
        counts.update(WORD.findall(NOT_PROSE.sub(" ", text)))
    found = counts.most_common()
    names = ["".join(parts) for parts in product(SYLLABLES, repeat=4)][:: len(SYLLABLES) ** 4 // NAMES][:NAMES]
    Random(7).shuffle(names)
    # The n-th word stands once in n: the names go on where the demo's words end.
    scale = 100
    weights = [scale * count for _, count in found]
    top = scale * found[0][1]
    weights += [max(1, top // (len(found) + number)) for number in range(len(names))]
    return (*(word for word, _ in found), *names), tuple(accumulate(weights))


def some(random: Random, number: int) -> list[str]:
    """Words as they come in a text."""
    words, weights = counted()
    return random.choices(words, cum_weights=weights, k=number)


def telling(random: Random, number: int) -> list[str]:
    """Words that tell something, as titles have them."""
    words, weights = counted()
    frequent = set(words[:MOST_FREQUENT])
    found: list[str] = []
    while len(found) < number:
        found += [word for word in random.choices(words, cum_weights=weights, k=4 * number) if word not in frequent]
    return found[:number]


def title(random: Random) -> str:
    """A title of three to six words."""
    return " ".join(telling(random, random.randint(3, 6))).capitalize()


def sentence(random: Random) -> str:
    """A sentence of eight to eighteen words."""
    return " ".join(some(random, random.randint(8, 18))).capitalize() + "."


def paragraph(random: Random) -> str:
    """Two to four sentences."""
    return " ".join(sentence(random) for _ in range(random.randint(2, 4)))
