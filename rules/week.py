"""What are a teacher's own reading hours in the days ahead, and what is different in them?"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

from rules.calendar import SchoolCalendar
from rules.policy import Span
from rules.schoolday import SchoolDay
from rules.wording import DAYS, clock_words, day_words, listed, span_words

DAYS_AHEAD = 7  # each name of a day means one day
# The facts of a day are sentences for `why`; the reason stands last in them.
_BOOKING = re.compile(r".* \d\d\.\d\d-\d\d\.\d\d is (?P<why>.+)")
_EVERY_WEEK = "is not a working day of this teacher"
_LEAVE = "is leave of this teacher"


def week_words(calendar: SchoolCalendar, today: date) -> tuple[str, ...]:
    """Return the reader's hours from `today` on for seven days: what is usual, then each change.

    "Monday, Tuesday and Friday: 8am to 8.30am and 3.30pm to 5pm", then
    "Wednesday 2 December: 8am to 8.30am (staff training)". A day on which they never work
    stands nowhere.
    """
    days = [calendar.day(today + timedelta(days=number)) for number in range(DAYS_AHEAD)]
    spans = {day.on: _spans(day, calendar) for day in days}
    counted = Counter(found for found in spans.values() if found)
    if not counted:
        return ("No reading hours in the next seven days.",)
    usual = max(counted, key=lambda found: (counted[found], len(found)))
    weekdays = sorted(day.on.weekday() for day in days if spans[day.on] == usual)
    lines = [f"{_days(weekdays)}: {_words(usual)}"]
    lines += [
        f"{day_words(day.on)}: {_words(spans[day.on]) or 'no reading hours'}{_reason(day)}"
        for day in days
        if spans[day.on] != usual and (spans[day.on] or _is_a_change(day, calendar))
    ]
    return tuple(lines)


def _is_a_change(day: SchoolDay, calendar: SchoolCalendar) -> bool:
    """Whether a day without reading hours has them in an ordinary week."""
    ordinary = bool(calendar.hours.windows[day.on.weekday()])
    return ordinary and not any(fact.endswith(_EVERY_WEEK) for fact in day.facts)


def _reason(day: SchoolDay) -> str:
    if day.why_shut:
        return f" ({day.why_shut})"
    reasons = dict.fromkeys(filter(None, map(_why, day.facts)))
    return f" ({', '.join(reasons)})" if reasons else ""


def _why(fact: str) -> str:
    if fact.endswith(_LEAVE):
        return "your leave"
    if " this teacher works " in fact:
        return "your working hours"
    if booking := _BOOKING.fullmatch(fact):
        return booking["why"]
    return fact.rpartition(": ")[2] if ": " in fact else ""


def _spans(day: SchoolDay, calendar: SchoolCalendar) -> tuple[Span, ...]:
    found = []
    for window in day.windows:
        opens, closes = (
            instant.astimezone(calendar.zone).time() for instant in (window.opens, window.closes)
        )
        if opens < closes:  # a window over the hour that happens twice may seem to run back
            found.append(Span(opens, closes))
    return tuple(found)


def _words(spans: tuple[Span, ...]) -> str:
    if len(spans) > 3:
        return f"{len(spans)} times from {clock_words(spans[0].opens)}"
    return " and ".join(span_words(span.opens, span.closes) for span in spans)


def _days(weekdays: list[int]) -> str:
    """Return "Monday to Friday", or "Monday, Tuesday and Friday"."""
    names = [DAYS[number] for number in weekdays]
    if len(names) > 2 and weekdays[-1] - weekdays[0] == len(names) - 1:
        return f"{names[0]} to {names[-1]}"
    return listed(names)
