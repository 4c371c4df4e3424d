"""Takes an import back: every row as it was, where nobody has changed it since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, select, tuple_, update

from gateway.imports.sheet import KEYS, RowChange
from gateway.store import schema as t
from gateway.store.import_rows import TABLES, as_stored, write_changes
from gateway.store.imports import IN_FORCE, UNDONE, no_progress
from gateway.store.links import active_links
from gateway.store.roster_version import hold, renew
from rules.links import USUAL_NUMBER, LinkStanding

Key = tuple[Any, ...]
_FEW = 500  # rows looked up by their keys: both databases bound what a statement may name


class CannotUndo(Exception):
    """The import cannot be undone. The message says why."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of it: how many rows are as they were, and which were left and why."""

    import_id: str
    rows: int
    kept: tuple[str, ...]


def undo(
    connection: Connection, school_id: str, import_id: str | None, now: datetime, today: date
) -> Undone:
    """Take back the newest import of the school that is in force.

    Raises:
        CannotUndo: there is none, or `import_id` names another.
    """
    hold(connection, school_id)  # two at once would both take back the same import
    i = t.roster_imports.c
    newest = connection.execute(
        select(t.roster_imports)
        .where(i.school_id == school_id, i.state == IN_FORCE)
        .order_by(i.at.desc(), i.import_id.desc())
        .limit(1)
    ).first()
    if newest is None:
        raise CannotUndo("there is no import to undo")
    if import_id is not None and import_id != newest.import_id:
        raise CannotUndo(f"only the newest import can be undone: that is {newest.import_id}")
    back, kept = _taken_back(connection, newest.import_id)
    write_changes(connection, back, no_progress)
    kept += [
        "links: a bar that the import had set is lifted again; set it if it was right"
        for change in back
        if change.table == "links"
        and change.before
        and change.before.get("barred")
        and (change.after is None or change.after.get("barred") is False)
    ]
    kept += _third_links(connection, back, today)
    connection.execute(
        update(t.roster_imports)
        .where(i.import_id == newest.import_id)
        .values(state=UNDONE, undone_at=now)
    )
    renew(connection, school_id)
    return Undone(newest.import_id, len(back), tuple(kept))


def _taken_back(connection: Connection, import_id: str) -> tuple[list[RowChange], list[str]]:
    """Return the changes that restore what was, and words for what stays as it is."""
    back: list[RowChange] = []
    kept: list[str] = []
    going: dict[str, set[Key]] = {}
    # Children first: what refers to a row may itself be about to go.
    for name in reversed(tuple(KEYS)):
        new: list[Row[Any]] = []
        changed = _kept_of(connection, import_id, name)
        current = _current(connection, name, changed)
        for row in changed:
            have = current.get(_key(row))
            restored, words = _restored(row, have)
            kept += words
            if restored is not None:
                back.append(restored)
            elif row.before is None and have is not None and not words:
                new.append(row)
        keys = [_key(row) for row in new]
        used = _in_use(connection, TABLES[name], {key[0] for key in keys}, going)
        going[name] = set(keys) - used
        for key, row in zip(keys, new, strict=True):
            if key in used:
                kept.append(_words(name, row.after, "in use since"))
            else:
                back.append(RowChange(name, row.row_key, {}, None))
    return back, kept


def _restored(row: Row[Any], have: Mapping[str, Any] | None) -> tuple[RowChange | None, list[str]]:
    """Return what puts a changed row back, and what of it somebody has changed since."""
    name = row.row_of
    before, after = as_stored(name, row.before), as_stored(name, row.after)
    if after is None:
        return (RowChange(name, row.row_key, None, before) if have is None else None), []
    if have is None:
        return None, []  # somebody has taken it away since
    differs = sorted(column for column, value in after.items() if have[column] != value)
    words = [_words(name, have, f"changed since ({', '.join(differs)})")] if differs else []
    if before is None:
        return None, words
    values = {column: value for column, value in before.items() if column not in differs}
    return (RowChange(name, row.row_key, after, values) if values else None), words


def _kept_of(connection: Connection, import_id: str, name: str) -> list[Row[Any]]:
    c = t.roster_import_changes.c
    query = select(t.roster_import_changes).where(c.import_id == import_id, c.row_of == name)
    return list(connection.execute(query.order_by(c.position.desc())))


def _key(row: Row[Any]) -> Key:
    return tuple(row.row_key[name] for name in KEYS[row.row_of])


def _in_use(
    connection: Connection, table: Table, ids: set[Any], going: Mapping[str, set[Key]]
) -> set[Key]:
    """Return which of the rows about to go something else refers to, that stays."""
    if len(table.primary_key) != 1 or not ids:
        return set()
    (key,) = table.primary_key
    used: set[Key] = set()
    for other in t.metadata.sorted_tables:
        own = [other.c[name] for name in KEYS.get(other.name, ())]
        for foreign in other.foreign_keys:
            if foreign.column is not key:
                continue
            query = select(foreign.parent, *own)
            if not own:
                query = query.distinct()
            if len(ids) <= _FEW:
                query = query.where(foreign.parent.in_(ids))
            for row in connection.execute(query):
                if row[0] in ids and (not own or tuple(row[1:]) not in going[other.name]):
                    used.add((row[0],))
    return used


def _current(
    connection: Connection, name: str, changes: Collection[Row[Any]]
) -> dict[Key, Mapping[str, Any]]:
    """Return the rows of one table that an import changed, as they are now.

    Of many, the whole table is read: looking up each by its key takes far longer.
    """
    table = TABLES[name]
    columns = [table.c[one] for one in KEYS[name]]
    query = select(table)
    if len(changes) <= _FEW:
        query = query.where(tuple_(*columns).in_([_key(change) for change in changes]))
    names = [column.name for column in table.columns]
    places = [names.index(one) for one in KEYS[name]]
    return {
        tuple(row[place] for place in places): dict(zip(names, row, strict=True))
        for row in connection.execute(query)
    }


def _third_links(connection: Connection, back: Iterable[RowChange], today: date) -> list[str]:
    """Let a link wait that would be one too many: others were opened since."""
    told = []
    for change in back:
        opened = change.after is not None and (
            change.after.get("standing") == LinkStanding.ACTIVE
            or ("ends" in change.after and change.after["ends"] is None)
        )
        if change.table != "links" or change.before is None or not opened:
            continue
        if active_links(connection, change.key["pupil_id"], today) > USUAL_NUMBER:
            c = t.links.c
            connection.execute(
                update(t.links)
                .where(
                    c.guardian_id == change.key["guardian_id"],
                    c.pupil_id == change.key["pupil_id"],
                    c.standing == LinkStanding.ACTIVE,
                    c.approved_until.is_(None),
                )
                .values(standing=LinkStanding.WAITING)
            )
            told.append("a link waits: two others of the child have been opened since")
    return told


def _words(table: str, row: Mapping[str, Any], why: str) -> str:
    name = row.get("reference") or row.get("address") or row.get("name")
    key = name or " ".join(str(row[one]) for one in KEYS[table])
    return f"{table} {key}: {why}"
