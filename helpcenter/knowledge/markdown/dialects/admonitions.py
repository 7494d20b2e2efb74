"""Admonitions of Python-Markdown (`!!! tip "Title"`) and Docusaurus (`:::tip[Title]`) as callouts, `> [!TIP]`."""

import re

from helpcenter.knowledge.markdown.dialects.fences import code_lines

KINDS = "note|tip|info|hint|success|important|warning|warn|caution|danger|error|attention|secondary|keyboard_tip"
INDENTED = re.compile(
    rf'^(?P<indent>[ \t]*)(?:!!!|\?\?\?\+?)\s*(?P<kind>{KINDS})\b[ \t]*(?:"(?P<title>[^"]*)")?[ \t]*$', re.IGNORECASE
)
FENCED = re.compile(
    rf"^(?P<indent>[ \t]*)(?P<mark>:{{3,}})\s*(?P<kind>{KINDS})\b[ \t]*(?P<title>[^\n]*)$", re.IGNORECASE
)


def rewrite(text: str) -> str:
    """Rewrite every admonition, those within others too."""
    if "!!!" not in text and "???" not in text and ":::" not in text:
        return text
    return "\n".join(_rewrite(text.split("\n")))


def _rewrite(lines: list[str]) -> list[str]:
    flags = [is_code for is_code, _line in code_lines(lines)]
    written: list[str] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        opening = None if flags[number] else INDENTED.match(line) or FENCED.match(line)
        number += 1
        if opening is None:
            written.append(line)
            continue
        body, number = (
            _indented_body(lines, number, opening) if opening.re is INDENTED else _fenced_body(lines, number, opening)
        )
        written += _quoted(opening, _rewrite(body))
    return written


def _indented_body(lines: list[str], number: int, opening: re.Match[str]) -> tuple[list[str], int]:
    depth = len(opening["indent"].expandtabs(4)) + 4
    body: list[str] = []
    while number < len(lines):
        line = lines[number].expandtabs(4)
        if line.strip() and len(line) - len(line.lstrip(" ")) < depth:
            break
        body.append(line[depth:])
        number += 1
    while body and not body[-1].strip():
        body.pop()
        number -= 1
    return body, number


def _fenced_body(lines: list[str], number: int, opening: re.Match[str]) -> tuple[list[str], int]:
    closing = re.compile(rf"^[ \t]*{opening['mark']}[ \t]*$")
    indent = len(opening["indent"])
    nested = 0
    for end in range(number, len(lines)):
        inner = FENCED.match(lines[end])
        if inner and inner["mark"] == opening["mark"]:
            nested += 1
        elif closing.match(lines[end]) and nested:
            nested -= 1
        elif closing.match(lines[end]):
            return [_cut(line, indent) for line in lines[number:end]], end + 1
    return [_cut(line, indent) for line in lines[number:]], len(lines)


def _cut(line: str, indent: int) -> str:
    return line[indent:] if not line[:indent].strip() else line


def _quoted(opening: re.Match[str], body: list[str]) -> list[str]:
    indent = opening["indent"]
    kind = "tip" if opening["kind"].lower() == "keyboard_tip" else opening["kind"]
    title = (opening["title"] or "").strip()
    title = title[1:-1].strip() if title.startswith("[") and title.endswith("]") else title
    head = [f"> [!{kind.upper()}]", *([f"> **{title}**", ">"] if title else [])]
    return [f"{indent}{line}" for line in ("", *head, *(f"> {line}".rstrip() for line in body), "")]
