"""Which day does a person mean by "Friday", "26 Nov" or "until Monday"? Never a guess.

What is not understood whole, or says two different days, is no day. "Next Friday" is
two days in English, depending on who says it, and so it is none here.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from rules.wording import DAYS, MONTHS

_LONGEST = 120  # characters; a day is said in fewer
_FILLERS = frozenset(
    {"show", "it", "this", "me", "them", "message", "remind", "snooze", "again", "back", "please"}
    | {"on", "until", "till", "to", "by", "from", "for", "the", "of", "day", "date"}
    | {"re", "fw", "fwd"}
)
_WEEKDAYS = {name.casefold(): number for number, name in enumerate(DAYS)} | {
    short: number
    for number, shorts in enumerate(
        ("mon", "tue tues", "wed weds", "thu thur thurs", "fri", "sat", "sun")
    )
    for short in shorts.split()
}
_MONTHS = {name.casefold(): number for number, name in enumerate(MONTHS, 1)}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?\.?", re.ASCII)
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?", re.ASCII)


def day_in_words(text: str, today: date, *, today_counts: bool = False) -> date | None:
    """Return the one day that `text` says, or None when it says none, or not only that.

    A date without a year is the next such date, `today` included; the name of a weekday is the
    next such day after `today`, or from it when `today_counts`. Numbers are day before month.
    The day may lie in the past where the text has its year.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    if not plain or len(plain) > _LONGEST:
        return None
    words = [word.strip(",;:!()\"'") for word in plain.split()]
    words = [word for word in words if word.strip(".") and word not in _FILLERS]
    found: set[date] = set()
    while words:
        used, day = _first_day(words, today, today_counts)
        if day is None:
            return None
        found.add(day)
        words = words[used:]
    return found.pop() if len(found) == 1 else None


def _first_day(words: list[str], today: date, today_counts: bool) -> tuple[int, date | None]:
    """Return the day that `words` begin with, and how many of them say it."""
    word = words[0].rstrip(".")
    if word in ("today", "tomorrow"):
        return 1, today + timedelta(days=word == "tomorrow")
    if word in _WEEKDAYS:
        ahead = (_WEEKDAYS[word] - today.weekday()) % 7
        named = today + timedelta(days=ahead or (0 if today_counts else 7))
        dated = _date_after(words[1:], today)
        # "Thursday 26 November": the weekday only confirms the date, or contradicts it.
        if dated is not None:
            used, day = dated
            return used + 1, day if day and day.weekday() == _WEEKDAYS[word] else None
        return 1, named
    if word == "in" and len(words) >= 3:
        count = _COUNTS.get(words[1]) or (int(words[1]) if _is_number(words[1]) else 0)
        unit = {"day": 1, "week": 7}.get(words[2].rstrip(".").removesuffix("s"))
        return 3, today + timedelta(days=count * unit) if count and unit else None
    return _date_after(words, today) or (1, None)


def _date_after(words: list[str], today: date) -> tuple[int, date | None] | None:
    """Return the date that `words` begin with and how many say it; None when no date begins."""
    if not words:
        return None
    if iso := _ISO.fullmatch(words[0].rstrip(".")):
        return 1, _date(*map(int, iso.groups()))
    if numbers := _NUMBERS.fullmatch(words[0]):
        day, month, year = numbers.groups()
        if year:
            return 1, _date(int(year), int(month), int(day))
        return 1, _next_date(int(month), int(day), today)
    pair = [word.rstrip(".") for word in words[:2]]
    if len(pair) < 2:
        return None
    for day_word, month_word in (pair, pair[::-1]):
        ordinal = _ORDINAL.fullmatch(day_word)
        if ordinal and month_word in _MONTHS:
            month, day_number = _MONTHS[month_word], int(ordinal[1])
            year_word = words[2].rstrip(".") if len(words) > 2 else ""
            if re.fullmatch(r"\d{4}", year_word, re.ASCII):
                return 3, _date(int(year_word), month, day_number)
            return 2, _next_date(month, day_number, today)
    return None


def _next_date(month: int, day: int, today: date) -> date | None:
    for year in range(today.year, today.year + 9):  # 29 February may be eight years away
        found = _date(year, month, day)
        if found is not None and found >= today:
            return found
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 3
