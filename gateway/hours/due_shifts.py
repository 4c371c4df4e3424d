"""Which answers come later than their guardians were told, once the hours are others?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from gateway.hours.shifts import calendar_in, reader_of, still_theirs
from gateway.school import School
from gateway.store import promises
from gateway.store.staffing import Staffing
from rules.calendar import NoReadingTime, SchoolCalendar
from rules.people import SchoolClass
from rules.readers import Reader

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class DueShift:
    """An open promise, who answers it, and by when from now on."""

    promise: Row[Any]
    reader: Reader
    due: datetime


def due_shifts(
    connection: Connection, after: School, now: datetime, besides: Collection[str] = ()
) -> list[DueShift]:
    """Return the promises whose answer the hours of `after` put off, but for those `besides`.

    Where reading time is left at the time that was told, it holds, whatever else has changed.
    """
    staffing = after.staffing(connection, now)
    waiting = promises.open_after(connection, after.school_id, now)
    found = (_shift(after, staffing, one, now) for one in waiting if one.spool_id not in besides)
    return [one for one in found if one is not None]


def _shift(school: School, staffing: Staffing, promise: Row[Any], now: datetime) -> DueShift | None:
    told = promises.due_told(promise)
    room = staffing.rooms.get(promise.class_id)
    readers = list(_readers(school, staffing, room, promise, now)) if room else []
    if told <= now or not readers or any(_holds(one.calendar, told) for one in readers):
        return None
    due = _due(readers[0].calendar, promise.arrived, now)
    return DueShift(promise, readers[0], due) if due is not None and due > told else None


def _readers(
    school: School, staffing: Staffing, room: SchoolClass, promise: Row[Any], now: datetime
) -> Iterator[Reader]:
    """Yield whom the message was given to, if they still read for the class; then the soonest."""
    person = staffing.everybody[promise.staff_id]
    if still_theirs(staffing, room, person):
        yield Reader(person, calendar_in(school, room, person))
    soonest = reader_of(school, staffing, room, now)
    if soonest is not None:
        yield soonest


def _holds(calendar: SchoolCalendar, due: datetime) -> bool:
    """Whether an answer is still due in a reading window, or at the end of one."""
    window = next(calendar.windows_from(due - _INSTANT), None)
    return window is not None and window.opens < due


def _due(calendar: SchoolCalendar, arrived: datetime, now: datetime) -> datetime | None:
    """Return by when it is answered now: as if it arrived anew, but never in the past."""
    try:
        due = calendar.promise(arrived).due
    except NoReadingTime:
        return None
    if due > now:
        return due
    window = next(calendar.windows_from(now), None)
    return window.closes if window is not None else None
