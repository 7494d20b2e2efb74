"""Puts a database back to what its migrations left, after a test whose transactions were real.

Only tables that changed are written, so it takes milliseconds; dropping and cloning takes seconds on a careful server.
"""

from typing import Any

import psycopg
from psycopg import sql

TABLES = """
SELECT relid::regclass::text FROM pg_stat_user_tables WHERE schemaname = 'public' ORDER BY 1
"""
SEQUENCES = """
SELECT format('%I', sequencename), start_value, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1
"""
OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
Server = psycopg.Connection[Any]


class Original:
    """The rows and sequences of a database as they are when this is made."""

    def __init__(self, server: Server) -> None:
        self.tables = [row[0] for row in server.execute(TABLES).fetchall()]
        self.marks = self._marks(server)
        self.rows = {table: copied(server, table) for table in self.tables}
        self.sequences = server.execute(SEQUENCES).fetchall()

    def restore(self, server: Server) -> None:
        """End all other connections, and write back what has changed."""
        server.execute(OTHERS)
        marks = self._marks(server)
        with server.transaction():
            # No trigger and no foreign key looks on: append-only tables are emptied too, in any order.
            server.execute("SET LOCAL session_replication_role = replica")
            for table in self.tables:
                if marks[table] != self.marks[table]:
                    self._restore_table(server, table)
            for name, start, last in set(self.sequences) - set(server.execute(SEQUENCES).fetchall()):
                server.execute("SELECT setval(%s, %s, %s)", [name, last or start, last is not None])

    def _marks(self, server: Server) -> dict[str, str | None]:
        """Return a hash of the rows of each table; None of an empty one."""
        each = sql.SQL("SELECT {name}, md5(string_agg(row::text, chr(10) ORDER BY row::text)) FROM {table} AS row")
        queries = [each.format(name=sql.Literal(table), table=sql.SQL(table)) for table in self.tables]
        return dict(server.execute(sql.SQL(" UNION ALL ").join(queries)).fetchall())

    def _restore_table(self, server: Server, table: str) -> None:
        name = sql.SQL(table)
        server.execute(sql.SQL("DELETE FROM {}").format(name))
        with server.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(name)) as copy:
            copy.write(self.rows[table])


def copied(server: Server, table: str) -> bytes:
    """The rows of a table, as COPY writes them."""
    with server.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.SQL(table))) as copy:
        return b"".join(bytes(block) for block in copy)
