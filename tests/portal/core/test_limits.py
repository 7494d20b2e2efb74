"""Whose questions are counted together."""

import pytest
from django.test import RequestFactory

from portal.core.limits import asked, place_at, place_of


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


def test_an_address_holds_one_place_and_all_together_no_more_than_there_are() -> None:
    first, second, third = (RequestFactory().get("/", REMOTE_ADDR=f"203.0.113.{last}") for last in range(3))
    with place_at(first, "held", most=2, seconds=60) as one, place_at(first, "held", most=2, seconds=60) as again:
        assert (one, again) == (True, False)
        with place_at(second, "held", most=2, seconds=60) as two, place_at(third, "held", most=2, seconds=60) as three:
            assert (two, three) == (True, False)
    with pytest.raises(ValueError, match="broken"), place_at(first, "held", most=1, seconds=60):
        raise ValueError("broken")
    with place_at(third, "held", most=1, seconds=60) as after:
        assert after is True
