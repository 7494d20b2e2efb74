"""What is made of Labs' answers over HTTP, good and bad."""

import json
import time
from typing import Any

import pytest

from portal.projects.labs import answers, client
from portal.projects.labs.answers import Product
from portal.projects.labs.errors import NotOffered, Refused, Unreachable
from tests.billing.payments.gateways.servers import Answer
from tests.portal.projects.labs.server import JOHN, SHOP, Labs, person

ME, PRODUCTS, TOKEN = "/api/v1/me", "/api/v1/products", "/oauth/token"


def asked_by(labs: Labs, who: str = JOHN) -> Any:
    return client.asking(token=labs.give(who)["access_token"], header="bearer", seconds=3)


@pytest.mark.parametrize("wrapped", [True, False])
def test_both_shapes_of_a_person_say_the_same(labs: Labs, wrapped: bool) -> None:
    labs.wrapped = wrapped
    with asked_by(labs) as asked:
        assert asked.me() == answers.Identity(JOHN, "user@example.com", "John Doe")


@pytest.mark.parametrize(
    ("row", "subject"),
    [
        ({"id": 77, "uuid": JOHN.upper()}, JOHN),
        ({"id": 77}, "77"),
        ({"id": "77", "uuid": "not one"}, "77"),
        ({"id": 77, "uuid": None, "email": "\0x", "first_name": ["y"]}, "77"),
    ],
)
def test_the_subject_is_the_uuid_and_else_the_number(row: dict[str, Any], subject: str) -> None:
    found = answers.identity({"data": row})
    assert (found.subject, found.email, found.name) == (subject, "", "")


@pytest.mark.parametrize(
    "row", [{}, {"id": True}, {"id": 0}, {"id": -4}, {"id": 1.5}, {"id": "7 OR 1"}, [], None, "x", {"data": 7}]
)
def test_an_answer_that_names_nobody_is_nobody(row: Any) -> None:
    with pytest.raises(Unreachable):
        answers.identity(row)


def test_a_name_is_one_line_of_what_can_be_seen() -> None:
    row = person(JOHN, first_name="Jo\0hn\n\x1b[31m\u202e", last_name="D" * 400)
    found = answers.identity(row)
    assert found.name == f"Jo hn [31m {'D' * 100}"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer({"detail": "no"}, 401), Refused),
        (Answer({"detail": "no"}, 403), Refused),
        (Answer({"detail": "no"}, 404), NotOffered),
        (Answer({}, 429), Unreachable),
        (Answer({}, 500), Unreachable),
        (Answer({}, 503), Unreachable),
        (Answer(b"<html>", 200), Unreachable),
        (Answer(b"[" * 100_000, 200), Unreachable),
        (Answer(b"", 200), Unreachable),
        (Answer(None), Unreachable),
        (Answer(b"\xff\xfe", 200), Unreachable),
        (Answer(b'"' + b"x" * (3 * 1024 * 1024) + b'"'), Unreachable),
        (Answer({}, 200, {"Content-Encoding": "gzip"}), Unreachable),
    ],
)
def test_bad_answers_are_one_of_three_errors_without_a_word_of_theirs(
    labs: Labs, answer: Answer, error: type[Exception]
) -> None:
    labs.faults[ME] = lambda asked: answer
    with asked_by(labs) as asked, pytest.raises(error) as raised:
        asked.me()
    assert "detail" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_slow_answer_ends_with_the_time_there_is(labs: Labs) -> None:
    labs.faults[ME] = lambda asked: (time.sleep(2.5), Answer({}))[1]
    started = time.monotonic()
    with (
        client.asking(token=labs.give(JOHN)["access_token"], header="bearer", seconds=0.3) as asked,
        pytest.raises(Unreachable),
    ):
        asked.me()
    assert time.monotonic() - started < 2


def test_all_pages_are_read_and_each_project_once(labs: Labs) -> None:
    labs.products = [{"id": number, "name": f"Project {number}"} for number in range(1, 251)]
    labs.products.insert(3, {"id": 1, "name": "Again"})
    with asked_by(labs) as asked:
        found = asked.products()
    assert [product.key for product in found] == [str(number) for number in range(1, 251)]
    assert [dict(one.query)["offset"] for one in labs.asked if one.path == PRODUCTS] == ["0", "100", "200"]


def test_a_server_that_knows_no_offset_is_asked_twice_and_no_more(labs: Labs) -> None:
    page = [{"id": number, "name": f"Project {number}"} for number in range(1, 101)]
    labs.faults[PRODUCTS] = lambda asked: Answer(page)
    with asked_by(labs) as asked:
        assert len(asked.products()) == 100
    assert labs.count(PRODUCTS) == 2


def test_a_server_with_more_and_more_is_left_in_the_end(labs: Labs) -> None:
    labs.faults[PRODUCTS] = lambda asked: Answer(
        [{"id": int(dict(asked.query)["offset"]) + one, "name": "x"} for one in range(1, 101)]
    )
    with asked_by(labs) as asked:
        assert len(asked.products()) == 2000
    assert labs.count(PRODUCTS) == 20


@pytest.mark.parametrize("name", ["results", "items", "products"])
def test_lists_may_stand_under_a_name(labs: Labs, name: str) -> None:
    labs.faults[PRODUCTS] = lambda asked: Answer(
        {"data": {name: [{"uuid": SHOP, "id": 5, "name": " Farm \n shop "}, 7, {}]}}
    )
    with asked_by(labs) as asked:
        found = asked.products()
    assert [(one.key, one.number, one.name, one.url) for one in found] == [(SHOP, "5", "Farm shop", "")]


def test_addresses_of_projects_are_of_the_web() -> None:
    for bad in ("javascript:alert(1)", "//x", 'https://x/"onload=', "data:text/html,x", 5):
        assert answers.product({"id": 5, "name": "x", "url": bad}) == Product("5", None, "5", "x", "")


def test_of_milestones_name_day_and_state_are_kept() -> None:
    rows = [
        {"name": "Beta", "due_date": "2026-12-01T10:00:00Z", "status": "in_progress", "secret": "x"},
        {"title": "Launch", "due_date": "soon", "status": {"a": 1}},
        {"due_date": "2026-12-01"},
        "x",
    ]
    assert answers.dated(rows, "due_date") == [
        {"name": "Beta", "on": "2026-12-01", "state": "in_progress"},
        {"name": "Launch", "on": "", "state": ""},
    ]
    assert len(answers.dated([{"name": "x"}] * 500, "due_date")) == 30


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (
            {"open_issues": 7, "velocity": 3.5, "name": "x", "ok": True, "id": 9, "product_id": 4},
            {"open_issues": 7, "velocity": 3.5},
        ),
        ({"data": {"open": 1}}, {"open": 1}),
        ([{"name": "open", "value": 2}, {"name": "<b>", "value": 3}, 5], {"open": 2}),
        (json.loads('{"a": NaN, "b": Infinity, "c": 1e300, "d": 10000000000000000000, "e": -2}'), {"e": -2}),
        ("x", {}),
        (None, {}),
        (
            {f"figure_{letter}": 1 for letter in "abcdefghijklmnopqrstuvwxyz"},
            {f"figure_{letter}": 1 for letter in "abcdefghijklmnopqrst"},
        ),
    ],
)
def test_of_usage_named_numbers_alone_are_kept(answer: Any, kept: dict[str, Any]) -> None:
    assert answers.figures(answer) == kept
