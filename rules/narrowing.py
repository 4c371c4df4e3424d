"""What is left of one date's reading windows when other commitments are taken out of them?

Every step leaves fewer windows or the same, never more: as spans on the wall clock, and as
instants too. A span cut short inside the hour that happens twice would otherwise mean the
other pass of that hour.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules.policy import Booking, Leave, Span, StaffWeek
from rules.walltime import Window, window_of
from rules.wording import day_words

# What is left of a window must be long enough for a digest to be made, to leave and to be read.
# Anything shorter is promised to nobody, and nothing is sent in it.
SHORTEST_WINDOW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What one reader's windows leave out of the school's. An empty one leaves them as they are.

    Only the windows are narrowed: working hours and the office stay the school's, for they are
    what a promise is counted in (REQUIREMENTS D2).
    """

    bookings: tuple[Booking, ...] = ()  # quiet time, training and other timetabled things
    weeks: tuple[StaffWeek, ...] = ()
    leave: tuple[Leave, ...] = ()
    first: date | None = None  # no window before this date, and none after `last`
    last: date | None = None

    def between(self, first: date, last: date) -> Narrowing:
        """Return this narrowing, with no window outside these dates either."""
        first = first if self.first is None else max(first, self.first)
        last = last if self.last is None else min(last, self.last)
        return replace(self, first=first, last=last)

    def leaves_out(self, on: date) -> bool:
        """Return whether the date lies outside `first` and `last`."""
        return not _holds_on(self.first, self.last, on)


@dataclass(frozen=True, slots=True)
class ReadingHours:
    """One date's reading windows: as spans, as instants, and what was taken out of them."""

    on: date
    zone: ZoneInfo
    spans: tuple[Span, ...]
    windows: tuple[Window, ...]
    facts: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, on: date, zone: ZoneInfo, spans: Iterable[Span], working: tuple[Window, ...]
    ) -> ReadingHours:
        """Return the hours `spans`, so far as they lie inside the instants of `working`."""
        spans = tuple(spans)
        return cls(on, zone, spans, _common(windows_of(on, spans, zone), working))

    def without(self, bookings: Iterable[Booking]) -> ReadingHours:
        """Return what is left after those of `bookings` that fall on this date."""
        left = self
        for booking in bookings:
            if _falls_on(booking, self.on):
                words = f"{day_words(self.on)} {_span(booking.span)} {_is(booking)}"
                left = left._only(_without(left.spans, booking.span), words)
        return left

    def narrowed(self, own: Narrowing) -> ReadingHours:
        """Return what is left of them for one reader."""
        if own.leaves_out(self.on):
            return self._only((), "")
        left = self.without(own.bookings)
        for leave in own.leave:
            if leave.first <= self.on <= leave.last:
                # Why somebody is away is theirs: it stands in no notice and in no journal.
                dates = dates_words(leave.first, leave.last)
                left = left._only((), f"{dates} is leave of this teacher")
        for theirs in own.weeks:
            if _holds_on(theirs.first, theirs.last, self.on):
                worked = theirs.week[self.on.weekday()]
                words = f"{day_words(self.on)} is not a working day of this teacher"
                if worked:
                    hours = " and ".join(_span(span) for span in worked)
                    words = f"{day_words(self.on)} this teacher works {hours}"
                left = left._only(common_spans(left.spans, worked), words)
        return left

    def _only(self, spans: tuple[Span, ...], words: str) -> ReadingHours:
        if spans == self.spans:
            return self
        windows = _common(windows_of(self.on, spans, self.zone), self.windows)
        facts = (*self.facts, words) if words else self.facts
        return ReadingHours(self.on, self.zone, spans, windows, facts)


def windows_of(on: date, spans: Iterable[Span], zone: ZoneInfo) -> tuple[Window, ...]:
    """Return `spans` of the date `on` as instants."""
    return tuple(window for span in spans if (window := window_of(on, span, zone)) is not None)


def common_spans(spans: Iterable[Span], bounds: Iterable[Span]) -> tuple[Span, ...]:
    """Return what lies both in one of `spans` and in one of `bounds`."""
    bounds = tuple(bounds)
    return tuple(
        Span(max(span.opens, bound.opens), min(span.closes, bound.closes))
        for span in spans
        for bound in bounds
        if max(span.opens, bound.opens) < min(span.closes, bound.closes)
    )


def long_enough(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Return those of `windows` in which somebody can read."""
    return tuple(one for one in windows if one.closes - one.opens >= SHORTEST_WINDOW)


def is_long_enough(span: Span) -> bool:
    """Return whether somebody can read in `span`, on a day when the clock is not changed."""
    opens, closes = (datetime.combine(date.min, at) for at in (span.opens, span.closes))
    return closes - opens >= SHORTEST_WINDOW


def dates_words(first: date, last: date) -> str:
    """Return "Monday 30 November", or "Monday 30 November to Friday 4 December"."""
    return day_words(first) if first == last else f"{day_words(first)} to {day_words(last)}"


def _common(windows: tuple[Window, ...], bounds: tuple[Window, ...]) -> tuple[Window, ...]:
    return tuple(
        Window(max(window.opens, bound.opens), min(window.closes, bound.closes))
        for window in windows
        for bound in bounds
        if max(window.opens, bound.opens) < min(window.closes, bound.closes)
    )


def _holds_on(first: date | None, last: date | None, on: date) -> bool:
    return (first is None or first <= on) and (last is None or on <= last)


def _falls_on(booking: Booking, on: date) -> bool:
    if booking.on is not None:
        return booking.on == on
    weekly = booking.weekday is None or booking.weekday == on.weekday()
    return weekly and _holds_on(booking.first, booking.last, on)


def _without(spans: Iterable[Span], taken: Span) -> tuple[Span, ...]:
    left: list[Span] = []
    for span in spans:
        if span.opens < min(span.closes, taken.opens):
            left.append(Span(span.opens, min(span.closes, taken.opens)))
        if max(span.opens, taken.closes) < span.closes:
            left.append(Span(max(span.opens, taken.closes), span.closes))
    return tuple(left)


def _is(booking: Booking) -> str:
    # Why somebody does not read is theirs, as with leave; what all staff do is the school's.
    return f"is {booking.why}" if booking.staff is None else "is no reading time of this teacher"


def _span(span: Span) -> str:
    return f"{_clock(span.opens)}-{_clock(span.closes)}"


def _clock(at: time) -> str:
    return f"{at:%H.%M}"
