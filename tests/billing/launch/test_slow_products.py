"""Health and logout addresses that answer wrongly, slowly, or without end: none holds a worker, none is believed."""

import gzip
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Thread
from typing import Any

import pytest
import requests
from django.utils import timezone

from billing.catalog.models import Product
from billing.launch.models import ProductHealth, State
from billing.launch.services import asking, clients, logouts
from billing.launch.services.health import Observation
from billing.launch.services.logouts import NotTaken
from portal.accounts.models import Company, User
from portal.core import deadlines
from tests.factories import ProductFactory

Script = Callable[[socket.socket], None]
HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
# Who waits for less is left alone; answers drip for five seconds, which nobody waits for, however busy the machine.
SECONDS, TOO_LONG = 0.6, 4


class Server:
    """Answers every connection by a script."""

    def __init__(self, script: Script) -> None:
        self.script, self.asked = script, b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/health"
        Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                Thread(target=self.answer, args=[self.listener.accept()[0]], daemon=True).start()

    def answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            self.asked += whole_request(connection)
            self.script(connection)


def whole_request(connection: socket.socket) -> bytes:
    """All that was sent: what is closed with something unread is a connection that broke off."""
    asked = b""
    while b"\r\n\r\n" not in asked and (more := connection.recv(65536)):
        asked += more
    head, _end, body = asked.partition(b"\r\n\r\n")
    found = re.search(rb"(?i)content-length: (\d+)", head)
    left = int(found[1]) - len(body) if found else 0
    while left > 0 and (more := connection.recv(left)):
        asked, left = asked + more, left - len(more)
    return asked


@pytest.fixture
def serve() -> Iterator[Callable[[Script], Server]]:
    made: list[Server] = []

    def start(script: Script) -> Server:
        made.append(Server(script))
        return made[-1]

    yield start
    for server in made:
        server.listener.close()


def saying(answer: bytes) -> Script:
    return lambda connection: connection.sendall(answer)


def dripping(head: bytes, drop: bytes) -> Script:
    def drip(connection: socket.socket) -> None:
        connection.sendall(head)
        for _time in range(100):
            connection.sendall(drop)
            time.sleep(0.05)

    return drip


def leading_to(address: str) -> Script:
    return saying(
        f"HTTP/1.1 302 Found\r\nLocation: {address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
    )


