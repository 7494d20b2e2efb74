"""What pages wear is defined: a class that no style sheet knows leaves its element bare, and nobody is told."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STYLES = ROOT / "static" / "css"
COMMENT = re.compile(r"\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
CLASS = re.compile(r'class="([^"]*)"')
DYNAMIC = re.compile(r"\S*\{\{.*?\}\}\S*")
# Set by WeasyPrint, with a style sheet of their own.
PAPERS = ("invoicing/paper.html", "payments/receipt.html")


def defined(*sheets: Path) -> set[str]:
    return {name for sheet in sheets for name in re.findall(r"\.([a-zA-Z][\w-]*)", sheet.read_text("utf-8"))}


def worn(template: Path) -> set[str]:
    """The classes that stand in a template; those made of values are left out."""
    text = COMMENT.sub("", template.read_text("utf-8"))
    named = [re.sub(r"\{%.*?%\}", " ", value) for value in CLASS.findall(text)]
    return {name for value in named for name in DYNAMIC.sub(" ", value).split()}


@pytest.mark.parametrize("app", ["catalog", "invoicing", "payments", "subscriptions"])
def test_every_class_of_a_page_is_in_the_style_sheets(app: str) -> None:
    paper = STYLES / "paper.css"
    pages = defined(*(sheet for sheet in STYLES.rglob("*.css") if sheet.name not in ("paper.css", "admin.css")))
    bare = {}
    for template in (ROOT / "templates" / app).glob("*.html"):
        name = template.relative_to(ROOT / "templates").as_posix()
        known = defined(paper) if name in PAPERS else pages
        if unknown := worn(template) - known:
            bare[name] = unknown
    assert bare == {}
