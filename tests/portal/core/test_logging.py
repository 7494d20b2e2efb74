"""Every request has an id; its log lines carry it and its answer tells it."""

import io
import json
import logging
import logging.config
import uuid

import pytest
import structlog
from django.http import HttpResponse
from django.urls import path

from portal.core import logging as portal_logging


def hello(request):
    structlog.get_logger("shop").info("greeted", name="Amina")
    logging.getLogger("library").warning("disk at %d %%", 91)
    return HttpResponse("hello")


def broken(request):
    password = "hunter2"
    raise RuntimeError(str(len(password)))


def handler500(request):
    return HttpResponse("sorry", status=500)


urlpatterns = [path("hello/", hello), path("broken/", broken)]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture(params=[True, False], ids=["json", "console"])
def lines(request):
    """What is written, as lines; the suite's own logging is put back afterwards."""
    root = logging.getLogger()
    handlers, level, defaults = root.handlers[:], root.level, structlog.get_config()
    logging.config.dictConfig(portal_logging.config(json=request.param))
    stream = io.StringIO()
    for handler in root.handlers:
        handler.setStream(stream)
    yield lambda: stream.getvalue().splitlines()
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**defaults)


def events(lines) -> list[dict]:
    return [json.loads(line) for line in lines()]


@pytest.mark.parametrize("lines", [True], indirect=True, ids=["json"])
def test_all_lines_of_a_request_carry_the_id_of_its_answer(client, lines):
    response = client.get("/hello/")
    found = events(lines)
    assert [event["event"] for event in found] == ["request_started", "greeted", "disk at 91 %", "request_finished"]
    assert {event["request_id"] for event in found} == {response["X-Request-ID"]}
    assert (found[1]["name"], found[1]["level"], found[1]["logger"]) == ("Amina", "info", "shop")
    assert (found[2]["level"], found[2]["logger"]) == ("warning", "library")
    assert found[3]["code"] == 200
    assert all(event["timestamp"].endswith("Z") for event in found)


def test_ids_differ_and_are_never_the_clients_own(client, lines):
    ids = {client.get("/hello/", headers={"X-Request-ID": "forged\nline"})["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3
    assert all(uuid.UUID(found).version == 4 for found in ids)
    assert "forged" not in "".join(lines())


def test_failure_is_logged_once_with_its_traceback_and_without_its_variables(client, lines):
    client.raise_request_exception = False
    response = client.get("/broken/")
    text = "\n".join(lines())
    assert response.status_code == 500
    assert response["X-Request-ID"] in text
    assert text.count("request_failed") == 1
    assert text.count("RuntimeError: 7") == 1
    assert "hunter2" not in text.replace('password = "hunter2"', "")


@pytest.mark.parametrize("lines", [True], indirect=True, ids=["json"])
def test_page_that_is_not_there_is_a_warning(client, lines):
    response = client.get("/nothing/")
    (event,) = [event for event in events(lines) if event["event"] == "request_finished"]
    assert (response.status_code, event["code"], event["level"]) == (404, 404, "warning")


def test_anonymous_request_asks_the_database_nothing_for_the_sake_of_the_log(client, lines, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/hello/")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/accounts/password/reset/key/1-s3cret-token/", "/accounts/password/reset/key/…"),
        ("/accounts/confirm-email/MQ:s3cret/", "/accounts/confirm-email/…"),
        (f"/customer/invitations/{'a1' * 32}/", "/customer/invitations/…"),
        ("/hello/?q=s3cret", "/hello/"),
    ],
)
@pytest.mark.parametrize("lines", [True], indirect=True, ids=["json"])
def test_neither_keys_nor_what_people_ask_for_are_logged(client, lines, address, told):
    client.get(address)
    assert {event["request"] for event in events(lines) if "request" in event} == {f"GET {told}"}
    assert "s3cret" not in "".join(lines())
