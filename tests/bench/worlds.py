"""Databases of the benchmarks' own: a demo world for each size, kept from run to run.

The largest takes ten minutes to make. New migrations are applied to a kept world; another demo makes a new one.
"""

import hashlib
import os
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from home import demo
from home.demo import scale

PREFIX = "portal_bench_"


class Worlds:
    """Demo worlds by thousands of articles."""

    def __init__(self, sizes: tuple[int, ...], say: Callable[[str], None]) -> None:
        self.sizes = sizes
        self.say = say

    def use(self, thousands: int) -> None:
        """Work in the world of this size from now on; make it if no run has made it yet."""
        name = f"{PREFIX}{thousands}k_{fingerprint()}"
        if name not in databases():
            self.make(name, thousands)
        point_to(name)
        call_command("migrate", verbosity=0, interactive=False)

    def make(self, name: str, thousands: int) -> None:
        """Build the world, upon a smaller one where there is one."""
        drop_stale()
        smaller = [size for size in self.sizes if size < thousands]
        half = f"{name}_half"
        drop(half)
        if smaller:
            self.use(max(smaller))
            copy(f"{PREFIX}{max(smaller)}k_{fingerprint()}", half)
            point_to(half)
        else:
            copy("template0", half)
            point_to(half)
            self.say("a new world: the tables …")
            call_command("migrate", verbosity=0, interactive=False)
            self.say("the demo's people and texts …")
            call_command("seed_demo", stdout=Silent())
        scale.create(thousands=thousands, say=self.say)
        let_go()
        administer(f'ALTER DATABASE "{half}" RENAME TO "{name}"')

    @contextmanager
    def scratch(self) -> Any:
        """A copy of the smallest world, to write to; dropped afterwards."""
        self.use(min(self.sizes))
        name = f"{PREFIX}scratch"
        copy(f"{PREFIX}{min(self.sizes)}k_{fingerprint()}", name)
        point_to(name)
        try:
            yield
        finally:
            let_go()
            drop(name)


class Silent:
    """Where output goes that nobody reads."""

    def write(self, text: str) -> None:
        """Forget it."""


def fingerprint() -> str:
    """Hash the code that makes demo worlds."""
    folder = Path(demo.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def databases() -> list[str]:
    """Names of the server's databases."""
    return [str(row[0]) for row in administer("SELECT datname FROM pg_database")]


def drop(name: str) -> None:
    """Drop a database, whoever uses it."""
    administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def drop_stale() -> None:
    """Drop worlds that another state of the code has made."""
    for name in databases():
        if name.startswith(PREFIX) and not name.endswith(fingerprint()):
            drop(name)


def copy(source: str, target: str) -> None:
    """Make a database as a copy of another."""
    let_go()
    drop(target)
    administer(f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY FILE_COPY')


def point_to(name: str) -> None:
    """Let Django, here and in servers started from here, use this database; nothing of another is remembered."""
    let_go()
    connection.settings_dict["NAME"] = name
    base = os.environ["DATABASE_URL"]
    address, _, query = base.partition("?")
    os.environ["DATABASE_URL"] = f"{address.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
    cache.clear()


def let_go() -> None:
    """Close Django's connection, so that its database can be copied."""
    connection.close()


def administer(statement: str) -> list[tuple[Any, ...]]:
    """Run a statement beside all transactions, in the server's own database."""
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    wanted = {key: value for key, value in parameters.items() if key in {"dbname", "user", "password", "host", "port"}}
    with psycopg.connect(**wanted, autocommit=True) as server:
        cursor = server.execute(statement)
        return cursor.fetchall() if cursor.description else []
