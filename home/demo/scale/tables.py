"""What bulk loading needs of the database that the ORM does not offer."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from psycopg import sql

Row = dict[str, Any]


def insert(model: type[models.Model], rows: Sequence[Row]) -> None:
    """Insert rows into the model's own table alone; `bulk_create` refuses models that inherit another's table.

    A row names fields by `attname`; what it does not name has the field's default.
    """
    fields = model._meta.local_concrete_fields
    columns = [sql.Identifier(str(field.column)) for field in fields]
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(columns),
        sql.SQL(", ").join(sql.Placeholder() * len(fields)),
    )
    values = [[prepared(field, row) for field in fields] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def prepared(field: "models.Field[Any, Any]", row: Row) -> Any:
    """The value of a field as the database takes it."""
    value = row[field.attname] if field.attname in row else field.get_default()
    return field.get_db_prep_save(value, connection)


def settle() -> None:
    """Let the planner know what was loaded, as the database's own clean-up does after a while."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
