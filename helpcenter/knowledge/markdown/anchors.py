"""Names of places in a page."""

import re

from django.utils.text import slugify

UNSAFE = re.compile(r"[^\w.:-]+")
PUNCTUATION = re.compile(r"[^\w\- ]+")


def anchor_of(text: str, asked: str) -> str:
    """The anchor to store with a heading: "" when the page would make the same from the text.

    Without one that is asked for it is that of GitHub and DocFX, which links from elsewhere use: small letters, no
    punctuation, a hyphen for each space.
    """
    anchor = UNSAFE.sub("-", asked) if asked else PUNCTUATION.sub("", text.strip().lower()).replace(" ", "-")
    return "" if anchor == slugify(text) else anchor


def needs_writing(text: str, anchor: str) -> bool:
    """Whether a stored anchor would not come back from the text alone."""
    return anchor != anchor_of(text, "") or text.endswith("}")


def written_anchor(text: str, anchor: str) -> str:
    """The anchor as it is asked for behind a heading."""
    return anchor or slugify(text) or "section"
