"""A change of the hours that comes from a file or the console: read, checked, shown, and made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from gateway.hours.from_csv import read_csv
from gateway.hours.from_ical import ReadHours, read_ical
from gateway.school import School
from gateway.store import hours
from gateway.store.hours import Source
from rules.facts import HoursFacts
from rules.hours_allowed import NotCarriedOut, check_some_hours_left, for_the_school
from rules.hours_entry import HoursEntry
from rules.hours_line import NotUnderstood, read_line


class NotTaken(Exception):
    """The change cannot be made as it is. The words are for whoever asked for it."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Entries to add and ids of those to end, with what the file did not say clearly."""

    source: Source
    name: str | None
    entries: tuple[HoursEntry, ...]
    ends: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def from_file(
    connection: Connection,
    school: School,
    known: HoursFacts,
    path: Path,
    name: str | None,
    now: datetime,
) -> Incoming:
    """Return what a file changes: what it says now takes the place of what it said before.

    Raises:
        NotTaken: it would leave nobody any reading hours.
    """
    octets = path.read_bytes()
    if path.suffix.lower() in (".ics", ".ical"):
        source: Source = "ical"
        zone = school.policy.zone
        found = read_ical(octets, zone, school.today(now), known.staff, known.readers)
    else:
        source = "csv"
        found = read_csv(octets, known.staff)
    name = name or path.name
    in_force = hours.entries_in_force(connection, school.school_id)
    former = {key: in_force[key] for key in hours.ids_of_source(connection, school.school_id, name)}
    entries, ends = _difference(former, found.entries)
    return _checked(school, now, Incoming(source, name, entries, ends, *_rest(found)))


def from_line(line: str, school: School, known: HoursFacts, now: datetime) -> Incoming:
    """Return what one line changes, written by whoever runs the command.

    Raises:
        NotTaken: it is not understood, or cannot be done.
    """
    found = read_line(line, now.astimezone(school.zone))
    if isinstance(found, NotUnderstood):
        raise NotTaken(found.why)
    if found.undo:
        raise NotTaken("Use `schoolgate hours undo CHANGE`; `hours list` shows the changes.")
    try:
        entries = for_the_school(found, known, school.calendar, now)
    except NotCarriedOut as error:
        raise NotTaken(error.why) from error
    return Incoming("command", None, entries)


def _rest(found: ReadHours) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return found.left_out, found.faults


def _checked(school: School, now: datetime, incoming: Incoming) -> Incoming:
    try:
        check_some_hours_left(incoming.entries, school.calendar, now)
    except NotCarriedOut as error:
        raise NotTaken(error.why) from error
    return incoming


def _difference(
    former: Mapping[str, HoursEntry], entries: Sequence[HoursEntry]
) -> tuple[tuple[HoursEntry, ...], tuple[str, ...]]:
    """Return what is new, and the ids of what is no longer said.

    The working days of one person are one thing: any change of them replaces them all.
    """
    before = {key: replace(one, change="") for key, one in former.items()}
    same = set(before.values()) & set(entries)
    changed = {
        one.staff for one in (*before.values(), *entries) if one.kind == "days" and one not in same
    }
    same = {one for one in same if one.kind != "days" or one.staff not in changed}
    adds = tuple(one for one in entries if one not in same)
    return adds, tuple(key for key, one in before.items() if one not in same)
