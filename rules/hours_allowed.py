"""What of a line about the hours is carried out, for the office and for a teacher?

The office and the leadership change the school's hours. A teacher may narrow their own, and never
widen them (REQUIREMENTS T4).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from rules.calendar import NoReadingTime, SchoolCalendar
from rules.facts import Facts, HoursFacts
from rules.hours_entry import HoursEntry, hours_with
from rules.hours_line import HoursLine
from rules.people import Role, Staff

LEADERS = frozenset({Role.OFFICE, Role.HEAD, Role.SLT})
OWN_KINDS = ("quiet", "training", "leave")  # by which a teacher narrows their own hours
MOST_OWN_DAYS = 60
T4 = "T4"
_OFFICES = "The school's hours are the office's to change. You may narrow your own."
_NOT_WIDER = "A line can only take time out of the hours. The hours themselves are in the policy."
_NOTHING_LEFT = "It would leave no reading hours at all in the next year."


class NotCarriedOut(Exception):
    """Why a line is not carried out, and the clause of the policy that forbids it, if one does."""

    def __init__(self, why: str, clause: str = "") -> None:
        super().__init__(why)
        self.why, self.clause = why, clause


def for_the_school(
    line: HoursLine,
    known: HoursFacts,
    calendar: SchoolCalendar,
    now: datetime,
    own_address: str | None = None,
) -> tuple[HoursEntry, ...]:
    """Return what a line of the office or the leadership changes, for all or for one.

    Raises:
        NotCarriedOut: it cannot be, with the reason in words for its writer.
    """
    if line.wider:
        raise NotCarriedOut(_NOT_WIDER, T4)
    entries = line.entries
    if line.kind in ("closed", "early") and entries[0].staff is not None:
        raise NotCarriedOut("The whole school closes. For one person write leave, or quiet.")
    if line.kind == "leave" and line.for_all:
        raise NotCarriedOut("If nobody is there, the school is closed: write “closed”.")
    if line.kind in ("leave", "quiet") and entries[0].staff is None and not line.for_all:
        if own_address not in known.readers:
            raise NotCarriedOut("It does not say for whom: write “for” and an address.")
        entries = tuple(replace(one, staff=own_address) for one in entries)
    check_people(entries, known)
    check_some_hours_left(entries, calendar, now)
    return tuple(one.private for one in entries)


def by_a_teacher(
    line: HoursLine, facts: Facts, staff: Staff, now: datetime
) -> tuple[HoursEntry, ...]:
    """Return how a line of a teacher narrows their own hours.

    Raises:
        NotCarriedOut: it would do more than that, or cannot be, in words for its writer.
    """
    if line.wider:
        raise NotCarriedOut(_NOT_WIDER, T4)
    if line.kind not in OWN_KINDS or line.for_all:
        raise NotCarriedOut(_OFFICES, T4)
    for one in line.entries:
        if one.staff not in (None, staff.address):
            raise NotCarriedOut("You may narrow your own hours, and nobody else's.", T4)
        if one.cover is not None:
            raise NotCarriedOut("The office names who covers for a class.", T4)
        ends = one.last or one.first
        if one.opens is None and (ends - one.first).days >= MOST_OWN_DAYS:
            raise NotCarriedOut(f"For more than {MOST_OWN_DAYS} days, please ask the office.", T4)
    entries = tuple(replace(one, staff=staff.address).private for one in line.entries)
    check_some_hours_left(entries, facts.calendar, now)
    return entries


def check_people(entries: tuple[HoursEntry, ...], known: HoursFacts) -> None:
    """Refuse what names somebody who is not on the staff. Raises NotCarriedOut."""
    for one in entries:
        for address in (one.staff, one.cover):
            if address is not None and address not in known.staff:
                raise NotCarriedOut(f"Nobody on the staff has the address {address}.")
        if one.cover is not None and one.cover == one.staff:
            raise NotCarriedOut("Nobody can cover for themselves.")


def check_some_hours_left(
    entries: tuple[HoursEntry, ...], calendar: SchoolCalendar, now: datetime
) -> None:
    """Refuse what would end all reading, of the school or of one teacher. Raises NotCarriedOut."""
    changed = replace(calendar, hours=hours_with(calendar.hours, entries))
    check_hours_remain(entries, calendar, changed, now)


def check_hours_remain(
    entries: tuple[HoursEntry, ...],
    calendar: SchoolCalendar,
    changed: SchoolCalendar,
    now: datetime,
) -> None:
    """Refuse `entries` if whom they are about reads in `calendar`, and never in `changed`.

    Raises:
        NotCarriedOut: it is so, in words for whoever asked.
    """
    for whom in {one.staff for one in entries}:
        before = calendar.narrowed(whom) if whom else calendar
        after = changed.narrowed(whom) if whom else changed
        try:
            before.next_reading_time(now)
        except NoReadingTime:
            continue  # it is so already
        try:
            after.next_reading_time(now)
        except NoReadingTime:
            raise NotCarriedOut(_NOTHING_LEFT) from None
