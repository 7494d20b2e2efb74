"""Many rows at once, where `bulk_create` takes too long or does not say how many of them were new.

Rows are records of one model. What the model fills in while it saves (`auto_now`) is to be set before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection, models, transaction
from psycopg import sql

from portal.core.fields import EncryptedTextField

M = TypeVar("M", bound=models.Model)
Field = models.Field[Any, Any]
CHUNK = 2000
# Of these the record has another value than the database.
CONVERTED = (models.JSONField, EncryptedTextField)


@transaction.atomic
def insert_new(rows: Iterable[M], model: type[M]) -> int:
    """Save new records but for those that a unique constraint knows already; return how many were saved.

    The columns go as arrays, so that the statement is as short for many rows as for one. No keys are set.
    """
    return sum(_insert(chunk, model) for chunk in _chunks(rows))


def reserve_keys(model: type[models.Model], count: int) -> list[int]:
    """Keys for so many new records, that nobody else will get."""
    sequence = [model._meta.db_table, model._meta.pk.column, count]
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", sequence)
        return [row[0] for row in cursor.fetchall()]


def copy(rows: Sequence[M], model: type[M]) -> None:
    """Save new records that have their keys by COPY, the fastest way there is.

    Raises IntegrityError, as saving does. Fields are not checked, and what a COPY does is not among the queries that
    Django logs.
    """
    if not rows:
        return
    fields = model._meta.concrete_fields
    read = attrgetter(*(field.attname for field in fields))
    converted = [(place, field) for place, field in enumerate(fields) if isinstance(field, CONVERTED)]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(model._meta.db_table), _columns(fields))
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copying:
        for row in rows:
            values = list(read(row))
            for place, field in converted:
                values[place] = field.get_db_prep_save(values[place], connection)
            copying.write_row(values)


def fill(model: type[models.Model], name: str, values: Mapping[int, Any]) -> int:
    """Set one field of many records, by their keys, each to its own value; return how many there were."""
    field: Any = model._meta.get_field(name)
    statement = sql.SQL(
        "UPDATE {table} SET {column} = new.value FROM unnest(%s::bigint[], {array}) AS new (id, value)"
        " WHERE {table}.{key} = new.id"
    )
    parts = {
        "table": sql.Identifier(model._meta.db_table),
        "column": sql.Identifier(str(field.column)),
        "array": _array_of(field),
        "key": sql.Identifier(str(model._meta.pk.column)),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**parts), [list(values), list(values.values())])
        return int(cursor.rowcount)


def _insert(rows: list[M], model: type[M]) -> int:
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    statement = sql.SQL("INSERT INTO {} ({}) SELECT * FROM unnest({}) ON CONFLICT DO NOTHING").format(
        sql.Identifier(model._meta.db_table), _columns(fields), sql.SQL(", ").join(map(_array_of, fields))
    )
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows] for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def _columns(fields: Iterable[Field]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields)


def _array_of(field: Field) -> sql.Composable:
    # Without a length: a cast to varchar(3)[] would cut off what is too long instead of refusing it.
    kind = str(field.db_type(connection)).partition("(")[0]
    return sql.SQL("%s::") + sql.SQL(kind) + sql.SQL("[]")


def _chunks(rows: Iterable[M]) -> Iterator[list[M]]:
    rest = iter(rows)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
