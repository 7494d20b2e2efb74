"""Blocks as an editor chooses them: each with an icon, a name, words and a picture of what readers get."""

from collections.abc import Iterator

import pytest
from wagtail import blocks
from wagtail.admin.icons import get_icons
from wagtail.fields import StreamField
from wagtail.models import get_page_models

from portal.accounts.models import User
from tests.cast import client_of


def offered(block: blocks.Block, place: str) -> Iterator[tuple[str, blocks.Block]]:
    """Every block that the menu of a stream offers, at any depth, with where it stands."""
    children = getattr(block, "child_blocks", {})
    for name, child in children.items():
        if isinstance(block, blocks.StreamBlock):
            yield f"{place}.{name}", child
        yield from offered(child, f"{place}.{name}")
    if isinstance(block, blocks.ListBlock):
        yield from offered(block.child_block, place)


FOUND = {
    place: block
    for model in get_page_models()
    for field in model._meta.get_fields()
    if isinstance(field, StreamField) and field.model is model
    for place, block in offered(field.stream_block, f"{model.__name__}.{field.name}")
}


ICONS = {icon.partition('id="icon-')[2].partition('"')[0] for icon in get_icons().split("<symbol")}


def test_the_streams_are_found() -> None:
    tops = {place for place in FOUND if place.count(".") == 2}
    assert {"HelpPage.body.text", "TutorialPage.steps.step", "TroubleshootingPage.nodes.node"} <= tops
    assert {"DashboardPage.body.stat_cards", "HomePage.products.feature"} <= tops
    assert "HelpPage.body.steps.body.table" in FOUND


@pytest.mark.parametrize("place", sorted(FOUND))
def test_each_block_says_what_it_is(place: str) -> None:
    block = FOUND[place]
    assert block.meta.icon in ICONS - {"placeholder"}
    assert block.label
    assert block.get_description().endswith(".")
    assert block.is_previewable


@pytest.mark.parametrize("place", sorted(place for place in FOUND if place.count(".") == 2))
def test_each_block_has_a_preview_in_the_theme(portal_site: None, editor: User, place: str) -> None:
    answer = client_of(editor).get("/admin/block-preview/", {"id": FOUND[place].definition_prefix})
    assert answer.status_code == 200
    assert "css/portal.css" in answer.text
    body = answer.text.partition("public__content")[2]
    assert len("".join(body.split())) > 60


def named(block: blocks.Block, place: str) -> Iterator[tuple[str, blocks.Block]]:
    """Every field of blocks made of several, with where it stands."""
    children = getattr(block, "child_blocks", {})
    for name, child in children.items():
        if isinstance(block, blocks.StructBlock):
            yield f"{place}.{name}", child
        yield from named(child, f"{place}.{name}")
    if isinstance(block, blocks.ListBlock):
        yield from named(block.child_block, place)


# Fields whose name says it all.
PLAIN = {"title", "text", "body", "caption", "code", "image", "document", "label", "items", "description", "actions"}
FIELDS = {
    place: block
    for model in get_page_models()
    for field in model._meta.get_fields()
    if isinstance(field, StreamField) and field.model is model
    for place, block in named(field.stream_block, f"{model.__name__}.{field.name}")
    if place.rpartition(".")[2] not in PLAIN | {"decorative", "alt_text"}
}


@pytest.mark.parametrize("place", sorted(FIELDS))
def test_each_field_that_is_not_plain_explains_itself(place: str) -> None:
    block = FIELDS[place]
    assert block.field.help_text if hasattr(block, "field") else getattr(block.meta, "help_text", "")
