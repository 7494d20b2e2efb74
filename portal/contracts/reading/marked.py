"""Markdown as HTML."""

import re

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

KNOWN = re.compile(
    r"</?(a|b|br|del|div|em|h[1-6]|hr|i|ins|label|li|ol|p|s|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)\b[^<>]*>|<!--.*?-->",
    re.IGNORECASE | re.DOTALL,
)
TAG = re.compile(r"<[^<>]*>")


def html_of(content: bytes) -> str:
    """The document as HTML; a rule across the page counts as no page break. Words in brackets such as <name> stay."""
    text = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    md = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).disable("code")
    md.use(deflist_plugin).use(front_matter_plugin)
    return str(md.render(TAG.sub(_kept, text)))


def _kept(tag: re.Match[str]) -> str:
    """A tag that is one; what only looks like one is text."""
    if KNOWN.fullmatch(tag[0]) or tag[0].startswith(("<http", "<mailto")):
        return tag[0]
    return tag[0].replace("<", "&lt;").replace(">", "&gt;")
