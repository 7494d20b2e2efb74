"""The gateways there are, by the interface that all share."""

import inspect

import pytest

from billing.payments.gateways.base import Gateway, gateways

NAMES = sorted(gateways)
PROMISED = [name for name, _ in inspect.getmembers(Gateway, inspect.isfunction) if not name.startswith("_")]


@pytest.mark.parametrize("name", NAMES)
def test_gateway_keeps_the_promises_of_the_interface(name: str) -> None:
    gateway = gateways.get(name)
    assert gateway.slug == name
    assert [gateway.label != "", isinstance(gateway.is_enabled, bool)] == [True, True]
    for promised in PROMISED:
        wanted, given = (inspect.signature(getattr(owner, promised)) for owner in (Gateway, type(gateway)))
        assert list(given.parameters) == list(wanted.parameters), promised


def test_bank_transfers_are_always_there() -> None:
    assert gateways.get("manual").is_enabled
