"""A company's colour becomes readable, and no further from what was chosen than it must."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home import brand

COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLORS)
def test_any_colour_becomes_readable_on_both_grounds(color):
    light, dark = brand.accessible_accent(color)
    assert brand.contrast(light, brand.LIGHT_SURFACE) >= 4.5
    assert brand.contrast(dark, brand.DARK_SURFACE) >= 4.5


@given(COLORS)
def test_words_on_the_accent_are_readable(color):
    fills = re.findall(r"--accent(?:-hover|-active)?: light-dark\((#\w{6}), (#\w{6})\)", brand.accent_tokens(color))
    assert len(fills) == 3
    assert min(brand.contrast(fill, brand.WHITE) for pair in fills for fill in pair) >= 4.5


def test_colour_that_is_readable_stays():
    assert brand.accessible_accent("#2563eb")[0] == "#2563eb"
    assert brand.accessible_accent("#f59e0b")[1] == "#f59e0b"


def test_faint_yellow_is_darkened_for_the_light_theme_only():
    assert brand.accessible_accent("#f59e0b") == ("#9b6406", "#f59e0b")


@pytest.mark.parametrize("color", ["2563eb", "#25e", "#2563eg", "red", "", "#2563eb;}body{display:none"])
def test_what_is_no_colour_is_refused(color):
    with pytest.raises(ValueError, match="is not a colour"):
        brand.accessible_accent(color)


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48)])
def test_contrast_is_that_of_the_standard(one, other, ratio):
    assert round(brand.contrast(one, other), 2) == ratio
