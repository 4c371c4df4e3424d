"""One school as the running program knows it: its id, its policy, its hours, its addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from gateway.hours.in_force import HoursInForce
from gateway.store.staffing import Staffing, StaffingCache
from rules.calendar import SchoolCalendar
from rules.hours_entry import HoursEntry
from rules.policy import Policy

SENIOR = "senior"  # the leadership's confidential address, whose answers stay out of the office
POSTMASTER = "postmaster"  # RFC 5321 §4.5.1
HOURS = "hours"  # takes one-line changes of the calendar
HELP = "help"  # answers with the policy in short
PEOPLE = "people"  # takes one line of the office's about who is linked
LINK = "link"  # takes invite codes
RESERVED = (POSTMASTER, SENIOR, HOURS, HELP, PEOPLE, LINK)


@dataclass(frozen=True, slots=True)
class School:
    """A school's identity, the policy in force, and the hours with every change of them."""

    school_id: str
    domain: str
    policy: Policy
    _in_force: HoursInForce
    _staffing: StaffingCache = field(default_factory=StaffingCache, repr=False, compare=False)

    @classmethod
    def of(cls, school_id: str, domain: str, policy: Policy) -> School:
        """Return a school whose hours are the policy file's until `refresh` has looked."""
        return cls(school_id, domain, policy, HoursInForce(SchoolCalendar.of(policy)))

    @property
    def calendar(self) -> SchoolCalendar:
        """The hours of the school as last read."""
        return self._in_force.calendar

    def refresh(self, connection: Connection, *, hold: bool = False) -> bool:
        """Follow a change of the hours in the store; return whether there was one.

        With `hold` nobody changes them until the commit.
        """
        return self._in_force.refresh(connection, self.school_id, hold=hold)

    def with_entries(self, entries: Iterable[HoursEntry]) -> School:
        """Return this school as it would be with these changes of the hours, and no others."""
        changed = HoursInForce(self._in_force.with_entries(entries))
        return replace(self, _in_force=changed)

    def staffing(self, connection: Connection, now: datetime) -> Staffing:
        """Return the staff and classes as they stand today, and who covers for whom."""
        today = self.today(now)
        staffing = self._staffing.on(connection, self.school_id, today)
        return self._in_force.covered(staffing, today)

    @property
    def name(self) -> str:
        """The school's name, as every mail of ours shows it."""
        return self.policy.school_name

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the school's windows are wall-clock times."""
        return self.calendar.zone

    def today(self, now: datetime) -> date:
        """Return the date at the school."""
        return now.astimezone(self.zone).date()

    def address(self, local: str) -> str:
        """Return an address of ours."""
        return f"{local}@{self.domain}"

    def calendar_of(self, staff_address: str) -> SchoolCalendar:
        """Return one teacher's hours. The policy file names staff by their address."""
        return self.calendar.narrowed(staff_address)

    def calendars(self, staff: Iterable[tuple[str, str]]) -> Mapping[str, SchoolCalendar]:
        """Return the hours of each of `staff`, given as (staff id, address)."""
        return {staff_id: self.calendar_of(address) for staff_id, address in staff}
