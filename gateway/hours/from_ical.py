"""Which of the events in an iCalendar file change the school's hours, and which do not say so?

Closed days, early closing and training are told by plain words in the title or the category.
Whatever is not understood is listed and left out: never silently, and never by a guess.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from gateway.hours.occurrences import MEMORY_BYTES
from gateway.mail.child import child_environment
from rules.hours_entry import HoursEntry
from rules.hours_times import NotSaid, moments, plain
from rules.wording import day_words

MOST_BYTES = 5 * 1024 * 1024
SECONDS = 60.0  # by the clock: the machine may be busy
BEHIND, AHEAD = timedelta(days=31), timedelta(days=731)
_CLOSED = re.compile(
    r"\b(?:holidays?|half[ -]?term|inset|bank holiday|no school|training day"
    r"|non[ -]pupil day|staff day)\b"
    # A library or a pool that is closed is not the school: nobody or the school comes before.
    r"|(?:^|[^\w\s] ?|\bschool (?:(?:is|will be|remains|stays) )?|\bwe(?: are|'re) |\ball )closed\b"
    r"|(?:^|[^\w\s] ?|\b(?:school|emergency|holiday|christmas|easter|summer|winter|snow|weather) )"
    r"closure\b"
)
# "No school" is said of a closed day; every other "no" takes back what the title would say.
_TAKEN_BACK = re.compile(
    r"\b(?:not|cancell?ed|postponed|called off|open|no(?! school\b))\b|n['\u2019]t\b"
)
_EARLY = re.compile(r"\bearly (?:closing|closure|close|finish)\b|\bcloses? early\b")
_TRAINING = re.compile(r"\b(?:training|inset|cpd|(?:staff|governors'?|team) meeting|meeting)\b")
# Such a day is beside a holiday, or is about one: it is none itself.
_BESIDE = re.compile(
    r"\b(?:last day|first day|back|re-?opens?|returns?|starts?|begins?|ends?|finish(?:es)?|before"
    r"|after|club|deadline|form|party|fair|reminder|homework|trip|topic|visit)\b"
)
_ADDRESSED = re.compile(
    r"(?:[(,;:-] ?)?(?:\b(?:for|by|with|to|from|see|ask|and) )?"
    r"[^\s,;:()@]{1,64}[@\uff20\ufe6b][^\s,;()]+[)]?",
    re.IGNORECASE,
)
_FOR = re.compile(r"\bfor ([^\s<>,;]+@[^\s<>,;]+)")


@dataclass(frozen=True, slots=True)
class ReadHours:
    """What a file says: entries, what was left out with its reason, and what is wrong in it."""

    entries: tuple[HoursEntry, ...]
    left_out: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def read_ical(
    octets: bytes, zone: str, today: date, staff: frozenset[str], readers: frozenset[str]
) -> ReadHours:
    """Return what an iCalendar file changes from a month ago to two years from now.

    `staff` are the addresses of all in post, `readers` of those who teach.
    """
    if len(octets) > MOST_BYTES:
        return ReadHours((), faults=(f"it is larger than {MOST_BYTES // 1024 // 1024} MB",))
    try:
        octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ReadHours((), faults=("it is not UTF-8 text",))
    answer = _occurrences(octets, zone, today - BEHIND, today + AHEAD)
    if answer is None:
        return ReadHours((), faults=("it takes too much time or memory to read",))
    entries: dict[HoursEntry, None] = {}
    left_out: dict[str, None] = {}
    for one in answer["found"]:
        found = _entries(one, staff, readers)
        if isinstance(found, str):
            left_out[f"{_shown(one)}: {found}"] = None
        else:
            entries.update(dict.fromkeys(found))
    return ReadHours(tuple(entries), tuple(left_out), tuple(answer["faults"]))


def _occurrences(octets: bytes, zone: str, first: date, last: date) -> dict[str, Any] | None:
    order = json.dumps([zone, first.isoformat(), last.isoformat()]).encode("ascii")
    try:
        child = subprocess.run(
            [sys.executable, "-m", "gateway.hours.occurrences"],
            input=order + b"\n" + octets,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    if child.returncode != 0 or len(child.stdout) > MEMORY_BYTES:
        return None
    found: dict[str, Any] = json.loads(child.stdout)
    return found


def _entries(
    one: Mapping[str, Any], staff: frozenset[str], readers: frozenset[str]
) -> list[HoursEntry] | str:
    """Return what one occurrence changes, or why it was left out."""
    title = " ".join(one["summary"].split())
    words = plain(f"{title} {' '.join(one['categories'])}")
    title = _without_addresses(title)  # families read it as the reason
    if one["cancelled"]:
        return "it is cancelled"
    if _TAKEN_BACK.search(words):
        return "its title takes something back: not, no, open, cancelled or postponed"
    if _EARLY.search(words):
        return _early(one, words, title)
    if one["all_day"]:
        if _BESIDE.search(words) or not _CLOSED.search(words):
            return "it does not say that the school is closed"
        first, last = date.fromisoformat(one["starts"]), date.fromisoformat(one["ends"])
        return [HoursEntry("closed", first, last, why=title or "closed")]
    if not _TRAINING.search(words):
        return "it is no training or meeting, and not all day"
    starts, ends = datetime.fromisoformat(one["starts"]), datetime.fromisoformat(one["ends"])
    if starts.date() != ends.date() or starts >= ends:
        return "it runs over more than one day"
    whom = _whom(one, words, staff, readers)
    if not whom:
        return "none of those it is for, or who are invited, teaches here"
    found = []
    for address in whom:
        times = starts.time(), ends.time()
        day = starts.date()
        found.append(HoursEntry("training", day, day, address, None, None, *times, title))
    return found


def _early(one: Mapping[str, Any], words: str, title: str) -> list[HoursEntry] | str:
    day = date.fromisoformat(one["starts"][:10])
    if one["all_day"]:
        try:
            times = {at for at, _rest in moments(words)}
        except NotSaid:
            times = set()
        if len(times) != 1 or one["ends"] != one["starts"]:
            return "it does not say at what time the school closes"
        closes = times.pop()
    else:
        closes = datetime.fromisoformat(one["starts"]).time()
    return [HoursEntry("early", day, day, closes=closes, why=title)]


def _whom(
    one: Mapping[str, Any], words: str, staff: frozenset[str], readers: frozenset[str]
) -> list[str | None]:
    """Return whom a training takes: the staff it names or invites; all, if it names nobody."""
    asked = _FOR.findall(words)
    named = [address for address in asked if address in staff]
    invited = [address for address in one["attendees"] if address in readers]
    own = [one["organizer"]] if one["organizer"] in readers and not one["attendees"] else []
    found: list[str | None] = [*dict.fromkeys(named or invited or own)]
    if not found and not asked and not one["attendees"]:
        return [None]
    return found


def _without_addresses(title: str) -> str:
    return " ".join(_ADDRESSED.sub(" ", title).split()).strip(" ,;:-")


def _shown(one: Mapping[str, Any]) -> str:
    title = " ".join(one["summary"].split())[:80] or "no title"
    day = date.fromisoformat(one["starts"][:10])
    return f"line {one['line']}, “{title}”, {day_words(day)} {day.year}"
