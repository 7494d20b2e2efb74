"""Frappe's website: marks for navigation, and Jinja's for text to be left alone."""

import re

from helpcenter.knowledge.markdown.dialects.fences import rewrite_lines, substitute

NAVIGATION = re.compile(r"^\s*\{next\}\s*$")
# Headings without a space behind their marks, as the Markdown of that time allowed.
TIGHT_HEADING = re.compile(r"^(#{1,6})(?=[^#\s])")
# Bold text that the Markdown of that time allowed to end at a space, or to touch the next word.
BOLD = re.compile(r"\*\*([^*\s](?:[^*]*[^*\s])?)(\s*)\*\*")
BASE = re.compile(r"(?<=[(\"'])\s*\{\{\s*docs?_base_url\s*\}\}")
# The list of pages below, which topics show by themselves, and the heading above it.
LISTING = re.compile(r"^(?:#+[^\n]*\n\s*)?\{index\}[ \t]*$", re.MULTILINE)
RAW = re.compile(r"\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}", re.DOTALL)


def rewrite(text: str) -> str:
    """Take away what the website would have replaced."""
    text = LISTING.sub("", RAW.sub(r"\1", BASE.sub("", text)))
    return rewrite_lines(text, _rewrite_line)


def _rewrite_line(line: str) -> str:
    if NAVIGATION.match(line):
        return ""
    if line.count("**") % 2 == 0 and "***" not in line:
        line = substitute(
            BOLD, lambda bold: f"<b>{bold[1]}</b>{bold[2]}" if bold[0][-3] in " \xa0:.?!" else bold[0], line
        )
    return TIGHT_HEADING.sub(r"\1 ", line)
