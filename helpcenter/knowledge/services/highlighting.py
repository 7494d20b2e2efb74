"""Shows readers why a page was found: words marked in its title and in the part of its text that holds most of them."""

import re
from collections.abc import Iterable, Mapping
from itertools import islice

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString

from helpcenter.knowledge.models.words import fold

EXCERPT = 240
MOST_MATCHES = 100
NOTHING = re.compile(r"(?!)")


def pattern_of(forms: Iterable[str], *, beginnings: bool = False) -> re.Pattern[str]:
    """Finds any of the words in folded text, as whole words; with `beginnings` also words that begin with them."""
    words = sorted({form for form in forms if form}, key=lambda word: (-len(word), word))
    end = r"[^\W_]*" if beginnings else r"(?![^\W_])"
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, words))}){end}") if words else NOTHING


def mark(text: str, pattern: re.Pattern[str]) -> SafeString:
    """The text as safe HTML, matches in `mark` elements."""
    pieces, end = [], 0
    for match in pattern.finditer(fold(text)):
        pieces.append((text[end : match.start()], text[match.start() : match.end()]))
        end = match.end()
    return format_html_join("", "{}<mark>{}</mark>", pieces) + escape(text[end:])


def excerpt(text: str, pattern: re.Pattern[str], weights: Mapping[str, float], *, otherwise: str = "") -> SafeString:
    """The part of a text with the weightiest words, or the other text if that holds as much; matches marked."""
    start, value = best_window(fold(text), pattern, weights)
    if otherwise and value <= worth(fold(otherwise), pattern, weights):
        return mark(shorten(otherwise, 0), pattern)
    return mark(shorten(text, start), pattern)


def worth(folded: str, pattern: re.Pattern[str], weights: Mapping[str, float]) -> float:
    """Sum of the weights of the different words that a text holds."""
    return sum(weights.get(word, 0.0) for word in {match.group() for match in pattern.finditer(folded)})


def best_window(folded: str, pattern: re.Pattern[str], weights: Mapping[str, float]) -> tuple[int, float]:
    """Where the best excerpt begins, and what it is worth; (0, 0.0) without a match."""
    matches = [(match.start(), match.group()) for match in islice(pattern.finditer(folded), MOST_MATCHES)]
    best = (0, 0.0)
    for at, (start, _) in enumerate(matches):
        seen = {word for position, word in matches[at : at + 40] if position < start + EXCERPT - 40}
        value = sum(weights.get(word, 0.0) for word in seen)
        if value > best[1]:
            best = (start, value)
    return best


def shorten(text: str, start: int) -> str:
    """About 240 characters from shortly before the start, cut between words, with dots where something is left out."""
    begin = 0 if start < 60 else text.rfind(" ", 0, start - 40) + 1
    end = begin + EXCERPT
    if end < len(text):
        end = max(text.rfind(" ", begin, end), begin + EXCERPT // 2)
    before, after = "… " if begin else "", " …" if end < len(text) else ""
    return f"{before}{text[begin:end].strip()}{after}"