def with_body(body: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([HEAD.strip(), b"Content-Length: %d" % len(body), *headers, b"", body])


@pytest.mark.parametrize(
    "script",
    [
        dripping(HEAD, b"X-Drop: 1\r\n"),
        dripping(b"", b"H"),
        dripping(HEAD + b"Content-Length: 1000\r\n\r\n", b" "),
        dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        dripping(HEAD + b"\r\n", b"x"),
        lambda connection: time.sleep(5),
    ],
)
def test_what_drips_is_left_when_the_time_is_over(
    serve: Callable[[Script], Server], monkeypatch: pytest.MonkeyPatch, script: Script
) -> None:
    monkeypatch.setattr(asking, "TIMEOUT_SECONDS", SECONDS)
    started = time.monotonic()
    assert asking.ask(serve(script).url) == Observation(State.DOWN, detail="No answer within 5 seconds")
    assert time.monotonic() - started < TOO_LONG


@pytest.mark.parametrize(
    ("script", "detail"),
    [
        (leading_to("http://169.254.169.254/latest/"), "It leads to another host"),
        (leading_to("//evil.example/"), "It leads to another host"),
        (leading_to("file:///etc/passwd"), "It leads to another host"),
        (leading_to("/health"), "It leads from address to address"),
        (leading_to("http://[::1"), "Not reached (ValueError)"),
        (saying(b"nothing of HTTP\r\n\r\n"), "Not reached (ConnectionError)"),
        (saying(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"), "It answers 500"),
        (saying(b"HTTP/1.1 204 No\r\n\r\n"), "It answers 204"),
        (saying(with_body(b"x" * 70_000)), "Its answer is longer than 64 kB"),
        (
            saying(with_body(gzip.compress(b"0" * 50_000_000), b"Content-Encoding: gzip")),
            "Its answer is longer than 64 kB",
        ),
        (saying(with_body(b'{"status": "fail"}')), "It says of itself: fail"),
    ],
)
def test_what_is_wrong_is_down(serve: Callable[[Script], Server], script: Script, detail: str) -> None:
    assert asking.ask(serve(script).url) == Observation(State.DOWN, detail=detail)


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        (b"", State.UP),
        (b"fine", State.UP),
        (b'{"status": "pass"}', State.UP),
        (b'{"status": ["fail"]}', State.UP),
        (b"[" * 5000, State.UP),
        (b'{"status": "WARN"}', State.DEGRADED),
    ],
)
def test_what_is_right_is_up(serve: Callable[[Script], Server], body: bytes, seen: str) -> None:
    server = serve(saying(with_body(body)))
    assert asking.ask(server.url).seen == seen
    # As nobody in particular.
    assert b"Authorization" not in server.asked
    assert b"Cookie" not in server.asked


def test_a_product_that_drips_keeps_no_other_from_being_asked(
    transactional_db: None, serve: Callable[[Script], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "TIMEOUT_SECONDS", SECONDS)
    slow = serve(dripping(HEAD, b"X-Drop: 1\r\n"))
    for number in range(9):
        ProductFactory.create(slug=f"slow-{number}", health_url=slow.url)
    good = ProductFactory.create(slug="good", health_url=serve(saying(with_body(b"ok"))).url)
    started = time.monotonic()
    assert asking.ask_all() == 10
    assert time.monotonic() - started < TOO_LONG
    assert ProductHealth.objects.get(product=good).observed == State.UP
    assert set(ProductHealth.objects.exclude(product=good).values_list("observed", flat=True)) == {State.DOWN}


@pytest.mark.parametrize(
    ("script", "refusal"),
    [
        (dripping(b"", b"H"), requests.RequestException),
        (lambda connection: time.sleep(5), requests.RequestException),
        (leading_to("http://169.254.169.254/"), NotTaken),
        (saying(b"HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n"), NotTaken),
    ],
)
def test_a_logout_address_holds_nobody_and_leads_nowhere(
    serve: Callable[[Script], Server],
    monkeypatch: pytest.MonkeyPatch,
    company: Company,
    viewer: User,
    payroll: Product,
    script: Script,
    refusal: type[Exception],
) -> None:
    message = message_to(serve(script).url, company, viewer, payroll)
    monkeypatch.setattr(logouts, "TIMEOUT_SECONDS", SECONDS)
    started = time.monotonic()
    with pytest.raises(refusal):
        logouts._post(message)
    assert time.monotonic() - started < TOO_LONG


def test_the_body_of_an_answer_to_a_logout_is_not_read(
    serve: Callable[[Script], Server], company: Company, viewer: User, payroll: Product
) -> None:
    server = serve(dripping(HEAD + b"Content-Length: 1000000000\r\n\r\n", b"x"))
    started = time.monotonic()
    logouts._post(message_to(server.url, company, viewer, payroll))
    assert time.monotonic() - started < TOO_LONG
    assert server.asked.startswith(b"POST /health ")


def message_to(address: str, company: Company, member: User, product: Product) -> Any:
    """What is to be posted there."""
    words = {"redirect_uris": ["https://payroll.example/cb"], "post_logout_redirect_uris": [], "by": None}
    clients.keep(product=product, backchannel_logout_uri=address, **words)
    now = timezone.now()
    session = logouts.ProductSession.objects.create(
        user=member, company=company, product=product, role="viewer",
        authenticated_at=now, started_at=now, expires_at=now,
    )  # fmt: skip
    return logouts.LogoutMessage(session=session)


def test_what_is_quick_is_as_it_was(serve: Callable[[Script], Server]) -> None:
    server = serve(saying(with_body(b"as it was")))
    with deadlines.session(5) as web:
        assert [web.get(server.url, timeout=5).text for _time in range(3)] == ["as it was"] * 3
