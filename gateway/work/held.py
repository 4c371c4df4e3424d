"""Puts a message on the list of whoever must look at it: the office, or the safeguarding lead."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from gateway.school import School
from gateway.store import cases, digests
from gateway.work.handed_on import again
from gateway.work.office_queue import next_holder
from gateway.work.source import Source
from rules.effects import HoldForOffice, ShowLead

# One list an hour at most: a lead who is asked at every turn stops looking.
DOUBTS_EVERY = timedelta(hours=1)


def hold_for_office(
    connection: Connection,
    school: School,
    source: Source,
    effect: HoldForOffice,
    now: datetime,
    every: timedelta,
) -> None:
    """Put a message on the next list of the office; lists go out at each multiple of `every`."""
    # An alert about the same message comes before: whom it is about sees no list of it.
    left_out = cases.kept_from_with(connection, source.spool_id)
    if effect.about is not None:
        left_out |= cases.kept_from_with(connection, effect.about)
    reader = next_holder(school.staffing(connection, now), left_out)
    if reader is None:
        return  # `queue` still lists it, and doctor reports a school without an office
    reads_at = _next_multiple(now, every)
    if effect.quiet:
        # With the next list in the office's hours; never a list for one newsletter.
        opening = school.calendar.next_office_opening(now)
        reads_at = max(reads_at, opening) if opening else reads_at
    digests.add_item(
        connection,
        key=f"{source.spool_id}/{reader.staff_id}/{again(source.row)}queue",
        spool_id=source.spool_id,
        staff_id=reader.staff_id,
        kind="list" if effect.quiet else "queue",
        reads_at=reads_at,
        detail={"why": effect.why},
        now=now,
    )


def show_lead(connection: Connection, effect: ShowLead, spool_id: str, now: datetime) -> None:
    """Put what is perhaps a concern on the next list of a safeguarding lead."""
    digests.add_item(
        connection,
        key=f"{spool_id}/{effect.staff_id}/doubt",
        spool_id=spool_id,
        staff_id=effect.staff_id,
        kind="queue",
        reads_at=_next_multiple(now, DOUBTS_EVERY),
        detail={"why": effect.why, "doubt": True},
        now=now,
    )


def _next_multiple(now: datetime, every: timedelta) -> datetime:
    seconds = int(every.total_seconds())
    return datetime.fromtimestamp((int(now.timestamp()) // seconds + 1) * seconds, tz=now.tzinfo)
