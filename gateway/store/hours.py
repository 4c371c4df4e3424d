"""The calendar beyond the policy file: what was asked for, what is in force, and since when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select, update

from gateway.store.schema import calendar_changes, calendar_entries, schools, staff
from gateway.store.types import new_id
from rules.hours_entry import HoursEntry

PROPOSED, IN_FORCE, UNDONE, DECLINED = "proposed", "in-force", "undone", "declined"
Source = Literal["mail", "ical", "csv", "command"]


def version(connection: Connection, school_id: str, *, hold: bool = False) -> int:
    """Return the number of the calendar in force; it grows with every change.

    With `hold` nobody else changes the calendar until the commit.
    """
    query = select(schools.c.calendar_version).where(schools.c.school_id == school_id)
    query = query.with_for_update(read=True) if hold else query
    return int(connection.execute(query).scalar_one())


def entries_in_force(connection: Connection, school_id: str) -> dict[str, HoursEntry]:
    """Return what is in force by entry id, oldest first; staff by their address of today."""
    e = calendar_entries.c
    reader, cover = staff.alias("reader"), staff.alias("cover")
    rows = connection.execute(
        select(
            calendar_entries, reader.c.address.label("staff"), cover.c.address.label("covered_by")
        )
        .outerjoin(reader, reader.c.staff_id == e.staff_id)
        .outerjoin(cover, cover.c.staff_id == e.cover_id)
        .where(e.school_id == school_id, e.ended.is_(None))
        .order_by(e.entry_id)
    )
    return {row.entry_id: _entry_of(row) for row in rows}


def propose(
    connection: Connection,
    *,
    school_id: str,
    source: Source,
    entries: Sequence[HoursEntry],
    words: str,
    now: datetime,
    ends: Collection[str] = (),
    source_name: str | None = None,
    asked_by: str | None = None,
    spool_id: str | None = None,
) -> str:
    """Record a change that is asked for; nothing is in force yet. Return its id.

    `ends` are the entries that it takes the place of.
    """
    change_id = new_id(now)
    connection.execute(
        insert(calendar_changes).values(
            change_id=change_id,
            school_id=school_id,
            state=PROPOSED,
            source=source,
            source_name=source_name,
            asked=now,
            asked_by=asked_by,
            spool_id=spool_id,
            words=words,
            detail={"entries": [_as_json(one) for one in entries], "ends": sorted(ends)},
        )
    )
    return change_id


def find(connection: Connection, school_id: str, change_id: str) -> Row[Any] | None:
    """Return one change of this school's calendar."""
    c = calendar_changes.c
    query = select(calendar_changes).where(c.change_id == change_id, c.school_id == school_id)
    return connection.execute(query).first()


def changes(connection: Connection, school_id: str) -> list[Row[Any]]:
    """Return every change of the calendar, newest first."""
    c = calendar_changes.c
    query = select(calendar_changes).where(c.school_id == school_id)
    return list(connection.execute(query.order_by(c.change_id.desc())))


def newest_in_force(
    connection: Connection, school_id: str, asked_by: Collection[str]
) -> Row[Any] | None:
    """Return the newest change in force that one of these staff asked for by mail."""
    c = calendar_changes.c
    return connection.execute(
        select(calendar_changes)
        .where(
            c.school_id == school_id,
            c.state == IN_FORCE,
            c.source == "mail",
            c.asked_by.in_(list(asked_by)),
        )
        .order_by(c.decided.desc(), c.change_id.desc())
        .limit(1)
    ).first()


def entries_of(row: Row[Any]) -> tuple[HoursEntry, ...]:
    """Return what a change adds, staff as it names them."""
    return tuple(_from_json(one, row.change_id) for one in row.detail["entries"])


def put_in_force(connection: Connection, row: Row[Any], now: datetime) -> None:
    """Add a change's entries, and end those that it takes the place of.

    Raises:
        LookupError: somebody whom it names is not on the roster any more.
    """
    entries = entries_of(row)
    named = [address for one in entries for address in (one.staff, one.cover) if address]
    ids = _staff_ids(connection, row.school_id, named)
    for one in entries:
        connection.execute(
            insert(calendar_entries).values(
                entry_id=new_id(now),
                school_id=row.school_id,
                change_id=row.change_id,
                kind=one.kind,
                staff_id=ids[one.staff] if one.staff else None,
                cover_id=ids[one.cover] if one.cover else None,
                first=one.first,
                last=one.last,
                weekday=one.weekday,
                opens=_clock(one.opens),
                closes=_clock(one.closes),
                why=one.why,
            )
        )
    _end(connection, row.detail["ends"], now)
    _decide(connection, row, IN_FORCE, now)


