"""Pipe tables with rows longer than their header: by the standard the cells that are over would be lost."""

import re

from helpcenter.knowledge.markdown.dialects.fences import code_lines

DELIMITER = re.compile(r"^[\s>]*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
PIPE = re.compile(r"(?<!\\)\|")


def rewrite(text: str) -> str:
    """Widen headers to the longest row of their tables."""
    if "|" not in text:
        return text
    lines = text.split("\n")
    flags = [is_code for is_code, _line in code_lines(lines)]
    for number in range(1, len(lines)):
        head, line = lines[number - 1], lines[number]
        if "|" in line and "|" in head and not flags[number] and DELIMITER.match(line):
            missing = max(map(_cells, _rows(lines, number + 1)), default=0) - _cells(head)
            if missing > 0 and _cells(head) == _cells(line):
                lines[number - 1] = head.rstrip().removesuffix("|") + "|" + "  |" * missing
                lines[number] = line.rstrip().removesuffix("|") + "|" + " --- |" * missing
    return "\n".join(lines)


def _rows(lines: list[str], number: int) -> list[str]:
    end = number
    while end < len(lines) and "|" in lines[end]:
        end += 1
    return lines[number:end]


def _cells(line: str) -> int:
    bare = line.strip().lstrip("> ").strip()
    return len(
        PIPE.split(bare.removeprefix("|").removesuffix("|") if not bare.endswith("\\|") else bare.removeprefix("|"))
    )
