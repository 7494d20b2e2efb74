"""Walks every pair of a state and a transition of a model."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import models

from portal.core.errors import InvalidTransition

Expected = Mapping[str, Mapping[str, str]]


def assert_state_matrix(
    make: Callable[[str], models.Model],
    expected: Expected,
    *,
    field: str = "status",
    arguments: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Check that each transition moves the states named in `expected` and is refused, changing nothing, in all others.

    `expected` is {transition: {state before: state after}}; `make` builds a record in a given state, with whatever
    the conditions of transitions ask for; `arguments` are the keyword arguments of transitions that take some.
    """
    states = [value for value, _label in make("")._meta.get_field(field).choices]
    sample = make(states[0])
    transitions = {move.name for move in getattr(sample, f"get_all_{field}_transitions")()}
    assert transitions == set(expected), "the matrix names each transition of the model, and no other"
    for name in sorted(transitions):
        for state in states:
            record = make(state)
            keywords = (arguments or {}).get(name, {})
            if state in expected[name]:
                getattr(record, name)(**keywords)
                assert getattr(record, field) == expected[name][state], f"{name} from {state}"
            else:
                assert_refused(record, name, keywords)


def assert_refused(record: models.Model, name: str, keywords: Mapping[str, Any]) -> None:
    """Check that a transition raises InvalidTransition, does not name itself as possible, and changes no field."""
    before = {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}
    with pytest.raises(InvalidTransition) as refusal:
        getattr(record, name)(**keywords)
    assert name not in refusal.value.possible
    assert {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields} == before
