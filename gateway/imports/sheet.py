"""Row by row, what an import changes: gathered while it is planned, one entry a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# The tables that an import may write, parents first, and what tells their rows apart.
KEYS: Mapping[str, tuple[str, ...]] = {
    "classes": ("class_id",),
    "staff": ("staff_id",),
    "staff_roles": ("staff_id", "role"),
    "class_staff": ("class_id", "staff_id"),
    "pupils": ("pupil_id",),
    "guardians": ("guardian_id",),
    "guardian_references": ("school_id", "reference"),
    "guardian_addresses": ("guardian_id", "address"),
    "enrolments": ("enrolment_id",),
    "links": ("guardian_id", "pupil_id"),
}
_IN_WORDS = {"class_staff": "class staff", "guardian_addresses": "addresses"}

Row = dict[str, Any]


@dataclass(slots=True)
class RowChange:
    """One row: `before` None was not there, `after` None is there no longer.

    Of a row that is changed, both hold the columns that differ and no others.
    """

    table: str
    key: Row
    before: Row | None
    after: Row | None

    @property
    def counted_as(self) -> str:
        """What it is counted as: the table's name alone for a row that is new."""
        if self.before is None:
            return self.table
        name = _IN_WORDS.get(self.table, self.table)
        ended = self.after is None or (
            self.after.get("ends") is not None and self.before.get("ends") is None
        )
        return f"{name} {'ended' if ended else 'changed'}"


class Sheet:
    """The changes of one import. Rows are changed in place, so what is planned next sees them."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, ...], RowChange] = {}

    def add(self, table: str, row: Row) -> Row:
        """Write down a new row, and return it."""
        key = {name: row[name] for name in KEYS[table]}
        self._entries[(table, *key.values())] = RowChange(table, key, None, row)
        return row

    def change(self, table: str, row: Row, values: Mapping[str, Any]) -> bool:
        """Change what differs in a row; return whether anything did."""
        differs = {name: value for name, value in values.items() if row[name] != value}
        if not differs:
            return False
        key = {name: row[name] for name in KEYS[table]}
        place = (table, *key.values())
        entry = self._entries.setdefault(place, RowChange(table, key, {}, {}))
        if entry.before is not None and entry.after is not None:
            for name, value in differs.items():
                entry.before.setdefault(name, row[name])
                entry.after[name] = value
                if entry.before[name] == value:  # there and back again
                    del entry.before[name], entry.after[name]
            if not entry.after:
                del self._entries[place]
        row.update(differs)  # which is what a new row's entry holds
        return True

    def drop(self, table: str, row: Row) -> None:
        """Take a row away."""
        key = {name: row[name] for name in KEYS[table]}
        place = (table, *key.values())
        entry = self._entries.get(place)
        if entry is not None and entry.before is None:
            del self._entries[place]
            return
        was = row | (entry.before or {} if entry else {})
        self._entries[place] = RowChange(table, key, was, None)

    def changes(self) -> tuple[RowChange, ...]:
        """Return the changes, parents before children."""
        order = {table: place for place, table in enumerate(KEYS)}
        return tuple(sorted(self._entries.values(), key=lambda entry: order[entry.table]))


def counted(changes: tuple[RowChange, ...]) -> Counter[str]:
    """Return how many rows of each kind were changed, and how."""
    return Counter(change.counted_as for change in changes)
