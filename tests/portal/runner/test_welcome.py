"""The sign-ins that the terminal shows are those of the demo world."""

import re

from home.demo import people
from portal.runner import welcome


def test_every_sign_in_shown_is_in_the_demo_world_and_none_is_forgotten() -> None:
    shown: set[str] = set()
    for address, description in welcome.SIGN_INS:
        host = address.partition("@")[2]
        shown |= {address} | {f"{name}@{host}" for name in re.findall(r"(\w+)@", description)}
    assert shown == {person.email for person in people.PEOPLE}


def test_address_and_password_are_told() -> None:
    text = welcome.text("http://127.0.0.1:8001")
    assert "The portal runs at http://127.0.0.1:8001/" in text
    assert "all with the password demo-portal-pass:" in text


def test_sample_products_are_named() -> None:
    assert welcome.products(["erp on port 8001"]).startswith("Sample products: erp on port 8001;")
    named = welcome.products(["erp on port 8001", "sacco on port 8002", "payroll on port 8003"])
    assert "erp on port 8001, sacco on port 8002 and payroll on port 8003; a click" in named
