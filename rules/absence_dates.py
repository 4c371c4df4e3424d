"""Which dates do the days that a parent names mean for certain?

A day that could be two dates ("next Friday", a Tuesday's "Tuesday") keeps its words and has
no date. Numbers are day before month. Nothing here says what happens on the day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from rules.absence_named_days import Group, Named, groups_in

_VAGUE = re.compile(
    r"\b(?:(?:all|this|next|last|(?:the )?(?:rest|end) of (?:the|this)|the whole) (?:week|term)"
    r"|(?:the )?last (?:two|three|few|\d) days|after (?:the )?(?:half[ -]term|holidays?|easter"
    r"|christmas)|(?:a few|a couple of|couple of|one|two|three|four|five|\d{1,2})(?: more)?"
    r" (?:days?|weeks?)|(?:the )?\d{2} ?(?:hrs?|hours?)(?: rule)?|a week|a fortnight)\b",
    re.IGNORECASE,
)
_FARTHEST_BACK = 62
_FARTHEST_AHEAD = 270  # a date without a year beyond it was more likely in the past


@dataclass(frozen=True, slots=True)
class StatedDay:
    """A day or a row of days as written; `dates` are those it means for certain, in order.

    `start` and `end` index the text. `through` says that `dates` are the first and
    the last of a range, both named by the writer.
    """

    words: str
    start: int
    end: int
    dates: tuple[date, ...] = ()
    through: bool = False


def days_in(text: str, sent: date, *, past: bool = False) -> tuple[StatedDay, ...]:
    """Return the days that `text` names. `past`: it tells of what was, so "Monday" is the last one.

    `sent` is the day on which it was written, in the school's zone.
    """
    found = [
        StatedDay(
            text[group.start : group.end],
            group.start,
            group.end,
            _dates_of(text, group, sent, past=past),
            group.through,
        )
        for group in groups_in(text)
    ]
    taken = [(one.start, one.end) for one in found]
    for vague in _VAGUE.finditer(text):
        if all(vague.end() <= start or vague.start() >= end for start, end in taken):
            found.append(StatedDay(vague[0], vague.start(), vague.end()))
    return tuple(sorted(found, key=lambda one: one.start))


def _dates_of(text: str, group: Group, sent: date, *, past: bool) -> tuple[date, ...]:
    """Return the dates of a group, none where one of its days has none."""
    dates = [_date_of(one, sent, past=past) for one in group.days]
    known = [one for one in dates if one is not None]
    if len(known) < len(dates):
        return ()
    if group.through:
        return tuple(known) if known[0] < known[-1] else ()
    return () if _says_or(text, group.start, group.end) else tuple(sorted(set(known)))


def _says_or(text: str, first: int, last: int) -> bool:
    """Whether it is one day or another: "today or tomorrow", but not "not today or tomorrow"."""
    if not re.search(r"\bor\b", text[first:last], re.IGNORECASE):
        return False
    return re.search(r"\b(?:not|nor|no|\w+n'?t)\b", text[max(0, first - 60) : first]) is None


def _date_of(named: Named, sent: date, *, past: bool) -> date | None:
    if named.near is not None:
        day = sent + timedelta(days=named.near)
        return day if named.number in (None, day.day) else None
    if named.number is None:
        return _of_the_week(named, sent, past=past)
    found = _of_the_month(named, sent, past=past)
    agrees = found is None or named.weekday is None or found.weekday() == named.weekday
    return found if agrees else None


def _of_the_week(named: Named, sent: date, *, past: bool) -> date | None:
    assert named.weekday is not None
    ahead = (named.weekday - sent.weekday()) % 7
    if named.which == "next" or (not ahead and named.which != "last"):
        return None  # two people mean two days
    if named.which == "last" or (past and not named.which):
        return sent - timedelta(days=(-ahead) % 7 or 7)
    return sent + timedelta(days=ahead)


def _of_the_month(named: Named, sent: date, *, past: bool) -> date | None:
    if named.year is not None:
        return _real(named.year, named.month or 0, named.number or 0)
    back, ahead = (_FARTHEST_BACK, 0) if past else (0, _FARTHEST_AHEAD if named.month else 62)
    days = [sent + timedelta(days=n) for n in range(-back, ahead + 1)]
    fits = [
        day
        for day in days
        if day.day == named.number
        and (named.month is None or day.month == named.month)
        and (named.month or named.weekday is None or day.weekday() == named.weekday)
    ]
    if not fits and named.month and not past:  # "on 20th November", a few days later
        return _of_the_month(named, sent, past=True)
    if not fits:
        return None
    return fits[-1] if past else fits[0]


def _real(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
