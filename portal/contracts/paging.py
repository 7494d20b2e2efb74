"""The frozen text of a contract, page by page, as it is read on a screen."""

import re

from django.utils.safestring import SafeString

SECTION = re.compile(r'(?=<section class="contract-page")')
TABLE = re.compile(r"<table(?=[\s>])")
END = "</article>"


def pages_of(html: str) -> list[SafeString]:
    """The text cut before each of its pages, each within its article; together they are all of it.

    Tables, which scroll where they are too wide for a phone, are in reach of the keyboard.
    """
    html = TABLE.sub('<table tabindex="0"', html)
    opening, *sections = SECTION.split(html)
    if not sections:
        return [SafeString(html)]
    sections[-1] = sections[-1].rpartition(END)[0]
    return [SafeString(f"{opening}{section}{END}") for section in sections]
