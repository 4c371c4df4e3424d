"""Finds what is wrong in the hours in force: who is missing from them, and who never reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from gateway.doctor import Finding
from gateway.hours.review import readers_of
from gateway.school import School
from gateway.store import hours
from gateway.store.staffing import Staffing
from rules.calendar import NoReadingTime, SchoolCalendar
from rules.policy import Hours

NO_WINDOW_DAYS = 14


def examine_hours(connection: Connection, school: School, now: datetime) -> Iterator[Finding]:
    """Look for people in the hours who are not on the roster, and for those who never read."""
    staffing = school.staffing(connection, now)
    today = school.today(now)
    yield from _strangers(school.policy.hours, staffing, today)
    yield from _gone(connection, school, staffing, today)
    for person in readers_of(staffing):
        calendar = school.calendar_of(person.address)
        if _reads_within(school.calendar, now) and not _reads_within(calendar, now):
            yield Finding(
                "warning",
                f"{person.address} has no reading window in the next {NO_WINDOW_DAYS} days",
                "if they are away, name a cover (docs/hours.md); `schoolgate hours show --staff "
                f"{person.address}` says why",
            )


def _strangers(written: Hours, staffing: Staffing, today: date) -> Iterator[Finding]:
    """Look for addresses in the policy file that are nobody's: a slip would widen in silence."""
    named: dict[str, str] = {}
    for booking in written.bookings:
        if booking.staff is not None and (booking.on is None or booking.on >= today):
            named[booking.staff] = "hours.training"
    for week in written.staff_weeks:
        if week.last is None or week.last >= today:
            named[week.staff] = "hours.staff"
    for leave in written.leave:
        if leave.last >= today:
            named[leave.staff] = "hours.leave"
            if leave.cover is not None:
                named[leave.cover] = "hours.leave, as cover"
    for address, place in sorted(named.items()):
        if not staffing.staff_at(address):
            yield Finding(
                "warning",
                f"{address} in {place} of policy.toml is nobody on the roster",
                "write the address as in the staff file, or take it out of policy.toml",
            )


def _gone(
    connection: Connection, school: School, staffing: Staffing, today: date
) -> Iterator[Finding]:
    """Look for changes of the hours about somebody who has left."""
    for one in hours.entries_in_force(connection, school.school_id).values():
        over = one.last is not None and one.last < today
        for address in (one.staff, one.cover):
            if address is not None and not over and not staffing.staff_at(address):
                yield Finding(
                    "warning",
                    f"a change of the hours ({one.kind}) names {address}, who has left",
                    f"take it back with `schoolgate hours undo {one.change}`, if it stands alone",
                )


def _reads_within(calendar: SchoolCalendar, now: datetime) -> bool:
    try:
        return calendar.next_opening(now) - now < timedelta(days=NO_WINDOW_DAYS)
    except NoReadingTime:
        return False
