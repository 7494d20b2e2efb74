"""Markdown and HTML to one clean tree of elements."""

import re
from functools import cache
from html import escape
from itertools import accumulate
from typing import Any

import nh3
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

from helpcenter.knowledge.markdown.errors import UnreadableSource

TAGS = frozenset({
    "a", "abbr", "address", "article", "aside", "b", "blockquote", "body", "br", "caption", "center", "cite", "code",
    "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "footer", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "i", "iframe", "img", "ins", "kbd", "li", "main", "mark",
    "nav", "ol", "p", "picture", "pre", "q", "s", "samp", "section", "small", "source", "span", "strike", "strong",
    "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var",
    "video",
})  # fmt: skip
# Elements of HTML that are not kept, but are no placeholders such as <your name> either: their text is.
KNOWN_TAGS = TAGS | frozenset({
    "area", "audio", "base", "bdi", "bdo", "big", "button", "canvas", "data", "datalist", "dialog", "embed",
    "fieldset", "font", "form", "frame", "frameset", "head", "hgroup", "input", "label", "legend", "link", "map",
    "marquee", "math", "menu", "meta", "meter", "nobr", "noscript", "object", "optgroup", "option", "output", "param",
    "progress", "rp", "rt", "ruby", "script", "search", "select", "slot", "style", "svg", "template", "textarea",
    "title", "track", "wbr",
})  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "id", "name"},
    "code": {"class"},
    "div": {"class"},
    "iframe": {"src", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "pre": {"class", "title"},
    "source": {"src"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "video": {"src", "title"},
    **{f"h{level}": {"id"} for level in range(1, 7)},
}
SCHEMES = {"http", "https", "mailto", "tel", "ftp"}
ANY_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*)([^<>]*)(>?)")
FENCE_INFO = re.compile(r'(?P<language>(?!title=)\S+)?\s*(?:title="(?P<title>[^"]*)")?(?P<rest>.*)', re.DOTALL)
ACTIVE = re.compile(r"<(script|object|embed|applet)\b|<[^>]*\son[a-z]+\s*=|<[^>]*javascript:", re.IGNORECASE)
# A comment, or a tag.
TAG = re.compile(r"<!--.*?-->|<(/?)([a-z][a-z0-9]*)[^<>]*>", re.DOTALL | re.IGNORECASE)
VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
OPTIONAL = frozenset({"dd", "dt", "li", "option", "p", "tbody", "td", "tfoot", "th", "thead", "tr"})
DEEPEST_TEXT, DEEPEST_HTML = 32, 80
# Elements left open, as careless pages have them; the cleaner's time grows with the square of their number.
MOST_OPEN = 2000
SWALLOWED = {"script", "style"}
# Browsers read the content of these as text or not at all; without the tags it is ordinary content.
OPAQUE = re.compile(
    r"</?(textarea|title|template|noscript|noframes|noembed|xmp|plaintext|svg|math|select)\b[^<>]*>", re.IGNORECASE
)


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        clean_content_tags=set(SWALLOWED),
        strip_comments=False,
        link_rel=None,
        url_schemes=SCHEMES,
        url_relative="pass_through",
    )


@cache
def _markdown(*, indented_code: bool) -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": True, "maxNesting": DEEPEST_TEXT}).enable(["table", "strikethrough"])
    if not indented_code:
        md.disable("code")
    gfm_autolink_plugin(md)
    md.add_render_rule("fence", _render_fence)
    md.add_render_rule("html_block", _render_raw)
    md.add_render_rule("html_inline", _render_raw)
    return md


def _render_raw(self: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    return escape_placeholders(tokens[index].content)


def _render_fence(self: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    info = FENCE_INFO.match(tokens[index].info.strip())
    language, titled, rest = info.groups() if info else ("", None, "")
    language, caption = unescapeAll(language or ""), unescapeAll(titled if titled is not None else rest.strip())
    code = escape(tokens[index].content, quote=False)
    return f'<pre title="{escape(caption)}"><code class="language-{escape(language)}">{code}</code></pre>\n'


def escape_placeholders(html: str) -> str:
    """Show what looks like a tag and is none, such as <your name>, instead of losing it."""
    return ANY_TAG.sub(lambda tag: tag[0] if tag[2].lower() in KNOWN_TAGS else escape(tag[0], quote=False), html)


def markdown_to_html(text: str, *, indented_code: bool = True) -> str:
    """Render Markdown; raw HTML passes through as it is. Raises UnreadableSource."""
    md = _markdown(indented_code=indented_code)
    env: dict[str, Any] = {}
    tokens = md.parse(text, env)
    if any(token.nesting == 1 and token.level + 1 >= DEEPEST_TEXT for token in tokens):
        # The parser leaves out what is deeper.
        raise UnreadableSource(f"Its lists or quotations are nested more than {DEEPEST_TEXT // 2 - 1} levels deep.")
    return str(md.renderer.render(tokens, md.options, env))


def has_active_content(html: str) -> bool:
    """Whether there are scripts, event handlers or plug-ins, which will not be kept."""
    return bool(ACTIVE.search(html))


def parse_html(html: str) -> BeautifulSoup:
    """A tree of allowed elements only, put right as a browser would; comments stay. Raises UnreadableSource."""
    opened = _depth(html, without_end=VOID | OPTIONAL)
    clean = _cleaner().clean(OPAQUE.sub(" ", html)) if opened <= MOST_OPEN else ""
    if opened > MOST_OPEN or _depth(clean, without_end=VOID) > DEEPEST_HTML:
        raise UnreadableSource(f"Its HTML is nested more than {DEEPEST_HTML} levels deep.")
    return BeautifulSoup(clean, "html.parser")


def _depth(html: str, *, without_end: frozenset[str]) -> int:
    """How deep elements are nested, those aside that have no end tag or need none."""
    names = ((tag[1], tag[2].lower()) for tag in TAG.finditer(html) if tag[2])
    steps = (0 if name in without_end else -1 if closing else 1 for closing, name in names)
    return max(accumulate(steps), default=0)
