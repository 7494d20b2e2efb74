"""Zulip's help center: tabs, and marks that stand for a step through its menus."""

import re

from helpcenter.knowledge.markdown.dialects.fences import rewrite_lines

START, END = re.compile(r"^\s*\{start_tabs\}\s*$"), re.compile(r"^\s*\{end_tabs\}\s*$")
TAB = re.compile(r"^(\s*)\{tab\|([^{}]+)\}\s*$")
SETTINGS = re.compile(r"^(\s*)\{settings_tab\|([^{}]+)\}\s*$")
RELATIVE = re.compile(r"^(\s*)\{relative\|([^{}|]+)\|([^{}]+)\}\s*$")
# Python-Markdown ends a division with its line, CommonMark with the next blank one.
# A sign drawn by a font: nothing is left of it, so nothing is left of the brackets around it.
FONT_SIGN = re.compile(r"\s?\(\s*<i class=\"[^\"]*\">\s*</i>\s*\)")
CLOSED_DIVISION = re.compile(r"^\s*<div[^<>]*>.*</div>\s*$")


def rewrite(text: str) -> str:
    """Turn tabs into folds and menu marks into the steps they stand for."""
    if "{" not in text and "<div" not in text and "<i class" not in text:
        return text
    return rewrite_lines(text, Tabs().rewrite_line)


class Tabs:
    """Remembers whether a tab is open."""

    def __init__(self) -> None:
        self.is_open = False

    def rewrite_line(self, line: str) -> str:
        """One line of the source as one or more of Markdown."""
        if tab := TAB.match(line):
            opening = f"{tab[1]}<details>\n{tab[1]}<summary>{words(tab[2])}</summary>\n"
            closing = f"\n{tab[1]}</details>\n" if self.is_open else ""
            self.is_open = True
            return closing + opening
        if START.match(line):
            return ""
        if END.match(line):
            closing = "\n</details>\n" if self.is_open else ""
            self.is_open = False
            return closing
        if settings := SETTINGS.match(line):
            return f"{settings[1]}1. Go to **{words(settings[2])}** in the settings."
        if place := RELATIVE.match(line):
            return f"{place[1]}1. Open **{words(place[3])}** in the {words(place[2]).lower()} menu."
        line = FONT_SIGN.sub("", line)
        return f"{line}\n" if CLOSED_DIVISION.match(line) else line


def words(key: str) -> str:
    """A key such as "account-and-privacy" as a reader would see it."""
    named = {"desktop-web": "Desktop/Web", "ios": "iOS", "mac": "macOS"}
    return named.get(key.strip()) or key.strip().replace("-", " ").replace("_", " ").capitalize()
