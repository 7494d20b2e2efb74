"""Many rows of one model at once, where `bulk_create` takes too long or does not say how many of them were new.

What the model fills in while it saves (`auto_now`) is to be set before.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from psycopg import sql

from portal.core.fields import EncryptedTextField

M = TypeVar("M", bound=models.Model)
Field = models.Field[Any, Any]
CHUNK = 2000
# In Python these are something else than in the database.
CONVERTED = (models.JSONField, EncryptedTextField)


@transaction.atomic
def insert_new(rows: Iterable[M], model: type[M]) -> int:
    """Save new records but for those that a unique constraint knows already; return how many were saved.

    The columns go as arrays, so that the statement is as short for many rows as for one. No keys are set.
    """
    return sum(_insert(chunk, model) for chunk in _chunks(rows))


def among(keys: Iterable[int]) -> models.Func:
    """Keys for an `__in` lookup, as one value: writing hundreds into a statement takes longer than running it."""
    values = models.Value(list(keys), output_field=ArrayField(models.BigIntegerField()))
    return models.Func(values, template="(SELECT unnest(%(expressions)s))")


def reserve_keys(model: type[models.Model], count: int) -> list[int]:
    """Keys for so many new records, that nobody else will get."""
    sequence = [model._meta.db_table, model._meta.pk.column, count]
    with connection.cursor() as cursor:
        # The sequence is looked up once: for each key it would take longer than to give it.
        cursor.execute(
            "SELECT nextval(name) FROM (SELECT pg_get_serial_sequence(%s, %s)::regclass AS name OFFSET 0) AS own,"
            " generate_series(1, %s)",
            sequence,
        )
        return [row[0] for row in cursor.fetchall()]


def copy(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]], **same: Any) -> None:
    """Save new rows by COPY, the fastest way there is; no records are made for it.

    `names` are the columns that each row has values for ("invoice_id"), `same` what all rows have in common. All else
    is the field's default; a key that is not named the database gives. Raises IntegrityError, as saving does. Values
    are not checked, and what a COPY does is not among the queries that Django logs.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    left = [field for name, field in fields.items() if name not in {*names, *same} and not field.primary_key]
    made = [field for field in left if callable(field.default)]
    same |= {field.attname: field.get_default() for field in left if field not in made}
    end = [_converted(fields[name], value) for name, value in same.items()]
    places = [(place, fields[name]) for place, name in enumerate(names) if isinstance(fields[name], CONVERTED)]
    columns = _columns([*(fields[name] for name in (*names, *same)), *made])
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(model._meta.db_table), columns)
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copying:
        for row in rows:
            values = [*row, *end]
            values += [_converted(field, field.get_default()) for field in made]
            for place, field in places:
                values[place] = _converted(field, values[place])
            copying.write_row(values)


def add_new(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]], **same: Any) -> int:
    """Save rows but for those that a unique constraint knows already, in one statement; return how many were saved.

    `names` and `same` are as for `copy`; together they name all columns but the key, and their values are those of the
    database. Of rows that are the same the first is saved. Whoever may save the same rows at once sorts them, so that
    nobody waits for each other.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    arrays = sql.SQL(", ").join(_array_of(fields[name]) for name in names)
    rest = sql.SQL("").join(sql.SQL(", ") + _value_of(fields[name]) for name in same)
    statement = sql.SQL("INSERT INTO {} ({}) SELECT new.*{} FROM unnest({}) AS new ON CONFLICT DO NOTHING").format(
        sql.Identifier(model._meta.db_table), _columns(fields[name] for name in (*names, *same)), rest, arrays
    )
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*same.values(), *columns])
        return int(cursor.rowcount)


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


def _converted(field: Field, value: Any) -> Any:
    """What stands in a COPY for a value: JSON is written out here, once for all rows that have it in common."""
    if value is None or not isinstance(field, CONVERTED):
        return value
    if isinstance(field, models.JSONField):
        return json.dumps(value, cls=field.encoder)
    return field.get_prep_value(value)


def _columns(fields: Iterable[Field]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields)


def _value_of(field: Field) -> sql.Composable:
    # Without a length: a cast to varchar(3)[] would cut off what is too long instead of refusing it.
    return sql.SQL("%s::") + sql.SQL(str(field.db_type(connection)).partition("(")[0])


def _array_of(field: Field) -> sql.Composable:
    return _value_of(field) + sql.SQL("[]")


def _chunks(rows: Iterable[M]) -> Iterator[list[M]]:
    rest = iter(rows)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
