"""What happens on each day that a parent names: off, until when, since when, or back again?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rules.absence_dates import StatedDay, days_in
from rules.absence_kinds import kinds_of
from rules.absence_text import Span, clauses

DayOf = Literal["on", "until", "since", "from", "back"]
_UNTIL = re.compile(r"\b(?:until|till|til|'til|up to|before)(?: at least)?(?: the| on)?\s*$", re.I)
_SINCE = re.compile(r"\bsince(?: the| on| last)?\s*$", re.IGNORECASE)
_FROM = re.compile(r"\b(?:from|starting|as of)(?: the| on)?\s*$", re.IGNORECASE)
_BACK = re.compile(
    r"\b(?:back|returns?|returning|fit for school)\b(?! late)"
    r"|\b(?<!not )(?<!n't )(?<!wont )(?:be|come|coming) (?:in|to school)"
    r"(?: (?:again|school|on|by|for|the))*\s*$",
    re.IGNORECASE,
)
_BACK_FIRST = re.compile(
    r"^\W*(?:\w+ ){0,3}?(?:(?:should|will|can|may|might) be back|be back|is back|back"
    r"|i think he come"
    r"|will be in$|(?:he|she|they)(?:'ll| will| should)? (?:be in$|come$|will be$))",
    re.IGNORECASE,
)
_NOT_BACK = re.compile(
    r"\b(?:give|gave|bring|send|sent|sending|hand|take|get|got|came|come) (?:\w+ ){0,3}back\b"
    r"|\bbacks?pack|\bnot (?:be )?back\b|n'?t be back\b|\bback (?:pain|ache|door|home)\b",
    re.IGNORECASE,
)
_NOT_IN = re.compile(r"\b(?:not|no|won'?t|wont|can'?t|neither|nor|never)\b", re.IGNORECASE)
_HEDGE = re.compile(
    r"\b(?:hope|hopes|hopefully|hoping|should|prob|probs|probably|perhaps|maybe|might|may be"
    r"|think|if"
    r"|suspect|unless|depends|all being well|see how|fingers crossed|expect)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|had|been off|missed|wasn'?t|weren'?t|didn'?t|went|came|got|started|said"
    r"|told|did)\b",
    re.IGNORECASE,
)
_FUTURE = re.compile(r"\b(?:will|won'?t|wont|'ll|back|going to|gonna|tomorr?ow)\b", re.IGNORECASE)
_MOST_DAYS = 40  # of one sentence


@dataclass(frozen=True, slots=True)
class CardDay:
    """A day or some days on the card: as written, the dates they mean, and what happens then.

    `dates` is empty where two readers could mean two days. `perhaps`: the parent is not sure.
    """

    words: str
    of: DayOf
    dates: tuple[date, ...] = ()
    through: bool = False
    perhaps: bool = False


def days_on_card(
    text: str,
    every: Sequence[Span],
    reports: Sequence[Span],
    reasons: Sequence[Span],
    sent: date,
) -> tuple[CardDay, ...]:
    """Return the days of what is reported, and from anywhere the day on which a child is back.

    Where no sentence reports anything, the `reasons` are looked at: an appointment has a day.
    """
    subject = every[:1] if reports else ()
    # What went before is told in the past, and names days of which nobody knows which.
    reports = reports or [one for one in reasons if not _PAST.search(one.of(text))]
    stated = {one: _days_of(text, one, sent) for one in every}
    at = [number for number, one in enumerate(every) if one in reports]
    beside = [one for n, one in enumerate(every) if {n - 1, n + 1} & set(at) and n not in at]
    places = (reports, [one for one in reasons if one in beside], beside, subject)
    spoken = {clause for one in reports for _day, clause in stated[one]}
    reporting = {clause for clause in spoken if kinds_of(text, clause, frozenset())}
    chosen = [
        day
        for one in reports
        for day, clause in stated[one]
        if day.of != "on" or clause in reporting
    ]
    for place in places:  # the nearest words that name a day; a subject may be all that does
        if all(day.of == "back" for day in chosen):
            chosen += [day for one in place for day, _clause in stated[one]]
    chosen += [day for one in every for day, _clause in stated[one] if day.of == "back"]
    kept: list[CardDay] = []
    for day in chosen:
        if not any(
            day.of == one.of and (day.words == one.words or _within(day, one)) for one in kept
        ):
            kept.append(day)
    return tuple(kept)


def _within(day: CardDay, other: CardDay) -> bool:
    return bool(day.dates) and set(day.dates) <= set(other.dates)


def _days_of(text: str, sentence: Span, sent: date) -> list[tuple[CardDay, Span]]:
    """Return the days of a sentence, each with the clause that it begins in."""
    pieces = clauses(text, sentence)
    found: list[tuple[CardDay, Span]] = []
    previous = sentence.start
    whole = sentence.of(text)
    stated = days_in(whole, sent)[:_MOST_DAYS]
    begins = [day.start + sentence.start for day in stated[1:]] + [sentence.end]
    for day, following in zip(stated, begins, strict=False):
        start, end = day.start + sentence.start, day.end + sentence.start
        clause = next((one for one in pieces if one.start <= start < one.end), sentence)
        before = text[max(previous, clause.start) : start]
        # What stands between two days is said of the second: "away Monday and back on Friday".
        after = text[end : clause.end] if following >= clause.end else ""
        past = _PAST.search(clause.of(text)) and not _FUTURE.search(clause.of(text))
        if past or _SINCE.search(before):
            day = _in_the_past(whole, sent, day)
        of = _role(before, after)
        perhaps = _HEDGE.search(clause.of(text)) is not None
        found.append((CardDay(_with(of, day.words), of, day.dates, day.through, perhaps), clause))
        previous = end
    return found


def _in_the_past(whole: str, sent: date, day: StatedDay) -> StatedDay:
    return next((one for one in days_in(whole, sent, past=True) if one.start == day.start), day)


def _role(before: str, after: str) -> DayOf:
    if _UNTIL.search(before):
        return "until"
    if _SINCE.search(before):
        return "since"
    if _FROM.search(before):
        return "from"
    returns = list(_BACK.finditer(before))
    if returns and not _NOT_BACK.search(before) and not _NOT_IN.search(before):
        return "back"
    return "back" if _BACK_FIRST.search(after) and not _NOT_BACK.search(after) else "on"


def _with(of: DayOf, words: str) -> str:
    return words if of == "on" else f"{of} {words}"
