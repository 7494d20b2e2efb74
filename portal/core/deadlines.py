"""Asking other servers within so many seconds in all.

The timeout of `requests` is for each read: a server that sends a byte now and then holds whoever asks for hours. Here
connections are shut down once the time is over, whatever they are at: the handshake, headers or body.
"""

import socket
from contextlib import suppress
from threading import Timer
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Watches:
    """Shuts sockets down after so many seconds, unless all is over before."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.kept: list[tuple[Timer, socket.socket]] = []

    def begin(self, connected: socket.socket) -> None:
        """Watch a socket: by another name of it, as TLS takes this one over."""
        watched = connected.dup()
        timer = Timer(self.seconds, shut, [watched])
        timer.daemon = True
        timer.start()
        self.kept.append((timer, watched))

    def end(self) -> None:
        """All is over."""
        while self.kept:
            timer, watched = self.kept.pop()
            timer.cancel()
            watched.close()


def shut(watched: socket.socket) -> None:
    """End a connection for whoever reads from it."""
    with suppress(OSError):
        watched.shutdown(socket.SHUT_RDWR)


class Watched(HTTPConnection):
    """A connection that is watched."""

    watches: Watches

    def _new_conn(self) -> socket.socket:
        """Connect, and watch from then on."""
        connected = super()._new_conn()
        self.watches.begin(connected)
        return connected


class WatchedTLS(Watched, HTTPSConnection):
    """The same by TLS."""


class Deadline(HTTPAdapter):
    """Lets no connection live for more than so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.watches = Watches(seconds)
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """With connections that are watched."""
        super().init_poolmanager(*args, **options)
        words = {"watches": self.watches}
        plain, secure = type("Plain", (Watched,), words), type("Secure", (WatchedTLS,), words)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }

    def close(self) -> None:
        """Watch no more."""
        super().close()
        self.watches.end()


def session(seconds: float) -> requests.Session:
    """What asks; to be used by `with`. What was shut down raises what `requests` raises, or looks like an end."""
    made = requests.Session()
    made.headers["Connection"] = "close"
    for scheme in ("http://", "https://"):
        made.mount(scheme, Deadline(seconds))
    return made
