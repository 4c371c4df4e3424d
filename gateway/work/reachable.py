"""When may one member of staff be told what can wait? A teacher inside their hours, never else."""

from __future__ import annotations

from datetime import datetime, timedelta

from gateway.school import School
from gateway.store.staffing import Staffing
from rules.calendar import SchoolCalendar
from rules.people import Role, Staff

# A mail made in the last moments of a window would reach the teacher after it.
ROOM_TO_SEND = timedelta(minutes=2)


def teaches(staffing: Staffing, person: Staff) -> bool:
    """Return whether somebody's mail must keep to reading hours."""
    if Role.TEACHER in person.roles:
        return True
    return any(
        person.staff_id in {one.staff_id for one in room.teachers}
        or person.staff_id in {cover.staff.staff_id for cover in room.covers}
        for room in staffing.rooms.values()
    )


def whose_hours(staffing: Staffing, address: str) -> str | None:
    """Return the staff id of the teacher whose address this is, a parent's too; None for nobody.

    What a teacher is sent as a parent keeps to the teacher's hours, when it goes to that address.
    """
    found = (one for one in staffing.staff_at(address) if teaches(staffing, one))
    return next((one.staff_id for one in found), None)


def reachable_from(
    school: School, staffing: Staffing, person: Staff, after: datetime
) -> datetime | None:
    """Return the first instant at or after `after` (aware) for mail that can wait.

    For a teacher inside their own windows, for others when the office is open; None when
    there is no such time in the next 366 days.
    """
    if not teaches(staffing, person):
        return school.calendar.next_office_opening(after)
    return _first_with_room(school.calendar_of(person.address), after)


def _first_with_room(calendar: SchoolCalendar, after: datetime) -> datetime | None:
    for window in calendar.windows_from(after):
        opens = max(window.opens, after)
        if window.closes - opens >= ROOM_TO_SEND:
            return opens
    return None
