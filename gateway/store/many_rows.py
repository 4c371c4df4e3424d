"""Writes, changes and takes away many rows of a table at once, on either database.

PostgreSQL is given them as one JSON document a statement: sent one by one, fifty thousand pupils
took minutes. SQLite is in our own process and takes them one by one faster than anything else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    FromClause,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    column,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSON

Row = dict[str, Any]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Write new rows, all with the same columns. Values are text, numbers, dates and JSON."""
    if connection.dialect.name == "sqlite":
        connection.execute(insert(table), rows)
    elif rows:
        _send(connection, _inserting(table, tuple(sorted(rows[0]))), rows)


def update_rows(connection: Connection, table: Table, rows: Sequence[tuple[Row, Row]]) -> None:
    """Give rows new values: pairs of a row's primary key and its values, all of the same names."""
    if not rows:
        return
    names = tuple(sorted(rows[0][1]))
    given = [_renamed("key", key) | _renamed("new", values) for key, values in rows]
    if connection.dialect.name == "sqlite":
        keys = _is_this(table, {one: bindparam(f"key_{one}") for one in _keys(table)})
        values: Row = {name: bindparam(f"new_{name}") for name in names}
        connection.execute(update(table).where(keys).values(values), given)
    else:
        _send(connection, _updating(table, names), given)


def delete_rows(connection: Connection, table: Table, keys: Sequence[Row]) -> None:
    """Take rows away by their primary keys."""
    given = [_renamed("key", key) for key in keys]
    if connection.dialect.name == "sqlite":
        this = _is_this(table, {one: bindparam(f"key_{one}") for one in _keys(table)})
        connection.execute(delete(table).where(this), given)
    elif given:
        _send(connection, _deleting(table), given)


def _send(connection: Connection, statement: Executable, rows: Sequence[Row]) -> None:
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"), default=str)
    connection.execute(statement, {"given": text})


# Writing a statement takes longer than running it for a few rows, and there are few of them.
@cache
def _inserting(table: Table, names: tuple[str, ...]) -> Executable:
    given = _given(table, (("", name) for name in names))
    return insert(table).from_select(names, select(*(given.c[name] for name in names)))


@cache
def _updating(table: Table, names: tuple[str, ...]) -> Executable:
    keys = _keys(table)
    given = _given(table, [*(("key_", one) for one in keys), *(("new_", one) for one in names)])
    values: Row = {name: given.c[f"new_{name}"] for name in names}
    return update(table).where(_is_this(table, _named("key_", keys, given))).values(values)


@cache
def _deleting(table: Table) -> Executable:
    keys = _keys(table)
    given = _given(table, (("key_", one) for one in keys))
    return delete(table).where(_is_this(table, _named("key_", keys, given)))


def _given(table: Table, columns: Iterable[tuple[str, str]]) -> FromClause:
    """Return the rows of the document as a table with these columns, of this table's types."""
    typed = [column(f"{prefix}{name}", table.c[name].type) for prefix, name in columns]
    document = cast(bindparam("given", type_=Text()), JSON())
    rows = func.json_to_recordset(document).table_valued(*typed, name="given")
    return rows.render_derived(with_types=True)


def _named(prefix: str, names: Iterable[str], given: FromClause) -> dict[str, ColumnElement[Any]]:
    return {name: given.c[f"{prefix}{name}"] for name in names}


def _is_this(table: Table, keys: dict[str, Any]) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in keys.items()))


def _keys(table: Table) -> tuple[str, ...]:
    return tuple(one.name for one in table.primary_key)


def _renamed(prefix: str, values: Row) -> Row:
    return {f"{prefix}_{name}": value for name, value in values.items()}
