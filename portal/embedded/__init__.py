"""PostgreSQL and Valkey that come with the portal: joined or started where the environment names no server.

`ensure()` is called before settings load (manage.py, wsgi, celery, the tests). Every process that called it holds the
servers; the last one to end stops them. After a kill they go on, and the next process takes them up again.
"""

import importlib
import os
from types import ModuleType

from portal.embedded.errors import EmbeddedError, UnsupportedError

ADDRESSES = ("DATABASE_URL", "REDIS_URL")


def ensure(*, durable: bool = True) -> None:
    """Set DATABASE_URL and REDIS_URL to the embedded servers where they are not set; production is left alone.

    durable=False trades safety against a power cut for speed: for tests. Ends the process with one sentence when the
    servers cannot be had.
    """
    missing = [name for name in ADDRESSES if not os.environ.get(name)]
    if not missing or os.environ.get("DJANGO_SETTINGS_MODULE") == "portal.settings.production":
        return
    try:
        if os.name != "posix":
            raise UnsupportedError("PostgreSQL")
        os.environ.update(_servers().join(missing, durable=durable))
    except EmbeddedError as error:
        raise SystemExit(str(error)) from None


def revive() -> None:
    """Start again what has ended of the servers that this process joined; nothing if it joined none."""
    try:
        _servers().revive()
    except EmbeddedError as error:
        raise SystemExit(str(error)) from None


def _servers() -> ModuleType:
    """Import what whoever brings servers of their own does not need, not even the modules that only POSIX has."""
    return importlib.import_module("portal.embedded.servers")
