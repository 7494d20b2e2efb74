"""What many tests begin with: made once in a process by the portal's own code, then laid in as rows by each test.

A test finds what it would find had it just been made, in a hundredth of the time: publishing a few pages takes half a
second. All is made before the first test, so the numbers of these rows are used up and no row of a test has them.
"""

from collections.abc import Callable, Collection
from typing import Any, ClassVar

import psycopg
from django.db import connection, transaction
from psycopg import sql
from wagtail.models import Site

from tests.plugins.restoring import TABLES, copied

Rows = dict[str, set[bytes]]


class Standing:
    """Something that `build` makes; where it stands in part (`is_begun`), `build` makes the rest of it."""

    known: ClassVar[list["Standing"]] = []

    def __init__(self, fixture: str, build: Callable[[], Any], *, is_begun: Callable[[], bool]) -> None:
        self.fixture = fixture
        self.build = build
        self.is_begun = is_begun
        self.added: Rows = {}
        self.gone: dict[str, list[str]] = {}
        self.known.append(self)

    def stand(self) -> None:
        """Have it in this test's database."""
        if not self.added or self.is_begun():
            self.build()
            return
        with transaction.atomic():
            self._lay(_server())
        Site.clear_site_root_paths_cache()

    def prepare(self) -> None:
        """Build it in a transaction that is given up, and keep what it changed."""
        with transaction.atomic():
            before = _rows(_server())
            self.build()
            after = _rows(_server())
            self.gone = {
                table: _as_text(_server(), table, lines - after[table])
                for table, lines in before.items()
                if lines - after[table]
            }
            transaction.set_rollback(True)
        self.added = {table: lines - before[table] for table, lines in after.items() if lines - before[table]}

    def _lay(self, server: psycopg.Connection[Any]) -> None:
        # The rows are whole: no trigger and no foreign key looks on.
        server.execute("SET LOCAL session_replication_role = replica")
        for table, lines in self.gone.items():
            server.execute(sql.SQL("DELETE FROM {} AS row WHERE row::text = ANY(%s)").format(sql.SQL(table)), [lines])
        for table, lines in self.added.items():
            with server.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.SQL(table))) as copy:
                copy.write(b"".join(sorted(lines)))
        server.execute("SET LOCAL session_replication_role = DEFAULT")


def prepare(fixtures: Collection[str]) -> None:
    """Prepare what these fixtures lay in."""
    for standing in Standing.known:
        if standing.fixture in fixtures:
            standing.prepare()


def _server() -> psycopg.Connection[Any]:
    connection.ensure_connection()
    return connection.connection


def _as_text(server: psycopg.Connection[Any], table: str, lines: set[bytes]) -> list[str]:
    """Rows as the database writes a whole row, which tells it from others whatever the table's key."""
    server.execute(sql.SQL("CREATE TEMPORARY TABLE gone (LIKE {})").format(sql.SQL(table)))
    with server.cursor().copy("COPY gone FROM STDIN") as copy:
        copy.write(b"".join(lines))
    found = [row[0] for row in server.execute("SELECT gone::text FROM gone").fetchall()]
    server.execute("DROP TABLE gone")
    return found


def _rows(server: psycopg.Connection[Any]) -> Rows:
    tables = [row[0] for row in server.execute(TABLES).fetchall()]
    return {table: set(copied(server, table).splitlines(keepends=True)) for table in tables}
