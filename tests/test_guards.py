"""Functions and triggers by which the database keeps money and the register as they were written."""

import pytest
from django.db import connection
from django.db.migrations import RunSQL
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

GUARDS = """
SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname LIKE %(like)s
UNION ALL
SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE %(like)s
"""


def guards(app: str) -> set[str]:
    """The definitions of an app's functions and triggers."""
    with connection.cursor() as cursor:
        cursor.execute(GUARDS, {"like": f"{app}%"})
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db
@pytest.mark.parametrize("app", ["activity", "catalog", "contracts", "invoicing", "payments"])
def test_guards_go_and_come_with_their_migrations(app: str) -> None:
    """Their statements alone, backwards and forwards: drawing all tables anew as well takes half a minute."""
    migrations = [one for key, one in sorted(MigrationLoader(connection).disk_migrations.items()) if key[0] == app]
    statements = [step for one in migrations for step in one.operations if isinstance(step, RunSQL)]
    before, state = guards(app), ProjectState()
    assert before
    with connection.schema_editor() as editor:
        for step in reversed(statements):
            step.database_backwards(app, editor, state, state)
        assert guards(app) == set()
        for step in statements:
            step.database_forwards(app, editor, state, state)
    assert guards(app) == before
