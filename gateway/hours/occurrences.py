"""Which dates does an iCalendar file name? Found in a process of its own, which may die of it.

`python -m gateway.hours.occurrences` takes an order and the file's octets on its standard input
and writes one JSON object. A rule that repeats without end, or never, costs that process its
time and us nothing. An all-day event is its dates, whatever zone anybody is in; a timed one is
told in the school's zone (RFC 5545 §3.3.4, §3.3.5).
"""

from __future__ import annotations

import json
import re
import resource
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import icalendar
import recurring_ical_events

CPU_SECONDS = 30
MEMORY_BYTES = 512 * 1024 * 1024
MOST_EVENTS = 2_000
MOST_DATES = 2_000
MOST_SLOW = 3
SECONDS_AN_EVENT = 2.0  # of processor time
_RULE = re.compile(r"(?:RRULE|EXRULE)(?:;[^:]*)?:(.*)", re.IGNORECASE)
_TOO_OFTEN = re.compile(r"FREQ=(?:SECONDLY|MINUTELY|HOURLY)|BY(?:HOUR|MINUTE|SECOND)=", re.I)
_ZONE = re.compile(r"TZID=\"?([^\":;]+)", re.IGNORECASE)
_NAMES_ITS_ZONE = re.compile(r"([A-Z][A-Za-z_]+/[A-Z][A-Za-z_/]+)$")
_DAY = timedelta(days=1)


class _TooSlow(Exception):
    """One event took longer to work out than any real one does."""


class _UnknownZone(Exception):
    """An event has its times in a zone that nobody knows."""


@dataclass(slots=True)
class _Event:
    """The lines of the components with one UID: an event, and what differs on some of its dates."""

    line: int
    uid: str
    lines: list[str] = field(default_factory=list)


def find_occurrences(text: str, zone: ZoneInfo, first: date, last: date) -> dict[str, Any]:
    """Return the dates of each event from `first` to `last`, and what is wrong with the file."""
    faults: list[str] = []
    if text.upper().count("BEGIN:VEVENT") > MOST_EVENTS:
        return {"found": [], "faults": [f"it holds more than {MOST_EVENTS:,} events"]}
    if "BEGIN:VCALENDAR" not in text.upper():
        return {"found": [], "faults": ["it is not an iCalendar file"]}
    found: list[dict[str, Any]] = []
    slow = 0
    for event in _events(text, faults):
        where = f"line {event.line}, event {event.uid}"
        why = _refused(event)
        if why is None:
            try:
                with_this = found + _within_time(event, zone, first, last)
            except _TooSlow:
                why = "its dates take too long to work out"
                slow += 1
            except _UnknownZone as error:
                why = f"its time zone {error} is not known"
            except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError):
                why = "cannot be read"
            else:
                found = with_this
        if why is not None:
            faults.append(f"{where}: {why}")
        if slow > MOST_SLOW:
            faults.append("too many of its events take long to work out")
            return {"found": [], "faults": faults}
        if len(found) > MOST_DATES:
            faults.append(f"{where}: there are more than {MOST_DATES:,} dates up to here")
            return {"found": [], "faults": faults}
    return {"found": found, "faults": faults}


