"""A web server on loopback, and readers who ask it for the next page as soon as they have one."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle, product
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READERS = 4
ROUNDS = 6
SECONDS = 0.7
# One process and few threads: a ratio does not need the whole machine.
OPTIONS = ("--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning")


@dataclass(frozen=True)
class Ask:
    """What readers ask for: each page of the server at a port, with each browser's cookies, in turn."""

    port: int
    paths: Sequence[str]
    cookies: Sequence[str] = ("",)

    def sent(self) -> Iterator[bytes]:
        """The requests as they go out, from the first again after the last."""
        return cycle([self.request(path, cookies) for cookies, path in product(self.cookies, self.paths)])

    def request(self, path: str, cookies: str) -> bytes:
        """One request."""
        headers = {"Host": f"127.0.0.1:{self.port}", "Accept-Encoding": "gzip"}
        if cookies:
            headers["Cookie"] = cookies
        lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


@contextmanager
def serving(application: str, log: Path, **environment: str) -> Iterator[int]:
    """Serve an application; the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", *OPTIONS, "--host", "127.0.0.1", "--port", str(port), application]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the server listens; it is given a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The web server did not start: see its log under var/bench/.")


class Reader:
    """One connection that is kept open."""

    def __init__(self, port: int, requests: Iterator[bytes]) -> None:
        self.requests = requests
        self.request = b""
        self.connection = socket.create_connection(("127.0.0.1", port), 30)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self) -> None:
        """Send the next request."""
        self.request = next(self.requests)
        self.connection.sendall(self.request)

    def read(self) -> bytes:
        """The body of one answer; anything but 200 ends the run."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.part()
        head, _, body = received.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"{self.request.splitlines()[0].decode()}: {head.splitlines()[0].decode()}")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        while len(body) < length:
            body += self.part()
        return body

    def part(self) -> bytes:
        """What has come in."""
        found = self.connection.recv(262_144)
        if not found:
            raise SystemExit("The web server closed the connection: see its log under var/bench/.")
        return found


def answered(port: int, requests: Iterator[bytes], seconds: float) -> float:
    """Answers a second with a few readers at once."""
    with ExitStack() as stack:
        readers = [Reader(port, requests) for _ in range(READERS)]
        for reader in readers:
            stack.callback(reader.connection.close)
            reader.ask()
        started = time.perf_counter()
        count = 0
        while time.perf_counter() - started < seconds:
            for reader in readers:
                reader.read()
                reader.ask()
                count += 1
        elapsed = time.perf_counter() - started
        for reader in readers:
            reader.read()
    return count / elapsed


def all_once(ask: Ask) -> None:
    """Ask for each page of each browser once, whatever time it takes."""
    reader = Reader(ask.port, ask.sent())
    for _ in range(len(ask.paths) * len(ask.cookies)):
        reader.ask()
        reader.read()
    reader.connection.close()


def side_by_side(asks: dict[str, Ask]) -> dict[str, list[float]]:
    """Answers a second for each of these in each round; they take turns, so that a busy moment hits all of them."""
    requests = {name: ask.sent() for name, ask in asks.items()}
    for name, ask in asks.items():
        answered(ask.port, requests[name], SECONDS)
    rates: dict[str, list[float]] = {name: [] for name in asks}
    for _ in range(ROUNDS):
        for name, ask in asks.items():
            rates[name].append(answered(ask.port, requests[name], SECONDS))
    return rates
