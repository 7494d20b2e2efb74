"""Whose questions are counted together."""

import pytest
from django.test import RequestFactory

from portal.core.limits import asked, place_of


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::7", "2001:db8:1:3::/64"),
    ],
)
def test_place(address: str, expected: str) -> None:
    assert place_of(address) == expected


def test_what_a_client_says_of_its_address_is_not_believed() -> None:
    requests = [RequestFactory().get("/", headers={"X-Forwarded-For": f"203.0.113.{last}"}) for last in range(3)]
    assert [asked(request, "spoofed") for request in requests] == [1, 2, 3]


def test_another_address_of_the_same_network_is_no_other_place() -> None:
    requests = [RequestFactory().get("/", REMOTE_ADDR=f"2001:db8::{last}") for last in range(3)]
    assert [asked(request, "network") for request in requests] == [1, 2, 3]
