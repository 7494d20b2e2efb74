"""The style guide shows every component; what it promises of the look holds in the sources."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from home.styleguide.views import SECTIONS
from portal.core.templatetags import components_once

ROOT = Path(settings.BASE_DIR)
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
# Not shown by name: parts of other components, and what only a frame with a person can show.
WITHIN_OTHERS = {"public_actions", "toasts"}


@pytest.fixture
def opened(client, portal_site):
    """The sections as pages, each component drawn anew."""
    components_once.forget()
    addresses = ["/styleguide/", *(f"/styleguide/{name}/" for name in SECTIONS if name != "foundations")]
    return {address: client.get(address) for address in addresses}


def test_every_section_opens(opened):
    assert {address: response.status_code for address, response in opened.items()} == dict.fromkeys(opened, 200)


def test_every_component_is_shown(opened):
    shown = {template.name for response in opened.values() for template in response.templates}
    missing = {path.stem for path in COMPONENTS if f"components/{path.name}" not in shown}
    assert missing == WITHIN_OTHERS


def test_nothing_inline_is_written(opened):
    for response in opened.values():
        assert not re.search(r"\sstyle=|<style|\son\w+=", response.content.decode())


def test_style_guide_is_for_development_only(client, portal_site, settings):
    settings.DEVELOPMENT = False
    assert client.get("/styleguide/").status_code == 404


def test_unknown_section_is_not_found(client, portal_site):
    assert client.get("/styleguide/nothing/").status_code == 404


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_component_says_what_it_is_and_takes(path):
    text = path.read_text()
    assert text.startswith("{% comment %}\n")
    assert len(text[: text.index("{% endcomment %}")].splitlines()) >= 2


def test_icons_that_templates_name_are_in_the_sprite():
    known = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/icons/sprite.svg").read_text()))
    named = set()
    for path in (ROOT / "templates").rglob("*.html"):
        named |= set(re.findall(r'(?<!\w)(?:icon|icon_after|action_icon)="([\w-]+)"', path.read_text()))
        named |= set(re.findall(r'components/icon\.html" with name="([\w-]+)"', path.read_text()))
    assert len(named) > 40
    assert named - known - {"none"} == set()


def test_tokens_alone_name_colours_and_sizes_of_letters():
    sheets = [path for path in (ROOT / "static/css").rglob("*.css") if path.stem not in {"tokens", "admin", "print"}]
    colour = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(")
    assert {path.name: found for path in sheets if (found := colour.findall(path.read_text()))} == {}
    assert {path.name for path in sheets if re.search(r"font-family: (?!var|inherit)", path.read_text())} == {
        "contract-paper.css",
        "fonts.css",
        "paper-fonts.css",
    }


def test_fonts_stay_light():
    weights = {path.name: path.stat().st_size for path in (ROOT / "static/fonts").glob("*.woff2")}
    script = {"script-latin.woff2", "script-latin-ext.woff2"}
    assert set(weights) == {"inter-latin.woff2", "inter-latin-ext.woff2", "roboto-mono-latin.woff2", *script}
    assert max(weights.values()) < 40_000
