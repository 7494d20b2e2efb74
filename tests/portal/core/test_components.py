"""Filters of the components."""

import pytest

from portal.core.templatetags.components import beside, initials, status_look


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Amina Otieno", "AO"),
        ("Wanjiru wa Kamau", "WK"),
        ("Savanna", "S"),
        ("amina@savanna.example", "A"),
        ("", ""),
        (None, ""),
    ],
)
def test_initials_are_those_of_the_first_and_last_word(name, expected):
    assert initials(name) == expected


@pytest.mark.parametrize(
    ("status", "kind", "icon", "label"),
    [
        ("paid", "success", "", "Paid"),
        ("past_due", "danger", "", "Past due"),
        ("on_hold", "warning", "clock", "On hold"),
        ("open", "info", "", "Open"),
        ("draft", "", "circle-dashed", "Draft"),
        ("pen", "", "circle-dashed", "Pen"),
    ],
)
def test_every_state_has_its_look(status, kind, icon, label):
    assert status_look(status) == {"kind": kind, "icon": icon, "label": label}


def test_beside_pairs_by_place_as_far_as_both_go():
    assert beside(["a", "b", "c"], [1, 2]) == [("a", 1), ("b", 2)]
    assert beside(None, [1]) == []
