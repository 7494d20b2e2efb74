"""Products are asked over HTTP whether they work: a real server that answers well, badly, slowly, too much or not."""

import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from billing.launch.models import HealthDay, Incident, ProductHealth, State
from billing.launch.services import asking
from tests.factories import ProductFactory


class Product(BaseHTTPRequestHandler):
    """A product's health address, in every mood."""

    elsewhere = ""
    asked: "list[str]" = []

    def do_GET(self) -> None:
        """Answer as the path says."""
        self.asked.append(self.path)
        mood, _slash, rest = self.path.strip("/").partition("/")
        getattr(self, f"be_{mood}")(rest)

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Send it whole."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def be_well(self, rest: str) -> None:
        self.answer(200, b"ok")

    def be_status(self, rest: str) -> None:
        self.answer(int(rest))

    def be_saying(self, rest: str) -> None:
        self.answer(200, b'{"status": "%s"}' % rest.encode())

    def be_slow(self, rest: str) -> None:
        time.sleep(float(rest))
        self.answer(200, b"ok")

    def be_dripping(self, rest: str) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _drop in range(40):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    def be_huge(self, rest: str) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _block in range(1000):
                self.wfile.write(b"x" * 65536)
        except OSError:
            self.asked.append("hung up")

    def be_moved(self, rest: str) -> None:
        self.answer(302, Location="/well/")

    def be_round(self, rest: str) -> None:
        self.answer(302, Location="/round/")

    def be_away(self, rest: str) -> None:
        self.answer(302, Location=self.elsewhere)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a product."""
    Product.asked = []
    running = ThreadingHTTPServer(("127.0.0.1", 0), Product)
    running.daemon_threads = True
    Product.elsewhere = f"http://localhost:{running.server_port}/well/"
    thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits no longer than a test should."""
    monkeypatch.setattr(asking, "TIMEOUT_SECONDS", 0.4)


@pytest.mark.parametrize(
    ("path", "seen", "detail"),
    [
        ("/well/", State.UP, ""),
        ("/moved/", State.UP, ""),
        ("/saying/pass", State.UP, ""),
        ("/saying/warn", State.DEGRADED, "It says of itself: warn"),
        ("/saying/fail", State.DOWN, "It says of itself: fail"),
        ("/status/500", State.DOWN, "It answers 500"),
        ("/status/204", State.DOWN, "It answers 204"),
        ("/away/", State.DOWN, "It leads to another host"),
        ("/round/", State.DOWN, "It leads from address to address"),
        ("/huge/", State.DOWN, "Its answer is longer than 64 kB"),
    ],
)
def test_what_a_product_answers_is_what_is_seen(server, path, seen, detail):
    found = asking.ask(server + path)
    assert (found.seen, found.detail) == (seen, detail)


def test_another_host_is_never_asked(server):
    asking.ask(f"{server}/away/")
    assert Product.asked == ["/away/"]


@pytest.mark.parametrize("path", ["/slow/1", "/dripping/"])
def test_who_keeps_us_waiting_does_not_work(server, impatient, path):
    found = asking.ask(server + path)
    assert (found.seen, found.detail) == (State.DOWN, "No answer within 0.4 seconds")


def test_who_answers_late_is_slow(server, monkeypatch):
    monkeypatch.setattr(asking, "SLOW_MS", 20)
    found = asking.ask(f"{server}/slow/0.1")
    assert (found.seen, found.detail) == (State.DEGRADED, "It answers slowly")
    assert found.latency_ms >= 100


def test_who_is_not_there_does_not_work():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        found = asking.ask(f"http://127.0.0.1:{unused.getsockname()[1]}/")
    assert (found.seen, found.detail) == (State.DOWN, "Not reached (ConnectionError)")


@pytest.mark.parametrize("url", ["http://", "http://[/", "gopher://product.example/", "http://product.invalid/"])
def test_an_address_that_is_none_does_not_work(url):
    assert asking.ask(url).seen == State.DOWN


@pytest.mark.django_db
def test_every_product_that_is_offered_is_asked_and_recorded(server):
    well = ProductFactory.create(slug="erp", health_url=f"{server}/well/")
    bad = ProductFactory.create(slug="sacco", health_url=f"{server}/status/500")
    ProductFactory.create(slug="payroll")
    ProductFactory.create(slug="old", health_url=f"{server}/status/418", is_active=False)
    assert [asking.ask_all() for _minute in range(2)] == [2, 2]
    assert sorted(set(Product.asked)) == ["/status/500", "/well/"]
    states = dict(ProductHealth.objects.values_list("product__slug", "state"))
    assert states == {"erp": State.UP, "sacco": State.DOWN}
    days = HealthDay.objects.values_list("product__slug", "checks", "failures")
    assert set(days) == {("erp", 2, 0), ("sacco", 2, 2)}
    assert Incident.objects.get().product == bad
    assert well.health.detail == ""


@pytest.mark.django_db
def test_a_product_that_is_no_longer_asked_is_not_known(server):
    product = ProductFactory.create(slug="erp", health_url=f"{server}/status/500")
    asking.ask_all()
    asking.ask_all()
    product.health_url = ""
    product.save()
    asking.ask_all()
    product.health.refresh_from_db()
    assert product.health.state == State.UNKNOWN
    assert not Incident.objects.open().exists()
