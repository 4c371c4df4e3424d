"""Which times and days does a line such as "Wed 15:30-17:00" name? What is doubtful is a fault.

A line is first made plain by `plain`: lower case, one kind of dash, single spaces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, time

from rules.days import day_in_words
from rules.policy import Span
from rules.wording import DAYS, MONTHS, clock_words, day_words

FAR_AHEAD_DAYS = 300  # a date without a year so far ahead is most likely one that has passed
_TIME = r"(?:noon|midday|(?:1[0-9]|2[0-4]|0?[0-9])(?:[:.][0-5][0-9])?(?: ?[ap]\.?m\b\.?)?)"
_SPAN = re.compile(
    rf"(?:\b(?:from|between|at) )?(?<![\d./:-])(?P<opens>{_TIME}) ?"
    rf"(?:-|to|till|until|and) ?(?P<closes>{_TIME})(?![\d/:-]|\.\d)"
)
_MOMENT = re.compile(rf"(?:\bat )?(?<![\d./:-])(?P<at>{_TIME})(?![\d/:-]|\.\d)")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?: ?([ap])\.?m\.?)?", re.ASCII)
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", re.ASCII)
_DAY_NUMBERS = re.compile(
    r"(?P<first>\d{1,2})(?:st|nd|rd|th)? ?(?:-| to | until | till ) ?(?P<last>\d{1,2}.*[^\W\d].*)"
)
_EARLIEST_WITHOUT_HALF = 7  # "3.30" may be either half of the day; "7.30" is the morning
_NAMES = {name.casefold() for name in (*DAYS, *MONTHS)}
_DAY_WORDS = (
    _NAMES
    | {name[:3] for name in _NAMES}
    | {"tues", "weds", "thur", "thurs", "sept", "today", "tomorrow", "on", "the", "of", "this"}
)
_WEEKDAYS = {name.casefold(): number for number, name in enumerate(DAYS)}
_WEEKDAYS |= {name[:3]: number for name, number in _WEEKDAYS.items()}
_WEEKDAYS |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}


class NotSaid(ValueError):
    """A line does not say it clearly. The words of the exception are for whoever wrote it."""


def plain(text: str) -> str:
    """Return a line in lower case, with plain digits and dashes and single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    dashed = re.sub(r"[\u2010-\u2015\u2212]", "-", folded)
    return " ".join(re.sub(r" ?\bo'? ?clock\b", "", dashed).split())


def take_span(line: str) -> tuple[Span | None, str]:
    """Return the span of time in `line`, if there is one, and the line without it.

    Raises:
        NotSaid: there are two, or it is not clear which time is meant.
    """
    found = [one for one in _SPAN.finditer(line) if _is_clock(one["opens"], one["closes"])]
    if not found:
        return None, line
    if len(found) > 1:
        raise NotSaid("It names two spans of time. Please write one line for each.")
    opens, closes = _ends(found[0]["opens"], found[0]["closes"])
    if opens >= closes:
        raise NotSaid(f"{clock_words(opens)} is not before {clock_words(closes)}.")
    return Span(opens, closes), _without(line, found[0])


def moments(line: str) -> Iterator[tuple[time, str]]:
    """Yield each time of day that `line` may name, with the line without it.

    Raises:
        NotSaid: one of them may be in the morning or the afternoon.
    """
    for found in _MOMENT.finditer(line):
        if _is_clock(found["at"]):
            yield _clock(found["at"], ""), _without(line, found)


def read_days(text: str, today: date, *, today_counts: bool = True) -> list[tuple[date, date]]:
    """Return the days that `text` names, as first and last of each run.

    Raises:
        NotSaid: there is none, one has passed, or a word in it is not about days.
    """
    text = _ISO.sub(lambda m: f"{m[3]}/{m[2]}/{m[1]}", text.strip(" ,;."))
    if not text:
        raise NotSaid("It does not say which day.")
    return [
        _run(part, today, today_counts)
        for part in re.split(r" ?, ?(?:and )?| and | & ", text)
        if part
    ]


