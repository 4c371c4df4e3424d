"""What is one date like at school: open when, read when, and what was taken out of it?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

from rules.policy import Booking, ClosedDays, Hours, Span
from rules.walltime import Window, window_of
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


def school_day(on: date, hours: Hours, zone: ZoneInfo, bookings: Iterable[Booking]) -> SchoolDay:
    """Return the date `on` after closures, early closing and `bookings` are taken out.

    Windows never reach outside working hours, whatever the policy says (REQUIREMENTS D1).
    Bookings narrow the windows only: training is work, but it is not reading.
    """
    weekday = on.weekday()
    working = hours.working[weekday]
    closed = _closure(on, hours.closed)
    if closed is not None:
        facts = (_closed_words(closed),) if working else ()
        return SchoolDay(on, facts=facts, why_shut=closed.why)

    early = min((day for day in hours.early if day.on == on), key=lambda d: d.closes, default=None)
    ends = early.closes if early is not None else None
    open_spans = _until(working, ends)
    reading = _within(_until(hours.windows[weekday], ends), open_spans)
    facts = ()
    if early is not None and _until(working, ends) != working:
        facts = (f"{day_words(on)} ends at {clock_words(early.closes)}: {early.why}",)
    for booking in bookings:
        if _falls_on(booking, on):
            left = _without(reading, booking.span)
            if left != reading:
                facts = (*facts, f"{day_words(on)} {_span(booking.span)} is {booking.why}")
            reading = left
    why_shut = "" if open_spans else _no_hours(weekday)
    return SchoolDay(
        on,
        _windows(on, open_spans, zone),
        _windows(on, reading, zone),
        _windows(on, _until(hours.office[weekday], ends), zone),
        facts,
        why_shut,
    )


def _closure(on: date, closed: tuple[ClosedDays, ...]) -> ClosedDays | None:
    """Return the most particular closure of a date: Good Friday before the Easter holiday."""
    found = [days for days in closed if days.first <= on <= days.last]
    return min(found, key=lambda days: days.last - days.first, default=None)


def _no_hours(weekday: int) -> str:
    return "the weekend" if weekday >= SATURDAY else "not a working day"


def _falls_on(booking: Booking, on: date) -> bool:
    return booking.on == on or (booking.on is None and booking.weekday == on.weekday())


def _until(spans: Iterable[Span], ends: time | None) -> tuple[Span, ...]:
    if ends is None:
        return tuple(spans)
    return tuple(Span(s.opens, min(s.closes, ends)) for s in spans if s.opens < ends)


def _within(spans: Iterable[Span], bounds: tuple[Span, ...]) -> tuple[Span, ...]:
    return tuple(
        Span(max(span.opens, bound.opens), min(span.closes, bound.closes))
        for span in spans
        for bound in bounds
        if max(span.opens, bound.opens) < min(span.closes, bound.closes)
    )


def _without(spans: Iterable[Span], taken: Span) -> tuple[Span, ...]:
    left: list[Span] = []
    for span in spans:
        if span.opens < min(span.closes, taken.opens):
            left.append(Span(span.opens, min(span.closes, taken.opens)))
        if max(span.opens, taken.closes) < span.closes:
            left.append(Span(max(span.opens, taken.closes), span.closes))
    return tuple(left)


def _windows(on: date, spans: Iterable[Span], zone: ZoneInfo) -> tuple[Window, ...]:
    return tuple(window for span in spans if (window := window_of(on, span, zone)) is not None)


def _span(span: Span) -> str:
    return f"{span.opens:%H.%M}-{span.closes:%H.%M}"


def _closed_words(closed: ClosedDays) -> str:
    if closed.first == closed.last:
        return f"{day_words(closed.first)} is closed: {closed.why}"
    return f"{day_words(closed.first)} to {day_words(closed.last)} is closed: {closed.why}"
