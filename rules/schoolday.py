"""What is one date like at school: open when, read when, and what was taken out of it?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

from rules.narrowing import (
    Narrowing,
    ReadingHours,
    common_spans,
    dates_words,
    long_enough,
    windows_of,
)
from rules.policy import ClosedDays, Hours, Span
from rules.walltime import Window
from rules.wording import clock_words, day_words

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class SchoolDay:
    """One date in the school's zone: its hours as instants, and what explains them."""

    on: date
    working: tuple[Window, ...] = ()
    windows: tuple[Window, ...] = ()
    office: tuple[Window, ...] = ()
    facts: tuple[str, ...] = ()  # what was taken out of the ordinary week, in words
    why_shut: str = ""  # why there are no working hours at all


def school_day(on: date, hours: Hours, zone: ZoneInfo, own: Narrowing) -> SchoolDay:
    """Return the date `on` after closures, early closing, bookings and `own` are taken out.

    Windows never reach outside working hours, whatever the policy says (REQUIREMENTS D1).
    Bookings narrow the windows only: training is work, but it is not reading. A window of which
    too little is left for anybody to read in is none.
    """
    weekday = on.weekday()
    working = hours.working[weekday]
    closed = _closure(on, hours.closed)
    if closed is not None:
        words = f"{dates_words(closed.first, closed.last)} is closed: {closed.why}"
        return SchoolDay(on, facts=(words,) if working else (), why_shut=closed.why)

    early = min((day for day in hours.early if day.on == on), key=lambda d: d.closes, default=None)
    ends = early.closes if early is not None else None
    open_spans = _until(working, ends)
    facts: tuple[str, ...] = ()
    if early is not None and open_spans != working:
        facts = (f"{day_words(on)} ends at {clock_words(early.closes)}: {early.why}",)
    work = windows_of(on, open_spans, zone)
    spans = common_spans(_until(hours.windows[weekday], ends), open_spans)
    reading = ReadingHours.of(on, zone, spans, work)
    reading = reading.without(one for one in hours.bookings if one.staff is None).narrowed(own)
    return SchoolDay(
        on,
        work,
        long_enough(reading.windows),
        windows_of(on, _until(hours.office[weekday], ends), zone),
        (*facts, *reading.facts),
        "" if open_spans else _no_hours(weekday),
    )


def _closure(on: date, closed: tuple[ClosedDays, ...]) -> ClosedDays | None:
    """Return the most particular closure of a date: Good Friday before the Easter holiday."""
    found = [days for days in closed if days.first <= on <= days.last]
    return min(found, key=lambda days: days.last - days.first, default=None)


def _no_hours(weekday: int) -> str:
    return "the weekend" if weekday >= SATURDAY else "not a working day"


def _until(spans: Iterable[Span], ends: time | None) -> tuple[Span, ...]:
    if ends is None:
        return tuple(spans)
    return tuple(Span(s.opens, min(s.closes, ends)) for s in spans if s.opens < ends)
