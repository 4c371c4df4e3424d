"""Looks up what `decide` is told about mail that changes the hours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row

from gateway.school import School
from gateway.store import hours
from gateway.store.staffing import Staffing
from rules.facts import HoursFacts
from rules.hours_allowed import LEADERS
from rules.instruction import HoursChange
from rules.people import Staff


def hours_facts(
    connection: Connection, school: School, staffing: Staffing, writers: Iterable[Staff]
) -> HoursFacts:
    """Return whom a line may name, and what one of `writers` may undo.

    The office and the leadership undo each other's changes: whoever asked may be away.
    """
    in_post = [staffing.everybody[staff_id] for staff_id in sorted(staffing.current)]
    addresses = frozenset(person.address for person in in_post)
    mine = {person.staff_id for person in writers}
    if any(person.staff_id in mine and person.roles & LEADERS for person in in_post):
        mine |= {person.staff_id for person in in_post if person.roles & LEADERS}
    row = hours.newest_in_force(connection, school.school_id, mine)
    return HoursFacts(
        addresses,
        frozenset(one for one in addresses if staffing.teacher_at(one) is not None),
        _change(row) if row is not None else None,
    )


def change_asked(connection: Connection, school: School, change_id: str) -> HoursChange | None:
    """Return the change that a signed address is about, as it stands now."""
    row = hours.find(connection, school.school_id, change_id)
    return _change(row) if row is not None else None


def _change(row: Row[Any]) -> HoursChange:
    entries = hours.entries_of(row)
    whose = {one.staff for one in entries} | {one.cover for one in entries if one.cover}
    only_for = whose.pop() if len(whose) == 1 else None
    return HoursChange(row.change_id, row.state, row.asked_by, only_for, row.decided)
