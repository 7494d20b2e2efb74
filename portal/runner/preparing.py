"""Bring database, static files and demo world up to date, and do nothing where they are: a second start is quick.

What was done is noted in run.json of the var folder, as a hash of what it was done from.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import environ
import psycopg
from redis import Redis, RedisError

from portal.embedded.folders import BASE_DIR, var_dir
from portal.runner.errors import CannotRun

# Where each sample product finds its port and its credentials.
PRODUCTS = "products.json"


def prepare() -> None:
    """Migrate, collect static files and load the demo world, each only when needed."""
    _bring("migrated", migrated, "Migrating the database", "migrate", "--verbosity", "0", "--no-input")
    _bring("collected", collected, "Collecting static files", "collectstatic", "--verbosity", "0", "--no-input")
    if os.environ.get("DJANGO_SETTINGS_MODULE") != "portal.settings.production":
        _bring("seeded", seeded, "Loading the demo world", "seed_demo")


def prepare_products() -> None:
    """Point the demo's products at the sample products on the ports after this run's, when that has changed."""
    _bring("products", products, "Preparing the sample products", "prepare_products")


def note(**done: str) -> None:
    """Remember what has been done."""
    var_dir().mkdir(parents=True, exist_ok=True)
    (var_dir() / "run.json").write_text(json.dumps(_notes() | done, indent=2))


def migrated() -> str:
    """Return what tells whether to migrate: the migrations there are, and those the database has had, and when."""
    files = [BASE_DIR / "requirements.txt", *_own("*/migrations/*.py"), *_own("*/*/migrations/*.py")]
    applied = _ask("SELECT app, name, applied FROM django_migrations ORDER BY id")
    return f"{_hash(files)} {hashlib.sha256(repr(applied).encode()).hexdigest()[:16]}"


def collected() -> str:
    """Return what tells whether to collect static files: those there are, and whether they have been collected."""
    own = [path for path in (BASE_DIR / "static").rglob("*") if path.is_file()]
    files = [BASE_DIR / "requirements.txt", BASE_DIR / "portal" / "core" / "staticfiles.py", *own]
    return f"{_hash(files)} {(var_dir() / 'static').exists()}"


def seeded() -> str:
    """Return what tells whether to load the demo world: which database it is, by the moment of its first migration."""
    return str(_ask("SELECT min(applied) FROM django_migrations"))


def products() -> str:
    """Return what tells whether the sample products are prepared: database, address, and the file that was written."""
    path = var_dir() / PRODUCTS
    written = hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.exists() else ""
    return f"{seeded()} {os.environ['BASE_URL']} {written}"


def reach_cache() -> None:
    """Raise CannotRun unless Redis or Valkey answers."""
    try:
        Redis.from_url(os.environ["REDIS_URL"], socket_timeout=10).ping()
    except RedisError as error:
        raise CannotRun(f"No Redis answers at REDIS_URL: {error}") from None


def _bring(name: str, current: Callable[[], str], announcement: str, *command: str) -> None:
    """Run a command of manage.py unless what it depends on is as it was after the last time."""
    if _notes().get(name) != current():
        _manage(announcement, *command)
        note(**{name: current()})


def _notes() -> dict[str, str]:
    try:
        return dict(json.loads((var_dir() / "run.json").read_text()))
    except (FileNotFoundError, ValueError):
        return {}


def _manage(announcement: str, *arguments: str) -> None:
    print(f"{announcement} ...", flush=True)
    command = [sys.executable, str(BASE_DIR / "manage.py"), *arguments]
    # In a session of its own a Ctrl-C reaches the runner alone, which then ends it.
    done = subprocess.run(command, cwd=BASE_DIR, start_new_session=True, check=False)
    if done.returncode:
        raise CannotRun(f"{announcement} failed: `manage.py {arguments[0]}` ended with status {done.returncode}.")


def _own(pattern: str) -> list[Path]:
    return [
        path for path in BASE_DIR.glob(pattern) if path.relative_to(BASE_DIR).parts[0] not in {"var", ".venv", "tests"}
    ]


def _hash(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.relative_to(BASE_DIR)} {path.stat().st_size} {path.stat().st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _ask(query: str) -> list[tuple[object, ...]]:
    """Answer a query without Django, whose start takes seconds; nothing where there is no such table yet."""
    address = environ.Env.db_url_config(os.environ["DATABASE_URL"])
    given = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    parameters = {name: address[key] for name, key in given.items() if address[key]} | address.get("OPTIONS", {})
    try:
        with psycopg.connect(**parameters, connect_timeout=10) as connection:
            return connection.execute(query).fetchall()
    except psycopg.errors.UndefinedTable:
        return []
    except psycopg.OperationalError as error:
        raise CannotRun(f"No database answers at DATABASE_URL: {str(error).splitlines()[0]}") from None
