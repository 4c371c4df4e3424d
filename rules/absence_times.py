"""At what times does a child leave or arrive, as written, and what o'clock is that for certain?

A time counts only beside words that say what happens then: "collect at 1.30", "in by 11".
When a mother began to be ill or an aeroplane leaves is no time of the school's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import Literal

TimeOf = Literal["leaves", "arrives", "appointment"]
_NUMBERS = {
    name: number
    for number, name in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ],
        1,
    )
}
_HOUR = rf"(?:\d{{1,2}}|{'|'.join(_NUMBERS)})"
_TIME = re.compile(
    rf"(?P<half>half(?: past)?) (?P<half_hour>{_HOUR})\b"
    rf"|(?P<quarter>(?:a )?quarter|5|10|20|25|five|ten|twenty) (?P<way>past|to)"
    rf"(?: (?P<quarter_hour>{_HOUR}))?\b"
    r"|(?<![\d£$€./:])(?P<hour>[01]?\d|2[0-3])[.:](?P<minute>[0-5]\d)(?![\d/%])"
    r" ?(?P<half_day>am\b|pm\b|a\.m|p\.m)?"
    r"|(?<![\d£$€./:])(?P<alone>1[0-2]|[1-9]) ?(?P<alone_half>am\b|pm\b|a\.m|p\.m|o'?clock"
    r"|noon\b|midday\b)"
    r"|(?<=\bat )(?P<bare>1[0-2]|[1-9])(?![.:]?\d|[/%]|st\b|nd\b|rd\b|th\b| ?[a-z]*(?:years?"
    r"|yrs?)\b)"
    r"|(?:(?<=\bby )|(?<=\babout )|(?<=\baround )|(?<=\bmaybe )|(?<=\buntil )|(?<=\btill ))"
    r"(?P<near>1[0-2]|[1-9])(?![.:]?\d|[/%]|st\b|nd\b|rd\b|th\b| ?(?:mins?|minutes|hours?|days?"
    r"|weeks?"
    r"|of\b|years?))"
    r"|(?P<part>\b(?:noon|midday|lunch ?time|(?:after|before|at|for) "
    r"(?:lunch|dinner|break|registration|assembly)|home ?time)\b)",
    re.IGNORECASE,
)
_LEAVES = re.compile(
    r"\b(?:collect\w*|pick\w* (?:\w+ ){0,3}up|pick up|pickup|picking|fetch\w*|leav(?:e|es|ing)"
    r"|(?:take|taking|get|getting) (?:\w+ ){1,3}(?:out|early)\b|(?:get|getting) (?:him|her|them)\b"
    r"|finish(?:es|ing)? early|(?:be|come|coming) (?:there |at the office )?for (?:him|her|them)\b"
    r"|at the office|com(?:e|ing) out of school|sign (?:\w+ )?out)\b",
    re.IGNORECASE,
)
_ARRIVES = re.compile(
    r"\b(?:late|arriv\w*|(?:be|come|coming|get|getting) (?:back )?(?:in|there|to school)"
    r"|bring\w*|drop\w*|be there|back(?=\s*$)|there by|in (?:by|at|about|around|for)|back (?:in"
    r"|by|at|for|after)"
    r"|start at|return\w*|school after)\b",
    re.IGNORECASE,
)
_TRAVEL = re.compile(r"\b(?:train|flight|fly|plane|ferry|coach|airport)\b", re.IGNORECASE)
_APPOINTMENT = re.compile(
    r"\b(?:dentist|doctors?|gp|appointment|appt|orthodontist|optician\w*|clinic|hospital"
    r"|check ?up|consultant|physio\w*|slot|scan|x-?ray|blood tests?|appointments)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class StatedTime:
    """A time as written, what happens then, and the time of day where only one fits a school."""

    words: str
    of: TimeOf
    start: int
    end: int
    at: time | None = None


def times_in(text: str, start: int = 0, end: int | None = None) -> tuple[StatedTime, ...]:
    """Return the times in `text[start:end]`, one clause or sentence, that something happens at.

    What was said nearest before the time decides what it is of; else what comes after it.
    """
    end = len(text) if end is None else end
    found: list[StatedTime] = []
    begins = start
    for match in _TIME.finditer(text, start, end):
        of = _nearest(text[begins : match.start()], last=True)
        if of is None and _TRAVEL.search(text, begins, match.start()):
            begins = match.end()
            continue
        of = of or _nearest(text[match.end() : end], last=False)
        if of is None and begins > start:
            of = _nearest(text[start : match.start()], last=True)
        if of is not None:
            words = match[0].strip()
            found.append(StatedTime(words, of, match.start(), match.end(), _time_of_day(match)))
        begins = match.end()
    return tuple(found)


def _nearest(text: str, *, last: bool) -> TimeOf | None:
    places: list[tuple[int, TimeOf]] = []
    kinds: tuple[tuple[re.Pattern[str], TimeOf], ...] = (
        (_LEAVES, "leaves"),
        (_ARRIVES, "arrives"),
        (_APPOINTMENT, "appointment"),
    )
    for pattern, of in kinds:
        for match in pattern.finditer(text):
            places.append((match.start(), of))
    if not places:
        return None
    return (max if last else min)(places)[1]


def _time_of_day(match: re.Match[str]) -> time | None:
    """Return the time that fits a school's day; None when the words leave it open."""
    if match["part"]:
        return time(12) if match["part"].lower() in ("noon", "midday") else None
    if match["half"]:
        return _of_the_day(_number(match["half_hour"]), 30)
    if match["quarter"]:
        if match["quarter_hour"] is None:
            return None  # "20 to": the hour is in the reader's head
        minutes = {"quarter": 15, "five": 5, "ten": 10, "twenty": 20}
        word = match["quarter"].lower().removeprefix("a ")
        minute = minutes[word] if word in minutes else int(word)
        hour = _number(match["quarter_hour"])
        if match["way"].lower() == "to":
            return _of_the_day(12 if hour == 1 else hour - 1, 60 - minute)
        return _of_the_day(hour, minute)
    hour_word = match["hour"] or match["alone"] or match["bare"] or match["near"]
    half = (match["half_day"] or match["alone_half"] or "").lower()[:1]
    return _of_the_day(int(hour_word), int(match["minute"] or 0), half)


def _of_the_day(hour: int, minute: int, half: str = "") -> time | None:
    if hour > 23:
        return None
    if half in ("a", "p"):
        return time(hour % 12 + (12 if half == "p" else 0), minute) if hour <= 12 else None
    if 8 <= hour <= 23:
        return time(hour, minute)
    # Schools keep no hours before 8, and after 6 nobody is there: one o'clock is 13.00.
    return time(hour + 12, minute) if 1 <= hour <= 5 else None


def _number(word: str) -> int:
    return _NUMBERS.get(word.lower()) or int(word)