def _run(text: str, today: date, today_counts: bool) -> tuple[date, date]:
    whole, text = text, text.removeprefix("from ")
    parts = re.split(r" ?- ?| to | until | till | through ", text)
    if len(parts) > 2:
        raise NotSaid(f"We do not understand “{text}” as a day or as two.")
    if len(parts) == 1:
        if text != whole:
            raise NotSaid(f"It says “{whole}”, but not until when.")
        day = _day(text, today, today_counts)
        return day, day
    if numbers := _DAY_NUMBERS.fullmatch(text):  # "26-27 nov": the month stands once
        last = _day(numbers["last"], today, today_counts=True)
        month = MONTHS[last.month - 1].casefold()
        first = _day(f"{numbers['first']} {month} {last.year}", today, today_counts=True)
    else:
        first = _day(parts[0], today, today_counts)
        last = _day(parts[1], first, today_counts=True)
    if last < first:
        raise NotSaid(f"{day_words(last)} is before {day_words(first)}.")
    return first, last


def _day(text: str, today: date, today_counts: bool) -> date:
    strange = [word for word in re.findall(r"[^\W\d_]+", text) if not _is_day_word(word)]
    found = None if strange else day_in_words(text, today, today_counts=today_counts)
    if found is None:
        said = f"“{text.strip()}”" if text.strip() else "the line"
        raise NotSaid(f"We do not understand {said} as a day.")
    if found < today:
        raise NotSaid(f"{day_words(found, today)} has passed.")
    has_year = re.search(r"\d{4}", text) is not None
    if not has_year and (found - today).days > FAR_AHEAD_DAYS:
        this_year = f"{found.day} {MONTHS[found.month - 1]}"
        raise NotSaid(f"{this_year} has passed. If you mean {found.year}, write the year.")
    if (found - today).days > 366:
        raise NotSaid(f"{day_words(found, today)} is more than a year away.")
    return found


def weekdays_in(text: str) -> tuple[int, ...] | None:
    """Return the weekdays of "mon-wed", "fridays" or "mon, tue and thu"; None for anything else."""
    days: list[int] = []
    for part in re.split(r" ?, ?(?:and )?| and | & ", text.strip(" ,;.")):
        ends = [_WEEKDAYS.get(_singular(word)) for word in re.split(r" ?- ?| to ", part)]
        if not 1 <= len(ends) <= 2 or None in ends:
            return None
        first, last = ends[0], ends[-1]
        assert first is not None
        assert last is not None
        if last < first:
            return None
        days += range(first, last + 1)
    return tuple(sorted(set(days)))


def _singular(word: str) -> str:
    return word.removesuffix("s") if word.removesuffix("s") in _WEEKDAYS else word


def _is_day_word(word: str) -> bool:
    return word in _DAY_WORDS or word in ("st", "nd", "rd", "th")


def _is_clock(*texts: str) -> bool:
    """Whether it is surely a time: "9" alone is not, and 24 is no hour to end at."""
    marked = any(re.search(r"[:.]\d\d|[ap]\.?m|noon|midday", text) for text in texts)
    return marked and all(text in ("noon", "midday") or _CLOCK.fullmatch(text) for text in texts)


def _ends(opens: str, closes: str) -> tuple[time, time]:
    """Return both ends; the half of the day that only the second names holds for both."""
    half = _half_of(closes)
    ends_at = _clock(closes, "")
    if half and not _half_of(opens) and opens not in ("noon", "midday"):
        begins = _clock(opens, half)
        # "11.30-1pm" begins in the morning.
        return (begins if begins < ends_at else _clock(opens, "a")), ends_at
    return _clock(opens, ""), ends_at


def _half_of(text: str) -> str:
    found = _CLOCK.fullmatch(text)
    return (found[3] or "") if found else ""


def _clock(text: str, half: str) -> time:
    if text in ("noon", "midday"):
        return time(12)
    found = _CLOCK.fullmatch(text)
    assert found is not None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3] or half
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif hour < _EARLIEST_WITHOUT_HALF and not found[1].startswith("0"):
        raise NotSaid(f"“{text}” may be in the morning or in the afternoon: write am or pm.")
    if hour > 23:
        raise NotSaid(f"“{text}” is not a time of day.")
    return time(hour, minute)


def _without(line: str, found: re.Match[str]) -> str:
    return " ".join(f"{line[: found.start()]} {line[found.end() :]}".split())
