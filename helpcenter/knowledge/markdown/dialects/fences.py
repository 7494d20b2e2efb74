"""Lines of a text, told apart by whether they stand in a code fence."""

import re
from collections.abc import Callable, Iterator

FENCE = re.compile(r"^[\s>]*(?:[-*+]\s+|\d+[.)]\s+)*(`{3,}(?=[^`]*$)|~{3,})")


def code_lines(lines: list[str]) -> Iterator[tuple[bool, str]]:
    """Each line with whether it is code, the fences themselves included."""
    closing = ""
    for line in lines:
        fence = FENCE.match(line)
        if closing:
            yield True, line
            stripped = line.strip().lstrip("> ")
            if stripped and stripped.startswith(closing) and not stripped.strip(closing[0]):
                closing = ""
        elif fence:
            closing = fence[1]
            yield True, line
        else:
            yield False, line


# An escaped character, or a run of backticks, with what it makes code of when it is closed.
CODE_SPAN = re.compile(r"\\.|(`+)(?:(?!`)(?P<code>.*?)(?<!`)\1(?!`))?")


def substitute(pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str], line: str) -> str:
    """Replace what a pattern finds outside of code spans."""
    done, start = "", 0
    for span in filter(lambda found: found["code"] is not None, CODE_SPAN.finditer(line)):
        done += pattern.sub(replacement, line[start : span.start()]) + span[0]
        start = span.end()
    return done + pattern.sub(replacement, line[start:])


def rewrite_lines(text: str, rewrite: Callable[[str], str | None]) -> str:
    """Rewrite every line that is no code; None takes a line away."""
    kept = [line if is_code else rewrite(line) for is_code, line in code_lines(text.split("\n"))]
    return "\n".join(line for line in kept if line is not None)