def undo(connection: Connection, row: Row[Any], now: datetime) -> None:
    """End a change's entries, and let those it took the place of be in force again.

    None of them where a newer file of the same name is in force: that one says what holds.
    """
    e = calendar_entries.c
    mine = connection.execute(select(e.entry_id).where(e.change_id == row.change_id)).scalars()
    _end(connection, list(mine), now)
    _decide(connection, row, UNDONE, now)
    connection.execute(
        update(calendar_entries)
        .where(e.entry_id.in_(_replaced_by(connection, row)))
        .values(ended=None)
    )


def _replaced_by(connection: Connection, undone: Row[Any]) -> set[str]:
    """Return the entries that nothing but `undone`, and what was undone before, has ended."""
    if not undone.detail["ends"]:
        return set()
    every = {row.change_id: row for row in changes(connection, undone.school_id)}
    in_force = [row for row in every.values() if row.state == IN_FORCE]
    for row in in_force:
        if row.source_name == undone.source_name and row.decided > undone.decided:
            return set()
    ended = {entry_id for row in in_force for entry_id in row.detail["ends"]}
    e = calendar_entries.c
    found: set[str] = set()
    looked_at: set[str] = set()
    ask = set(undone.detail["ends"])
    while ask:
        looked_at |= ask
        rows = connection.execute(
            select(e.entry_id, e.change_id).where(e.entry_id.in_(sorted(ask)))
        ).all()
        ask = set()
        for entry in rows:
            change = every[entry.change_id]
            if change.state == IN_FORCE and entry.entry_id not in ended:
                found.add(entry.entry_id)
            elif change.state == UNDONE:  # it holds no more: what it had replaced does
                ask |= set(change.detail["ends"]) - looked_at
    return found


def ids_of_source(connection: Connection, school_id: str, source_name: str) -> list[str]:
    """Return the entries in force that came from this source before."""
    e, c = calendar_entries.c, calendar_changes.c
    return list(
        connection.execute(
            select(e.entry_id)
            .join(calendar_changes, c.change_id == e.change_id)
            .where(e.school_id == school_id, e.ended.is_(None), c.source_name == source_name)
            .order_by(e.entry_id)
        ).scalars()
    )


def _end(connection: Connection, entry_ids: Iterable[str], now: datetime) -> None:
    connection.execute(
        update(calendar_entries)
        .where(calendar_entries.c.entry_id.in_(list(entry_ids)))
        .where(calendar_entries.c.ended.is_(None))
        .values(ended=now)
    )


def _decide(connection: Connection, row: Row[Any], state: str, now: datetime) -> None:
    connection.execute(
        update(calendar_changes)
        .where(calendar_changes.c.change_id == row.change_id)
        .values(state=state, decided=now)
    )
    connection.execute(
        update(schools)
        .where(schools.c.school_id == row.school_id)
        .values(calendar_version=schools.c.calendar_version + 1)
    )


def _staff_ids(
    connection: Connection, school_id: str, addresses: Collection[str]
) -> Mapping[str, str]:
    rows = connection.execute(
        select(staff.c.address, staff.c.staff_id)
        .where(staff.c.school_id == school_id, staff.c.address.in_(sorted(set(addresses))))
        .order_by(staff.c.ends.is_(None), staff.c.staff_id)  # who is in post is found last
    )
    found = {row.address: str(row.staff_id) for row in rows}
    missing = sorted(set(addresses) - set(found))
    if missing:
        raise LookupError(f"{len(missing)} of the people named are not on the roster")
    return found


def _entry_of(row: Row[Any]) -> HoursEntry:
    return HoursEntry(
        row.kind,
        row.first,
        row.last,
        row.staff,
        row.covered_by,
        row.weekday,
        _time(row.opens),
        _time(row.closes),
        row.why,
        row.change_id,
    )


def _as_json(entry: HoursEntry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "first": entry.first.isoformat(),
        "last": entry.last.isoformat() if entry.last else None,
        "staff": entry.staff,
        "cover": entry.cover,
        "weekday": entry.weekday,
        "opens": _clock(entry.opens),
        "closes": _clock(entry.closes),
        "why": entry.why,
    }


def _from_json(kept: Mapping[str, Any], change_id: str) -> HoursEntry:
    return HoursEntry(
        kept["kind"],
        date.fromisoformat(kept["first"]),
        date.fromisoformat(kept["last"]) if kept["last"] else None,
        kept["staff"],
        kept["cover"],
        kept["weekday"],
        _time(kept["opens"]),
        _time(kept["closes"]),
        kept["why"],
        change_id,
    )


def _clock(at: time | None) -> str | None:
    return f"{at:%H:%M}" if at else None


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None
