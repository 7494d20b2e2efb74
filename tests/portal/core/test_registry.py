"""Registries: what is registered is found, and nothing twice."""

import pytest

from portal.core.registry import AlreadyRegistered, NotRegistered, Registry


@pytest.fixture
def shapes() -> Registry[int]:
    registry: Registry[int] = Registry("shapes")
    registry.register("square", 4)
    registry.register("circle", 0)
    return registry


def test_entries_keep_the_order_in_which_they_came(shapes):
    assert shapes.all() == [4, 0]
    assert list(shapes) == ["square", "circle"]
    assert len(shapes) == 2


def test_entry_is_found_by_its_key(shapes):
    assert shapes.get("square") == 4
    assert "circle" in shapes
    assert "star" not in shapes


def test_second_entry_of_a_key_is_refused_and_the_first_stays(shapes):
    with pytest.raises(AlreadyRegistered, match="shapes: 'square' is registered already"):
        shapes.register("square", 5)
    assert shapes.get("square") == 4


def test_unknown_key_is_answered_with_those_there_are(shapes):
    with pytest.raises(NotRegistered, match="shapes: no 'star', only square, circle"):
        shapes.get("star")
