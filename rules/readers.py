"""Who of those who read for a class reads soonest, and in which hours?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from rules.calendar import NoReadingTime, SchoolCalendar
from rules.people import Cover, SchoolClass, Staff
from rules.policy import Leave


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads for a class, and the hours in which they do."""

    staff: Staff
    calendar: SchoolCalendar


def reader_for(
    room: SchoolClass, calendar_of: Callable[[str], SchoolCalendar], arrived: datetime
) -> Reader | None:
    """Return who reads soonest what arrives at `arrived`; None when nobody does for 366 days.

    `calendar_of` takes a staff id. On a tie the first named reads: the teachers in the order of
    the roster, then those who cover. Whoever covers reads on the dates of the cover only.
    """
    best: tuple[datetime, Reader] | None = None
    for reader in _readers(room, calendar_of, arrived):
        try:
            reads_at = reader.calendar.next_reading_time(arrived)
        except NoReadingTime:
            continue
        if best is None or reads_at < best[0]:
            best = (reads_at, reader)
    return best[1] if best else None


def with_covers(
    room: SchoolClass, leave: Iterable[Leave], staff_at: Callable[[str], Staff | None]
) -> SchoolClass:
    """Return the class with those who cover for its teachers while they are away.

    `staff_at` finds somebody in post by their address, folded. A cover it does not know is left
    out: then the class waits for its own teachers.
    """
    addresses = {teacher.address for teacher in room.teachers}
    covers = list(room.covers)
    for away in leave:
        if away.staff not in addresses or away.cover is None:
            continue
        staff = staff_at(away.cover)
        cover = Cover(staff, away.first, away.last) if staff else None
        if cover is not None and cover not in covers:
            covers.append(cover)
    return replace(room, covers=tuple(covers))


def _readers(
    room: SchoolClass, calendar_of: Callable[[str], SchoolCalendar], arrived: datetime
) -> Iterator[Reader]:
    for teacher in room.teachers:
        yield Reader(teacher, calendar_of(teacher.staff_id))
    for cover in room.covers:
        calendar = calendar_of(cover.staff.staff_id)
        if not _is_over(cover.last, arrived, calendar):
            yield Reader(cover.staff, calendar.between(cover.first, cover.last))


def _is_over(last: date, arrived: datetime, calendar: SchoolCalendar) -> bool:
    return arrived.astimezone(calendar.zone).date() > last
