"""Writes a row unless it is there already, on either database: how a step runs again safely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_once(
    connection: Connection, table: Table, values: Mapping[str, Any], unique: Sequence[str] = ()
) -> bool:
    """Insert one row; False when a row with the same `unique` columns is there already.

    Without `unique` the table's `key` column is meant, or else its primary key.
    Only that clash is taken for a repetition.

    Raises:
        sqlalchemy.exc.IntegrityError: another constraint is broken, which is our own fault:
            taking it for a repetition would lose the row in silence.
    """
    columns = list(unique) or (
        ["key"] if "key" in table.c else [column.name for column in table.primary_key]
    )
    statement = _insert(connection.dialect.name, table, tuple(columns))
    result = connection.execute(
        statement, dict(values), execution_options={"preserve_rowcount": True}
    )
    return result.rowcount == 1


@cache  # writing the statement takes longer than running it, and there is one a table
def _insert(dialect: str, table: Table, columns: tuple[str, ...]) -> Executable:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(table).on_conflict_do_nothing(index_elements=columns)
