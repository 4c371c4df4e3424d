"""Which digests still wait in the outbox, and go at another time because the hours are others?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from gateway.school import School
from gateway.store import schema as t
from gateway.work.taken_back import digest_of, is_page_of, take_back
from rules.calendar import NoReadingTime, SchoolCalendar


def take_back_unsent(connection: Connection, before: School, after: School, now: datetime) -> None:
    """Let what such a digest holds wait again, so that its guardians are told the new time.

    A digest of which a page has left, or is on its way, stays as it is: it is being read.
    """
    staffing = after.staffing(connection, now)
    for digest_id, staff_id, queued in _unsent(connection, after.school_id):
        address = staffing.everybody[staff_id].address
        was = _opening(before.calendar_of(address), now)
        if _opening(after.calendar_of(address), now) == was:
            continue
        take_back(connection, digest_id, queued, now)


def _unsent(connection: Connection, school_id: str) -> list[tuple[str, str, datetime]]:
    """Return the digests of which every page waits: id, reader, and when it was made."""
    o = t.outbox.c
    waiting = connection.execute(
        select(o.key, o.hours_of, o.queued)
        .where(
            o.school_id == school_id,
            o.state == "waiting",
            o.kind == "digest",
            o.hours_of.is_not(None),
        )
        .with_for_update()
    ).all()
    found = {digest_of(row.key): (row.hours_of, row.queued) for row in waiting}
    begun = {
        digest_id
        for digest_id in found
        if connection.execute(
            select(o.outbox_id).where(is_page_of(digest_id), o.state != "waiting").limit(1)
        ).first()
    }
    return [(key, *row) for key, row in sorted(found.items()) if key not in begun]


def _opening(calendar: SchoolCalendar, now: datetime) -> datetime | None:
    try:
        return calendar.next_opening(now)
    except NoReadingTime:
        return None
