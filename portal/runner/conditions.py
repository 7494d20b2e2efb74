"""What must hold before anything is started."""

import ctypes
import socket
import sys

from portal.runner.errors import CannotRun

HOST = "127.0.0.1"
LIBRARIES = {
    "linux": (
        "libgobject-2.0.so.0",
        "libpango-1.0.so.0",
        "libpangoft2-1.0.so.0",
        "libharfbuzz.so.0",
        "libfontconfig.so.1",
    ),
    "darwin": ("libgobject-2.0.0.dylib", "libpango-1.0.dylib", "libpangoft2-1.0.dylib", "libharfbuzz.0.dylib"),
}
INSTALL = {
    "linux": "on Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    "darwin": "brew install pango",
}


def free_port(given: str) -> int:
    """Return the port as a number. Raises CannotRun when it is none or is taken."""
    if not given.isdigit() or not 1 <= int(given) <= 65535:
        raise CannotRun(f"PORT must be a number from 1 to 65535, not {given!r}.")
    port = int(given)
    try:
        _listen(port)
    except PermissionError:
        raise CannotRun(f"Port {port} is for root only: choose another, as in `make run PORT=8001`.") from None
    except OSError:
        raise CannotRun(f"Port {port} is taken: choose another, as in `make run PORT={port % 65535 + 1}`.") from None
    return port


def is_free(port: int) -> bool:
    """Tell whether nobody listens on a port that there is."""
    try:
        _listen(port)
    except (OSError, OverflowError):
        return False
    return True


def _listen(port: int) -> None:
    """Try to listen for a moment. Raises OSError."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, port))


def system_libraries() -> None:
    """Raise CannotRun when a library is missing that PDF files are set with."""
    for name in LIBRARIES.get(sys.platform, ()):
        try:
            ctypes.CDLL(name)
        except OSError:
            if sys.platform == "darwin" and _is_in_homebrew(name):
                continue
            raise CannotRun(
                f"The system library {name} is missing, which sets PDF files ({INSTALL[sys.platform]})."
            ) from None


def _is_in_homebrew(name: str) -> bool:
    for folder in ("/opt/homebrew/lib", "/usr/local/lib"):
        try:
            ctypes.CDLL(f"{folder}/{name}")
        except OSError:
            continue
        return True
    return False
