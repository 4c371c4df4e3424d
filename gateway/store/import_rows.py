"""Writes the rows of a plan, many at a time, and keeps each as it was and as it became."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Date, Table, and_, bindparam, delete, insert, update

from gateway.imports.sheet import KEYS, Row, RowChange
from gateway.store import schema as t

TABLES = {table.name: table for table in t.metadata.sorted_tables if table.name in KEYS}
_DATES = {
    name: frozenset(column.name for column in table.columns if isinstance(column.type, Date))
    for name, table in TABLES.items()
}
ROWS_AT_ONCE = 5000

Progress = Callable[[str, int, int], None]  # what is being done, rows done, rows in all
Item = TypeVar("Item")


def write_changes(connection: Connection, changes: Sequence[RowChange], progress: Progress) -> None:
    """Write every change: what goes, then new rows parents first, then what differs."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Row]] = defaultdict(list)
    for change in changes:
        if change.before is None and change.after is not None:
            groups["new", change.table, tuple(sorted(change.after))].append(change.after)
        elif change.after is None:
            groups["gone", change.table, ()].append(change.key)
        else:
            values = change.key | {f"new_{name}": value for name, value in change.after.items()}
            groups["changed", change.table, tuple(sorted(change.after))].append(values)
    order = {"gone": 0, "new": 1, "changed": 2}
    places = {name: place for place, name in enumerate(KEYS)}
    done = 0

    def turn(group: tuple[str, str, tuple[str, ...]]) -> tuple[int, int]:
        """What goes comes first, children before parents: its place may be taken by what is new."""
        how, name, _columns = group
        return order[how], -places[name] if how == "gone" else places[name]

    for (how, name, columns), rows in sorted(groups.items(), key=lambda group: turn(group[0])):
        table = TABLES[name]
        for some in in_lots(rows):
            if how == "new":
                connection.execute(insert(table), some)
            elif how == "gone":
                connection.execute(delete(table).where(_is_this(table)), _keyed(table, some))
            else:
                new: Row = {column: bindparam(f"new_{column}") for column in columns}
                statement = update(table).where(_is_this(table)).values(new)
                connection.execute(statement, _keyed(table, some))
            done += len(some)
            progress("writing", done, len(changes))


def keep_changes(
    connection: Connection, import_id: str, changes: Sequence[RowChange], progress: Progress
) -> None:
    """Keep the changes of an import, so that it can be undone."""
    done = 0
    for some in in_lots(enumerate(changes)):
        groups: dict[tuple[bool, bool], list[Row]] = defaultdict(list)
        for position, change in some:
            row = {
                "import_id": import_id,
                "position": position,
                "row_of": change.table,
                "row_key": change.key,
            }
            # What is not there is left out, so that it is NULL and not the JSON word for it.
            if change.before is not None:
                row["before"] = _plain(change.table, change.before)
            if change.after is not None:
                row["after"] = _plain(change.table, change.after)
            groups[change.before is None, change.after is None].append(row)
        for rows in groups.values():
            connection.execute(insert(t.roster_import_changes), rows)
        done += len(some)
        progress("keeping what was", done, len(changes))


def as_stored(table: str, values: Row | None) -> Row | None:
    """Return kept values as the table has them: dates again."""
    if values is None:
        return None
    dates = _DATES[table].intersection(values)
    return values | {
        name: date.fromisoformat(values[name]) for name in dates if values[name] is not None
    }


def in_lots(items: Iterable[Item], size: int = ROWS_AT_ONCE) -> Iterator[list[Item]]:
    """Yield the items in lists of at most `size`."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some


def _is_this(table: Table) -> Any:
    return and_(*(column == bindparam(f"key_{column.name}") for column in table.primary_key))


def _keyed(table: Table, rows: list[Row]) -> list[Row]:
    """Return the rows with their keys under names that no column has."""
    names = [column.name for column in table.primary_key]
    return [
        {f"key_{name}": row[name] for name in names}
        | {name: value for name, value in row.items() if name not in names}
        for row in rows
    ]


def _plain(table: str, values: Row) -> Row:
    """Return values as JSON has them: dates as text."""
    dates = _DATES[table].intersection(values)
    if not dates:
        return values
    return values | {name: values[name].isoformat() for name in dates if values[name] is not None}
