"""Running text as Markdown."""

import re
import unicodedata
from itertools import groupby
from urllib.parse import quote

from helpcenter.knowledge.markdown.nodes import LINE_BREAK, Span, Spans

SPECIAL = re.compile(
    r"([\\`*\[\]<])|(?<![^\W_])(_)|(_)(?![^\W_])|(~)(?=~)|(?<=~)(~)|(&)(?=#?\w+;)|(\{)(?=[!#%{a-z])|(\|)"
)
# What GitHub's autolinks would make links of.
ADDRESS = re.compile(r"(https?|ftp|mailto|xmpp)(:)|(www)(\.)|(@)(?=\w)", re.IGNORECASE)
AT_START = re.compile(r"^(?:(?P<mark>[#>+-]|={2,}|:{3}|!{3}|\?{3})|(?P<number>\d{1,9})(?P<dot>[.)])(?=\s|$))")
# An exclamation mark that happens to stand before a link.
IMAGE_BY_CHANCE = re.compile(r"(?<!\\)((?:\\\\)*)!(?=\n\[)")
DELIMITERS = {"b": "**", "i": "*", "s": "~~"}
PLAIN_ADDRESS = re.compile(r"(?:https?|ftp)://[^\s<>]+|mailto:[^\s<>]+")


def write_spans(spans: Spans, *, line_break: str = "\\\n") -> str:
    """Markdown of running text; the line break is that of a paragraph unless another is given."""
    written = ""
    lines = _lines(spans)
    for number, line in enumerate(lines):
        parts = [_write_link(href, list(group)) for href, group in groupby(line, key=lambda span: span.href)]
        text = IMAGE_BY_CHANCE.sub(r"\1\!", "\n".join(parts)).replace("\n", "")
        written += (line_break if number else "") + (AT_START.sub(_escape_start, text) if _starts_plain(line) else text)
    return written


def _lines(spans: Spans) -> list[list[Span]]:
    lines: list[list[Span]] = [[]]
    for span in spans:
        if span.text == LINE_BREAK:
            lines.append([])
        else:
            lines[-1].append(span)
    return lines


def _starts_plain(line: list[Span]) -> bool:
    return bool(line) and not line[0].marks and not line[0].href


def _escape_start(match: re.Match[str]) -> str:
    return f"{match['number']}\\{match['dot']}" if match["number"] else f"\\{match[0]}"


def _write_link(href: str, spans: list[Span]) -> str:
    if not href:
        return _write_marks(spans)
    text = spans[0].text
    if len(spans) == 1 and not spans[0].marks and href in (text, f"mailto:{text}") and PLAIN_ADDRESS.fullmatch(href):
        return f"<{text}>"
    return f"[{_write_marks(spans)}]({write_target(href)})"


def write_target(href: str) -> str:
    """The address of a link, in angle brackets where it would end too soon."""
    bare = quote_spaces(href)
    return f"<{bare}>" if re.search(r"[()]", bare) else bare


def quote_spaces(href: str) -> str:
    """An address without the characters that end one."""
    return re.sub(r"[\s<>\"\\]", lambda found: quote(found[0]), href)


def _write_marks(spans: list[Span]) -> str:
    """Each span in its marks; as HTML where the delimiters would not be taken for what they are."""
    texts = [escape(span.text) if "code" not in span.marks else write_code(span.text) for span in spans]
    written = ""
    for number, (span, text) in enumerate(zip(spans, texts, strict=True)):
        before = written[-1:] or " "
        after = spans[number + 1].text[:1] if number + 1 < len(spans) else " "
        neighbours_marked = any(other.marks for other in spans[max(0, number - 1) : number + 2] if other is not span)
        written += _wrap(text, span.marks, before, after, force_html=neighbours_marked and _touches(spans, number))
    return written


def _touches(spans: list[Span], number: int) -> bool:
    before = number > 0 and bool(spans[number - 1].marks) and bool(spans[number].marks)
    after = number + 1 < len(spans) and bool(spans[number + 1].marks) and bool(spans[number].marks)
    return before or after


def _wrap(text: str, marks: tuple[str, ...], before: str, after: str, *, force_html: bool) -> str:
    for mark in marks:
        if mark == "code":
            continue
        delimiter = "" if force_html else DELIMITERS.get(mark, "")
        if delimiter and _flanks(text, before, after):
            text = f"{delimiter}{text}{delimiter}"
        else:
            text = f"<{mark}>{text}</{mark}>"
    return text


def _flanks(text: str, before: str, after: str) -> bool:
    """Whether delimiters around the text are sure to open and close emphasis (CommonMark 0.31, 6.2)."""
    inside_start, inside_end = text[0], text[-1]
    if _is_space(inside_start) or _is_space(inside_end):
        return False
    opens = not _is_punctuation(inside_start) or _is_space(before) or _is_punctuation(before)
    closes = not _is_punctuation(inside_end) or _is_space(after) or _is_punctuation(after)
    return opens and closes and before not in "*~_\\" and after not in "*~_"


def _is_space(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) == "Zs"


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def write_code(text: str) -> str:
    """A code span whose fence is longer than any run of backticks in it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def escape(text: str) -> str:
    """Text with everything escaped that Markdown, or the dialects that the import knows, would take for markup."""
    return ADDRESS.sub(_escape_address, SPECIAL.sub(lambda found: f"\\{found[0]}", text))


def _escape_address(found: re.Match[str]) -> str:
    if found[5]:
        return "\\@"
    return f"{found[1]}\\{found[2]}" if found[1] else f"{found[3]}\\{found[4]}"
