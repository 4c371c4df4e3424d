"""One school as the running program knows it: its id, its policy, its hours, its addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from gateway.store.staffing import Staffing, StaffingCache
from rules.calendar import SchoolCalendar
from rules.policy import Policy

SENIOR = "senior"  # the leadership's confidential address, whose answers stay out of the office
POSTMASTER = "postmaster"  # RFC 5321 §4.5.1


@dataclass(frozen=True, slots=True)
class School:
    """A school's identity and the policy in force."""

    school_id: str
    domain: str
    policy: Policy
    calendar: SchoolCalendar
    _staffing: StaffingCache = field(default_factory=StaffingCache, repr=False, compare=False)

    def staffing(self, connection: Connection, now: datetime) -> Staffing:
        """Return the staff and classes as they stand today."""
        return self._staffing.on(connection, self.school_id, self.today(now))

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
