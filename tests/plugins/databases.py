"""A database of its own for each test process, cloned from a migrated template; a Redis database likewise.

The template is made once and kept until a migration changes, so neither a run nor a process migrates anew. After a
test with real transactions the clone is restored, so every test finds what the migrations left.
"""

import gc
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase

import portal.celery  # noqa: F401 - the application that tasks are queued with, as in every way into the portal
from portal.core.page_cache import generation
from tests.plugins import standing
from tests.plugins.restoring import Original

BUILDING = 7_201_945  # the advisory lock of whoever makes the template


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    """Give this process its clone, and drop it at the end."""
    original = settings.DATABASES["default"]["NAME"]
    mine = f"test_{original}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with django_db_blocker.unblock():
        template = _template(original)
        _use(mine)
        _clone(template, mine)
        standing.prepare({name for item in request.session.items for name in getattr(item, "fixturenames", ())})
        cache.clear()
        with connect(mine) as server:
            original_rows = Original(server)
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: _restore(original_rows, mine))
    yield
    patch.undo()
    with django_db_blocker.unblock():
        connection.close()
        with connect() as server:
            server.execute(f'DROP DATABASE IF EXISTS "{mine}" WITH (FORCE)')
        _use(original)


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Let no test see what another one left in the cache, nor the generation that this process still remembers."""
    yield
    cache.clear()
    generation.look_at = float("-inf")


def _template(original: str) -> str:
    """Return the name of the migrated template, made if no run has made it yet."""
    name = f"test_{original}_template_{fingerprint()}"
    with connect() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [BUILDING])
        known = [row[0] for row in server.execute("SELECT datname FROM pg_database").fetchall()]
        if name not in known:
            for stale in known:
                if stale.startswith(f"test_{original}_template_") and stale != name:
                    server.execute(f'ALTER DATABASE "{stale}" IS_TEMPLATE false')
                    server.execute(f'DROP DATABASE IF EXISTS "{stale}" WITH (FORCE)')
            _build(server, name)
    return name


def _build(server: psycopg.Connection[Any], name: str) -> None:
    half = f"{name}_half"
    server.execute(f'DROP DATABASE IF EXISTS "{half}" WITH (FORCE)')
    server.execute(f'CREATE DATABASE "{half}" TEMPLATE template0')
    _use(half)
    # Nearly all that migrations make is in use until their end; looking for garbage would be a sixth of the time.
    gc.disable()
    call_command("migrate", verbosity=0, interactive=False)
    gc.enable()
    connection.close()
    server.execute(f'ALTER DATABASE "{half}" RENAME TO "{name}"')
    server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false IS_TEMPLATE true')


def fingerprint() -> str:
    """Hash what a migrated database depends on: every migration, and what apps do after migrating."""
    digest = hashlib.sha256()
    for config in sorted(apps.get_app_configs(), key=lambda config: config.label):
        folder = Path(config.path)
        for path in sorted([*folder.glob("migrations/*.py"), folder / "apps.py", folder / "receivers.py"]):
            if path.exists():
                digest.update(f"{config.label}/{path.name}".encode() + path.read_bytes())
    return digest.hexdigest()[:8]


def _clone(template: str, name: str) -> None:
    connection.close()
    with connect() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def _restore(original: Original, name: str) -> None:
    connection.close()
    with connect(name) as server:
        original.restore(server)


def _use(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


@contextmanager
def connect(database: str = "postgres") -> Iterator[psycopg.Connection[Any]]:
    """Connect beside Django: to the server's own database, where databases can be made and dropped, or to another."""
    parameters = connection.get_connection_params() | {"dbname": database}
    wanted = {key: value for key, value in parameters.items() if key in {"dbname", "user", "password", "host", "port"}}
    with psycopg.connect(**wanted, autocommit=True) as server:
        yield server
