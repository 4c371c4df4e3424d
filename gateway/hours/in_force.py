"""Which hours are in force at this moment? The policy file's, and every change since."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from gateway.store import hours
from gateway.store.staffing import Staffing
from rules.calendar import SchoolCalendar
from rules.hours_entry import HoursEntry, hours_with
from rules.people import Staff
from rules.readers import with_covers


@dataclass(frozen=True, slots=True)
class _State:
    calendar: SchoolCalendar
    version: int | None = None  # None: the store was not asked yet


class HoursInForce:
    """The calendar in force. Any thread may ask; a change is followed by `refresh` alone."""

    def __init__(self, written: SchoolCalendar) -> None:
        self._written = written
        self._state = _State(written)
        self._covered: tuple[Staffing, SchoolCalendar, Staffing] | None = None
        self._lock = threading.Lock()

    @property
    def calendar(self) -> SchoolCalendar:
        """The school's hours as last read."""
        return self._state.calendar

    def refresh(self, connection: Connection, school_id: str, *, hold: bool = False) -> bool:
        """Follow a change that is in the store; return whether there was one.

        Never inside the transaction that makes the change: it may be rolled back.
        """
        version = hours.version(connection, school_id, hold=hold)
        if version == self._state.version:
            return False
        with self._lock:
            if version == self._state.version:
                return False
            entries = hours.entries_in_force(connection, school_id)
            self._state = _State(self.with_entries(entries.values()), version)
        return True

    def with_entries(self, entries: Iterable[HoursEntry]) -> SchoolCalendar:
        """Return the calendar that these entries make of the policy file's hours."""
        written = self._written
        found = tuple(entries)
        return replace(written, hours=hours_with(written.hours, found)) if found else written

    def covered(self, staffing: Staffing, today: date) -> Staffing:
        """Return `staffing` with those who cover for a class's teachers who are away."""
        calendar, known = self.calendar, self._covered
        if known is not None and known[0] is staffing and known[1] is calendar:
            return known[2]
        found = with_readers(staffing, calendar, today)
        self._covered = (staffing, calendar, found)
        return found


def with_readers(staffing: Staffing, calendar: SchoolCalendar, today: date) -> Staffing:
    """Return `staffing` with the covers of `calendar` that are not over."""
    leave = [one for one in calendar.hours.leave if one.cover is not None and one.last >= today]
    if not leave:
        return staffing

    def staff_at(address: str) -> Staff | None:
        return next(iter(staffing.staff_at(address)), None)

    rooms = {key: with_covers(room, leave, staff_at) for key, room in staffing.rooms.items()}
    return replace(staffing, rooms=rooms)
