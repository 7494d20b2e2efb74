"""The embedded Valkey, on a loopback port of its own, with a password and an append-only file."""

import os
import re
import secrets
import socket
import time
from pathlib import Path

from redis import Redis, exceptions

from portal.embedded import folders, programs
from portal.embedded.errors import EmbeddedError

SECONDS_TO_START = 60
CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir {folder}
databases 64
appendonly yes
appendfsync everysec
save ""
daemonize yes
pidfile {folder}/server.pid
logfile {folder}/server.log
"""


def start(home: Path) -> str:
    """Start the server unless it runs, and return its REDIS_URL."""
    folder = home / "valkey"
    folders.make_private(folder)
    address = _address(folder)
    if address is None or not _answers(address):
        _configure(folder)
        programs.run([programs.valkey(home), folder / "valkey.conf"], home=home)
        address = _address(folder)
    if address is None or not _wait_until_ready(address):
        raise EmbeddedError(f"The embedded Valkey does not answer: see {folder / 'server.log'}.")
    return address


def stop(home: Path) -> None:
    """Stop the server if it runs."""
    address = _address(home / "valkey")
    if address is not None and _answers(address):
        with _client(address) as client:
            client.shutdown()


def _configure(folder: Path) -> None:
    """Write the configuration: the port and password of last time, where they are still to be had."""
    port, password = _recorded(folder) or (0, secrets.token_hex(16))
    configuration = folder / "valkey.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(CONFIGURATION.format(port=_free_port(port), password=password, folder=folder))
    owner = folders.account()
    os.chown(configuration, owner.uid, owner.gid)


def _recorded(folder: Path) -> tuple[int, str] | None:
    try:
        written = (folder / "valkey.conf").read_text()
    except FileNotFoundError:
        return None
    found = re.search(r"^port (\d+)\nrequirepass (\w+)$", written, re.MULTILINE)
    return (int(found[1]), found[2]) if found else None


def _address(folder: Path) -> str | None:
    recorded = _recorded(folder)
    return f"redis://:{recorded[1]}@127.0.0.1:{recorded[0]}/0" if recorded else None


def _free_port(wanted: int) -> int:
    """Return `wanted` if it is free, else any port that is."""
    for port in (wanted, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise EmbeddedError("No free port on 127.0.0.1 for the embedded Valkey.")


def _client(address: str) -> Redis:
    return Redis.from_url(address, socket_connect_timeout=2, socket_timeout=10)


def _answers(address: str) -> bool:
    """Tell whether our server listens there; another one does not know the password."""
    with _client(address) as client:
        try:
            client.ping()
        except exceptions.BusyLoadingError:
            return True
        except (exceptions.AuthenticationError, exceptions.ConnectionError, exceptions.ResponseError):
            return False
    return True


def _wait_until_ready(address: str) -> bool:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        with _client(address) as client:
            try:
                client.ping()
            except exceptions.RedisError:
                time.sleep(0.05)
            else:
                return True
    return False