def _events(text: str, faults: list[str]) -> Iterator[_Event]:
    """Yield the events of a file, those of one UID together."""
    events: dict[str, _Event] = {}
    current: list[str] | None = None
    begun, depth = 0, 0
    for number, line in _unfolded(text):
        name = line.upper().strip()
        if name == "BEGIN:VEVENT" and current is None:
            current, begun, depth = [], number, 0
        if current is None:
            continue
        # An alarm inside an event is nothing to us, and its rules least of all.
        depth += name.startswith("BEGIN:") - name.startswith("END:")
        if depth == 1 and not name.startswith(("END:", "BEGIN:VALARM")):
            current.append(line)
        if name == "END:VEVENT":
            uid = next((one[4:] for one in current if one.upper().startswith("UID:")), "")
            key = uid or f"(without UID, line {begun})"
            event = events.setdefault(key, _Event(begun, key[:80]))
            event.lines += [*current, "END:VEVENT"]
            current = None
    if current is not None:
        faults.append(f"line {begun}: an event has no end")
    yield from events.values()


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Yield each content line with the number it begins at (RFC 5545 §3.1)."""
    held, held_at = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if line[:1] in (" ", "\t") and held:
            held += line[1:]
            continue
        if held:
            yield held_at, held
        held, held_at = line, number
    if held:
        yield held_at, held


def _refused(event: _Event) -> str | None:
    for line in event.lines:
        rule = _RULE.match(line)
        if rule is not None and _TOO_OFTEN.search(rule[1]):
            return "it repeats more often than once a day"
        if rule is not None and re.search(r"INTERVAL=0*(?:;|$)", rule[1], re.IGNORECASE):
            return "it repeats without an interval"
    return None


def _within_time(event: _Event, zone: ZoneInfo, first: date, last: date) -> list[dict[str, Any]]:
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_AN_EVENT)
    try:
        return _dates(event, zone, first, last)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _dates(event: _Event, zone: ZoneInfo, first: date, last: date) -> list[dict[str, Any]]:
    # Without any VTIMEZONE of the file: its rules may be traps, and zones have names we know.
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:schoolgate"]
    lines += [_known_zone(line) for line in event.lines]
    calendar = icalendar.Calendar.from_ical("\r\n".join([*lines, "END:VCALENDAR", ""]))
    broken = [one for part in calendar.walk("VEVENT") for one in part.errors]
    if broken:
        raise ValueError("a property cannot be read")
    query = recurring_ical_events.of(calendar)
    return [_as_json(one, event, zone) for one in query.between(first - _DAY, last + 2 * _DAY)]


def _known_zone(line: str) -> str:
    """Return the line with a zone that `zoneinfo` knows, where the file has a name of its own."""
    found = _ZONE.search(line.partition(":")[0])
    if found is None:
        return line
    name = found[1].strip()
    for candidate in (name, *_NAMES_ITS_ZONE.findall(name)):
        try:
            ZoneInfo(candidate)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
        return line.replace(found[1], candidate, 1)
    if icalendar.timezone.tzp.timezone(name) is not None:
        return line  # one of the names that Windows has
    raise _UnknownZone(f"“{name[:60]}”")


def _as_json(one: Any, event: _Event, zone: ZoneInfo) -> dict[str, Any]:
    starts, ends = one.start, one.end
    all_day = not isinstance(starts, datetime)
    if not all_day and starts.time() == time(0) == ends.time() and ends > starts:
        # Some programs write an all-day event from midnight to midnight of the writer's zone.
        all_day, starts, ends = True, starts.date(), ends.date()
    if all_day:
        begins, closes = starts, max(starts, ends - _DAY)
    else:
        begins, closes = _local(starts, zone), _local(ends, zone)
    people = [one.get("ORGANIZER"), *_listed(one.get("ATTENDEE"))]
    addresses = [str(address).lower().removeprefix("mailto:") for address in people if address]
    return {
        "uid": event.uid,
        "line": event.line,
        "summary": str(one.get("SUMMARY", "")),
        "categories": [str(name) for name in one.categories],
        "cancelled": str(one.get("STATUS", "")).upper() == "CANCELLED",
        "all_day": all_day,
        "starts": begins.isoformat(),
        "ends": closes.isoformat(),
        "organizer": addresses[0] if people[0] else "",
        "attendees": addresses[1:] if people[0] else addresses,
    }


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return a wall-clock time at the school; one without a zone is the school's already."""
    local = instant if instant.tzinfo is None else instant.astimezone(zone)
    return local.replace(tzinfo=None, microsecond=0)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _too_slow(_signal: int, _frame: FrameType | None) -> None:
    raise _TooSlow


def _main() -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGVTALRM, _too_slow)
    zone, first, last = json.loads(sys.stdin.buffer.readline())
    text = sys.stdin.buffer.read().decode("utf-8-sig")
    dates = date.fromisoformat(first), date.fromisoformat(last)
    sys.stdout.write(json.dumps(find_occurrences(text, ZoneInfo(zone), *dates)))
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(_main())
