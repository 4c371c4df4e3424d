"""Writes the rows of a plan, many at a time, and keeps each as it was and as it became."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, Date

from gateway.imports.sheet import KEYS, Row, RowChange
from gateway.store import schema as t
from gateway.store.many_rows import delete_rows, insert_rows, update_rows

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
    groups: dict[tuple[str, str, tuple[str, ...]], list[tuple[Row, Row]]] = defaultdict(list)
    for change in changes:
        how = "new" if change.before is None else "gone" if change.after is None else "changed"
        after = change.after or {}
        groups[how, change.table, tuple(sorted(after))].append((change.key, after))
    order = {"gone": 0, "new": 1, "changed": 2}
    places = {name: place for place, name in enumerate(KEYS)}
    done = 0

    def turn(group: tuple[str, str, tuple[str, ...]]) -> tuple[int, int]:
        """What goes comes first, children before parents: its place may be taken by what is new."""
        how, name, _columns = group
        return order[how], -places[name] if how == "gone" else places[name]

    for (how, name, _columns), rows in sorted(groups.items(), key=lambda group: turn(group[0])):
        table = TABLES[name]
        for some in in_lots(rows):
            if how == "new":
                insert_rows(connection, table, [after for _key, after in some])
            elif how == "gone":
                delete_rows(connection, table, [key for key, _after in some])
            else:
                update_rows(connection, table, some)
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
            insert_rows(connection, t.roster_import_changes, rows)
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


def _plain(table: str, values: Row) -> Row:
    """Return values as JSON has them: dates as text."""
    dates = _DATES[table].intersection(values)
    if not dates:
        return values
    return values | {name: values[name].isoformat() for name in dates if values[name] is not None}
