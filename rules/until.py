"""Until when, and why? What the leadership writes above a signed address that needs both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from rules.days import day_in_words
from rules.instruction import PRESS_SEND

LONGEST = timedelta(days=366)
MOST_LETTERS = 500
# In England; a removal without a day of its own ends with the school year.
_LAST_MONTH, _LAST_DAY = 8, 31
_BECAUSE = re.compile(r"\bbecause\b[\s:,]*(?P<why>.+)", re.IGNORECASE | re.DOTALL)
_UNTIL = re.compile(r"\b(?:until|till)\b[\s:]*(?P<when>.{1,60})", re.IGNORECASE | re.DOTALL)
_TRAILING_UNTIL = re.compile(r"[\s,;.]*\b(?:until|till)\b[\s:]*(?P<when>[^.;]{1,60})[.;\s]*$", re.I)
_WORDS = re.compile(r"\w{2,}")


@dataclass(frozen=True, slots=True)
class Term:
    """Until when, the day included, and the reason in the writer's own words."""

    until: date
    reason: str


def read_term(own_text: str, today: date, *, default: date | None = None) -> Term | str:
    """Return what a mail says, or in words what is wrong with it.

    "until 2027-03-31 because …" in either order. Without a day, `default` holds, if there is
    one. Nothing is guessed: a day that is not understood is never replaced by the default.
    """
    text = " ".join(own_text.replace(PRESS_SEND, " ").split())
    found = _BECAUSE.search(text)
    if found is None:
        return "it does not say why. Write “until 31 March 2027 because …” in the mail"
    before, why = text[: found.start()], found["why"].strip()
    said = _UNTIL.search(before)
    if said is None and (trailing := _TRAILING_UNTIL.search(why)) is not None:
        day = day_in_words(trailing["when"], today)
        if day is not None:
            why = why[: trailing.start()]
            return _term(day, why, today)
    if said is None:
        if default is None:
            return "it does not say until when. Write “until 31 March 2027 because …” in the mail"
        return _term(default, why, today)
    day = day_in_words(said["when"].strip(" ,;."), today)
    if day is None:
        return "we could not tell which day you mean. Write it as “until 31 March 2027”"
    return _term(day, why, today)


def _term(day: date, why: str, today: date) -> Term | str:
    reason = why.strip(" ,;")[:MOST_LETTERS]
    if not _WORDS.search(reason):
        return "it does not say why. Write “until 31 March 2027 because …” in the mail"
    if day < today:
        return "the day that you wrote is past"
    if day > today + LONGEST:
        return "the day that you wrote is more than a year away"
    return Term(day, reason)


def end_of_school_year(today: date) -> date:
    """Return the last day of the school year that `today` is in."""
    this = date(today.year, _LAST_MONTH, _LAST_DAY)
    return this if today <= this else date(today.year + 1, _LAST_MONTH, _LAST_DAY)


def start_of_school_year(today: date) -> date:
    """Return the first day of the school year that `today` is in."""
    last = end_of_school_year(today)
    return date(last.year - 1, _LAST_MONTH, _LAST_DAY) + timedelta(days=1)
