"""On which days and at which times ahead does nobody read, for the whole school?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta

from rules.calendar import SchoolCalendar
from rules.policy import Booking, ClosedDays, Policy
from rules.wording import DAYS, clock_words, day_words, span_words

_SOON_DAYS = 60


def last_day_told(policy: Policy, today: date) -> date:
    """Return the last day to speak of: bank holidays are known long before the terms are."""
    return max(policy.next_review, today + timedelta(days=365))


def rows_without_reading(
    calendar: SchoolCalendar, first: date, last: date
) -> Iterator[tuple[str, str]]:
    """Yield (when, why) for all that takes reading time from everybody from `first` to `last`.

    What is dated comes first, in order; then what happens each week.
    """
    hours = calendar.hours
    dated_rows = [
        (days.first, _range_words(days.first, days.last), days.why)
        for days in _closures(calendar, first)
        if days.first <= last
    ]
    dated_rows += [
        (early.on, f"{dated(early.on)}, from {clock_words(early.closes)}", early.why)
        for early in hours.early
        if first <= early.on <= last
    ]
    weekly = []
    for booking in hours.bookings:
        begins = booking.on or booking.first
        ends = booking.on or booking.last
        if booking.staff is not None or (ends and ends < first) or (begins and begins > last):
            continue
        row = (_booking_words(booking), booking.why)
        if begins is not None:
            dated_rows.append((begins, *row))
        else:
            weekly.append(row)
    for _on, when, why in sorted(dated_rows):
        yield when, why
    yield from weekly


def _booking_words(booking: Booking) -> str:
    """Return "Every Wednesday, 3.30pm to 5pm", or the date or dates that it is limited to."""
    span = booking.span
    if booking.on is not None:
        words = dated(booking.on)
    else:
        words = "Every day" if booking.weekday is None else f"Every {DAYS[booking.weekday]}"
        if booking.first is not None and booking.last is not None:
            words += f", {_range_words(booking.first, booking.last)}"
        elif booking.first is not None:
            words += f" from {dated(booking.first)}"
        elif booking.last is not None:
            words += f" until {dated(booking.last)}"
    if (span.opens, span.closes) == (time.min, time.max):
        return words  # all day
    return f"{words}, {span_words(span.opens, span.closes)}"


def _closures(calendar: SchoolCalendar, today: date) -> list[ClosedDays]:
    """Return the closures from `today` on, in order; none that lies inside a longer one."""
    ahead = [days for days in calendar.hours.closed if days.last >= today]
    return sorted(
        (days for days in ahead if not any(_holds(other, days) for other in ahead)),
        key=lambda days: days.first,
    )


def _holds(longer: ClosedDays, days: ClosedDays) -> bool:
    inside = longer.first <= days.first and days.last <= longer.last
    return inside and (longer.first, longer.last) != (days.first, days.last)


def next_closing(calendar: SchoolCalendar, today: date) -> Iterator[str]:
    """Yield a sentence about the next closing, where it is near."""
    for days in _closures(calendar, today)[:1]:
        if (days.first - today).days <= _SOON_DAYS:
            joined = "on" if days.first == days.last else "from"
            when = _range_words(days.first, days.last)
            yield f"The school is closed {joined} {when} ({days.why})."


def _range_words(first: date, last: date) -> str:
    if first == last:
        return dated(first)
    begins = day_words(first) if first.year == last.year else dated(first)
    return f"{begins} to {dated(last)}"


def dated(on: date) -> str:
    """Return "Monday 4 January 2027"."""
    return f"{day_words(on)} {on.year}"
