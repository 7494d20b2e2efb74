"""Pipe tables that the standard takes for text or cuts: rows of unequal length or without their indentation."""

import re

from helpcenter.knowledge.markdown.dialects.fences import code_lines

DELIMITER = re.compile(r"^[\s>]*[|:-][\s|:-]*$")
PIPE = re.compile(r"(?<!\\)\|")
BEGINNING = re.compile(r"^[\s>]*")


def rewrite(text: str) -> str:
    """Give header and delimiters of every table as many cells as its longest row has."""
    if "|" not in text:
        return text
    lines = text.split("\n")
    flags = [is_code for is_code, _line in code_lines(lines)]
    for number in range(1, len(lines)):
        if not flags[number] and _begins_table(lines, number):
            _indent(lines, number)
            _widen(lines, number)
    return "\n".join(lines)


def _begins_table(lines: list[str], number: int) -> bool:
    """Whether a line parts the header above it from rows; within a table such a line is a row."""
    head, line = lines[number - 1], lines[number]
    if not (DELIMITER.match(line) and "-" in line and PIPE.search(line) and PIPE.search(head)):
        return False
    return not DELIMITER.match(head) and not (number > 1 and PIPE.search(lines[number - 2]))


def _indent(lines: list[str], number: int) -> None:
    """Let a table that begins within a list go on there."""
    indent = " " * (len(lines[number - 1]) - len(lines[number - 1].lstrip(" ")))
    for row in range(number, _end(lines, number)):
        if lines[row].startswith("|"):
            lines[row] = indent + lines[row]


def _widen(lines: list[str], number: int) -> None:
    head, line = lines[number - 1], lines[number]
    width = max(map(_cells, (head, *lines[number + 1 : _end(lines, number)])))
    if width < 2 or width == _cells(head) == _cells(line) == line.count("-|") + line.count("- |") + line.count(":|"):
        return
    beginning = BEGINNING.match(head)
    # Cells of the delimiters beyond all others part nothing.
    lines[number - 1] = head.rstrip().removesuffix("|") + "|" + "  |" * (width - _cells(head))
    lines[number] = (beginning[0] if beginning else "") + "|" + " --- |" * width


def _end(lines: list[str], number: int) -> int:
    while number < len(lines) and "|" in lines[number]:
        number += 1
    return number


def _cells(line: str) -> int:
    bare = line.strip().lstrip("> ").strip()
    return len(
        PIPE.split(bare.removeprefix("|").removesuffix("|") if not bare.endswith("\\|") else bare.removeprefix("|"))
    )
