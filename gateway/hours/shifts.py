"""Which waiting messages are read at another time, once the hours are others?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from gateway.school import School
from gateway.store import schema as t
from gateway.store.staffing import Staffing
from rules.calendar import NoReadingTime, SchoolCalendar
from rules.people import SchoolClass, Staff
from rules.readers import Reader, reader_for

# What teachers wait for. A message that was put off, or is late, keeps its own day as the earliest.
KINDS = ("message", "with-dsl", "overdue", "snoozed")
_NOT_BEFORE_ITS_DAY = ("overdue", "snoozed")


@dataclass(frozen=True, slots=True)
class Shift:
    """A waiting item, and who reads it when from now on; nobody does where `reader` is None."""

    item: Row[Any]
    reader: Staff | None
    calendar: SchoolCalendar
    reads_at: datetime

    @property
    def told(self) -> datetime:
        """The reading time that the guardian was told of, if they were told of any."""
        told: datetime = self.item.moved_to or self.item.promised or self.item.reads_at
        return told

    @property
    def is_later(self) -> bool:
        """Whether it is read later than it was to be, or not at all."""
        return self.reader is None or self.reads_at > self.item.reads_at


def shifts(connection: Connection, after: School, now: datetime) -> list[Shift]:
    """Return what the hours of `after` move, of all that waits now."""
    staffing = after.staffing(connection, now)
    found = (_shift(after, staffing, item, now) for item in _waiting(connection, after))
    return [one for one in found if one is not None]


def _waiting(connection: Connection, school: School) -> Sequence[Row[Any]]:
    i, p = t.digest_items.c, t.promises.c
    return connection.execute(
        select(t.digest_items, p.reads_at.label("promised"), p.moved_to)
        .join(t.staff, t.staff.c.staff_id == i.staff_id)
        .outerjoin(t.promises, p.spool_id == i.spool_id)
        .where(
            t.staff.c.school_id == school.school_id,
            i.digest_id.is_(None),
            i.withdrawn.is_(None),
            i.kind.in_(KINDS),
        )
        .order_by(i.item_id)
    ).all()


def _shift(school: School, staffing: Staffing, item: Row[Any], now: datetime) -> Shift | None:
    person = staffing.everybody[item.staff_id]
    room = staffing.rooms.get(item.class_id or "")
    if room is None:
        return None
    if not still_theirs(staffing, room, person):
        shift = _to_another(school, staffing, room, item, now)
        if shift is not None or person.staff_id not in staffing.current:
            return shift  # whatever else waits for one who has left is seen to when it is due
    calendar = calendar_in(school, room, person)
    if _still_reads(calendar, item.reads_at, now):
        return _sooner_again(school, staffing, room, item, now)
    if item.kind in _NOT_BEFORE_ITS_DAY:
        reader = reader_of(school, staffing, room, max(now, item.reads_at))
        if item.kind == "snoozed":
            reader = Reader(person, calendar)  # whoever put it off sees it again
    else:
        reader = reader_of(school, staffing, room, now)
    after = max(now, item.reads_at) if item.kind in _NOT_BEFORE_ITS_DAY else now
    try:
        if reader is not None:
            return Shift(item, reader.staff, reader.calendar, reader.calendar.next_cut(after))
    except NoReadingTime:
        pass
    return Shift(item, None, school.calendar, item.reads_at)


def _to_another(
    school: School, staffing: Staffing, room: SchoolClass, item: Row[Any], now: datetime
) -> Shift | None:
    """Return who reads a message whose reader has left, or left the class, if anybody does."""
    heir = reader_of(school, staffing, room, now) if item.kind == "message" else None
    if heir is None:
        return None
    return Shift(item, heir.staff, heir.calendar, heir.calendar.next_cut(now))


def _still_reads(calendar: SchoolCalendar, reads_at: datetime, now: datetime) -> bool:
    if reads_at <= now:
        return calendar.may_deliver(now)
    try:
        return calendar.next_cut(reads_at) == reads_at
    except NoReadingTime:
        return False


def _sooner_again(
    school: School, staffing: Staffing, room: SchoolClass, item: Row[Any], now: datetime
) -> Shift | None:
    """Return what a change that was undone gives back: never before the time first promised."""
    if item.kind != "message" or item.promised is None or item.promised >= item.reads_at:
        return None
    earliest = max(now, item.promised)
    reader = reader_of(school, staffing, room, earliest)
    reads_at = reader.calendar.next_cut(earliest) if reader else item.reads_at
    if reader is None or reads_at >= item.reads_at:
        return None
    return Shift(item, reader.staff, reader.calendar, reads_at)


def calendar_in(school: School, room: SchoolClass, person: Staff) -> SchoolCalendar:
    """Return the hours in which somebody reads for one class."""
    calendar = school.calendar_of(person.address)
    if any(teacher.staff_id == person.staff_id for teacher in room.teachers):
        return calendar
    cover = next((one for one in room.covers if one.staff.staff_id == person.staff_id), None)
    return calendar.between(cover.first, cover.last) if cover is not None else calendar


def still_theirs(staffing: Staffing, room: SchoolClass, person: Staff) -> bool:
    """Whether somebody in post teaches a class, or covers for one who does."""
    readers = (*room.teachers, *(cover.staff for cover in room.covers))
    return person.staff_id in staffing.current and any(
        one.staff_id == person.staff_id for one in readers
    )


def reader_of(
    school: School, staffing: Staffing, room: SchoolClass, arrived: datetime
) -> Reader | None:
    """Return who reads soonest for a class what arrives at `arrived`."""

    def calendar_of(staff_id: str) -> SchoolCalendar:
        return school.calendar_of(staffing.everybody[staff_id].address)

    return reader_for(room, calendar_of, arrived)
