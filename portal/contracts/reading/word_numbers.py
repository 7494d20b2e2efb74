"""Numbers of paragraphs of a Word document, as Word writes them before each (ECMA-376, 17.9)."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from portal.contracts import numbering

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PLACE = re.compile(r"%([1-9])")
LEVELS = 9
FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda count: f"{count:02}",
    "lowerLetter": numbering.letters,
    "upperLetter": numbering.capitals,
    "lowerRoman": numbering.roman,
    "upperRoman": lambda count: numbering.roman(count).upper(),
    "none": lambda count: "",
}


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered."""

    start: int = 1
    style: str = "decimal"
    text: str = ""
    paragraph_style: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paragraph stands in a list."""

    listed: str
    level: int
    label: str
    is_bullet: bool


@dataclass
class Lists:
    """The lists of a document; `place` counts, and is asked once for each paragraph in turn."""

    levels: dict[str, dict[int, Level]]
    lists: dict[str, str]
    styles: dict[str, tuple[str, int | None, str]]
    restarts: dict[str, dict[int, int]]
    counts: dict[str, list[int | None]] = field(default_factory=lambda: defaultdict(lambda: [None] * LEVELS))
    seen: set[str] = field(default_factory=set)

    def place(self, paragraph: "etree._Element") -> Place | None:
        """The paragraph's place, None for one without a number."""
        number, level = self._numbered(paragraph)
        listed = self.lists.get(number, "")
        rule = self.levels.get(listed, {}).get(level)
        if rule is None:
            return None
        if rule.style == "bullet":
            return Place(listed, level, "", is_bullet=True)
        return Place(listed, level, self._count(number, listed, level), is_bullet=False)

    def _numbered(self, paragraph: "etree._Element") -> tuple[str, int]:
        """Number of the list and level, of the paragraph itself or of its style."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        style = value(paragraph.find(f"{W}pPr/{W}pStyle"))
        number = value(own.find(f"{W}numId")) if own is not None else ""
        level = value(own.find(f"{W}ilvl")) if own is not None else ""
        for name, (styled, styled_level, _above) in self._styles_above(style):
            if number:
                break
            number = styled
            if styled and not level:
                found = self._level_of_style(styled, name)
                level = f"{styled_level if styled_level is not None else found}"
        return number, int(level) if level.isdecimal() else 0

    def _styles_above(self, style: str) -> Iterator[tuple[str, tuple[str, int | None, str]]]:
        seen: set[str] = set()
        while style in self.styles and style not in seen:
            seen.add(style)
            yield style, self.styles[style]
            style = self.styles[style][2]

    def _level_of_style(self, number: str, style: str) -> int:
        rules = self.levels.get(self.lists.get(number, ""), {})
        return next((level for level, rule in rules.items() if rule.paragraph_style == style), 0)

    def _count(self, number: str, listed: str, level: int) -> str:
        counts, rules = self.counts[listed], self.levels[listed]
        if number not in self.seen:
            self.seen.add(number)
            for place, start in self.restarts.get(number, {}).items():
                counts[place] = start - 1
        before = counts[level]
        counts[level] = rules[level].start if before is None else before + 1
        counts[level + 1 :] = [None] * (LEVELS - level - 1)

        def written(place: re.Match[str]) -> str:
            wanted = int(place[1]) - 1
            rule = rules.get(wanted, Level())
            count = counts[wanted]
            return FORMATS.get(rule.style, str)(rule.start if count is None else count)

        return PLACE.sub(written, rules[level].text).strip()


def value(element: "etree._Element | None") -> str:
    """The value that an element of Word names."""
    return "" if element is None else element.get(f"{W}val") or ""


def read(numbers: "etree._Element | None", styles: "etree._Element | None") -> Lists:
    """The lists that a document's numbering and styles describe; either may be missing."""
    levels: dict[str, dict[int, Level]] = {}
    lists: dict[str, str] = {}
    restarts: dict[str, dict[int, int]] = {}
    for found in numbers.iterfind(f"{W}abstractNum") if numbers is not None else ():
        levels[found.get(f"{W}abstractNumId") or ""] = dict(map(_level, found.iterfind(f"{W}lvl")))
    for found in numbers.iterfind(f"{W}num") if numbers is not None else ():
        number = found.get(f"{W}numId") or ""
        lists[number] = value(found.find(f"{W}abstractNumId"))
        restarts[number] = {
            int(override.get(f"{W}ilvl") or 0): int(value(override.find(f"{W}startOverride")))
            for override in found.iterfind(f"{W}lvlOverride")
            if value(override.find(f"{W}startOverride")).isdecimal()
        }
    return Lists(levels, lists, dict(_styles(styles)), restarts)


def _level(found: "etree._Element") -> tuple[int, Level]:
    start = value(found.find(f"{W}start"))
    return int(found.get(f"{W}ilvl") or 0), Level(
        start=int(start) if start.isdecimal() else 1,
        style=value(found.find(f"{W}numFmt")) or "decimal",
        text=value(found.find(f"{W}lvlText")),
        paragraph_style=value(found.find(f"{W}pStyle")),
    )


def _styles(styles: "etree._Element | None") -> Iterator[tuple[str, tuple[str, int | None, str]]]:
    for found in styles.iterfind(f"{W}style") if styles is not None else ():
        level = value(found.find(f"{W}pPr/{W}numPr/{W}ilvl"))
        number = value(found.find(f"{W}pPr/{W}numPr/{W}numId"))
        above = value(found.find(f"{W}basedOn"))
        yield found.get(f"{W}styleId") or "", (number, int(level) if level.isdecimal() else None, above)
