"""How is a time said to a person? In words, in the school's zone, with nothing left to guess.

No locale is asked: the names of days and months are the school's language, not the machine's.
Words relative to today are true when they are written; a text that may be read on another
day takes `when_dated`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def clock_words(at: time) -> str:
    """Return "3.30pm", "8am", "12 noon" or "12 midnight"; seconds are left out."""
    if at.minute == 0 and at.hour in (0, 12):
        return "12 noon" if at.hour else "12 midnight"
    hour, half = at.hour % 12 or 12, "am" if at.hour < 12 else "pm"
    return f"{hour}.{at.minute:02d}{half}" if at.minute else f"{hour}{half}"


def day_words(on: date, now_on: date | None = None) -> str:
    """Return "Monday 30 November", with the year when it is not the year of `now_on`."""
    words = f"{DAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]}"
    return words if now_on is None or now_on.year == on.year else f"{words} {on.year}"


def moment_words(instant: datetime, zone: tzinfo) -> str:
    """Return "Monday 30 November, 3.30pm"."""
    local = instant.astimezone(zone)
    return f"{day_words(local)}, {_clock(local)}"


def when(instant: datetime, now: datetime, zone: tzinfo) -> str:
    """Return "3.30pm today", "8.30am tomorrow", "9.14pm yesterday" or "8am on Monday 30 November".

    Both instants are aware. Beyond tomorrow and before yesterday the date always stands beside
    the weekday: "on Monday" alone is read as two different days by two readers. Midnight is
    always dated, for nobody knows which end of today it is.
    """
    local, today = instant.astimezone(zone), now.astimezone(zone).date()
    if _is_midnight(local):
        return f"12 midnight at the start of {day_words(local, today)}"
    near = _near_name(local, today)
    return f"{_clock(local)} {near}" if near else f"{_clock(local)} on {day_words(local, today)}"


def when_dated(instant: datetime, now: datetime, zone: tzinfo) -> str:
    """Return what `when` returns, and the date always: "8.30am tomorrow, Tuesday 24 November".

    For mail: it may be opened a day after it was written.
    """
    local, today = instant.astimezone(zone), now.astimezone(zone).date()
    near = _near_name(local, today)
    if near and not _is_midnight(local):
        return f"{_clock(local)} {near}, {day_words(local, today)}"
    return when(instant, now, zone)


def listed(names: Sequence[str]) -> str:
    """Return "Amina", "Amina and Zoe" or "Amina, Zoe and Ben"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def span_words(opens: time, closes: time) -> str:
    """Return "8am to 8.30am"."""
    return f"{clock_words(opens)} to {clock_words(closes)}"


def _is_midnight(local: datetime) -> bool:
    return local.hour == 0 and local.minute == 0


def _near_name(local: datetime, today: date) -> str:
    names = {
        today: "today",
        today + timedelta(days=1): "tomorrow",
        today - timedelta(days=1): "yesterday",
    }
    return names.get(local.date(), "")


def _clock(local: datetime) -> str:
    """Return the time of day, with the zone's name in the hour that happens twice."""
    words = clock_words(local.time())
    other = local.replace(fold=1 - local.fold)
    return words if other.utcoffset() == local.utcoffset() else f"{words} {local.tzname()}"
