"""When a promise is not kept: when is the reader told, and when the office (REQUIREMENTS E7)?

The reader at the next cut, so never outside the hours. The office only after one more window
has closed, in the morning: it shall help a parent who waits, and not watch a teacher (T3).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from rules.calendar import HORIZON_DAYS, NoReadingTime, SchoolCalendar


def reader_told_at(reader: SchoolCalendar, due: datetime) -> datetime | None:
    """Return the first cut at or after `due` (aware) of who reads; None when nobody will."""
    try:
        return reader.next_cut(due)
    except NoReadingTime:
        return None


def office_told_at(
    reader: SchoolCalendar | None, school: SchoolCalendar, due: datetime
) -> datetime:
    """Return the office's opening after one further window of the reader has closed.

    A window that `due` (aware) lies in is not a further one. Without a reader, or with a
    reader who reads no more, the office is told the next morning; the result is UTC.
    """
    after = due
    if reader is not None:
        further = (window for window in reader.windows_from(due) if window.opens >= due)
        after = next((window.closes for window in further), due)
    return morning_after(school, after)


def morning_after(school: SchoolCalendar, instant: datetime) -> datetime:
    """Return when the office first opens on a day, at or after `instant`; itself when never."""
    first = instant.astimezone(school.zone).date()
    for number in range(HORIZON_DAYS + 1):
        office = school.day(first + timedelta(days=number)).office
        if office and office[0].opens >= instant:
            return office[0].opens
    return instant
