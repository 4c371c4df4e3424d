"""The school's staff and classes: they change seldom, are asked of at every step, and are kept.

Guardians and links are never kept: a bar must hold from the moment it is written.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, func, or_, select

from gateway.store import schema as t
from rules.people import Role, SchoolClass, Staff


@dataclass(frozen=True, slots=True)
class Staffing:
    """Staff and classes as they stand on `day`, at one version of the roster."""

    version: int
    day: date
    school_name: str
    everybody: Mapping[str, Staff]  # by id, those who have left among them
    current: frozenset[str]  # the ids of those in post on `day`
    rooms: Mapping[str, SchoolClass]  # by id, with the teachers who read on `day`
    guardians: int

    @property
    def in_post(self) -> tuple[Staff, ...]:
        """Everyone who has not left."""
        return tuple(one for one in self.everybody.values() if one.staff_id in self.current)

    @property
    def leads(self) -> tuple[Staff, ...]:
        """Everyone in post who holds a role beyond teaching."""
        return tuple(
            person
            for person in self.everybody.values()
            if person.staff_id in self.current and person.roles - {Role.TEACHER}
        )

    def staff_at(self, address: str) -> tuple[Staff, ...]:
        """Return those in post with this address (folded)."""
        return tuple(
            person
            for person in self.everybody.values()
            if person.address == address and person.staff_id in self.current
        )

    def teacher_at(self, address: str) -> Staff | None:
        """Return the one with this address who teaches, or reads for a class."""
        return next(
            (
                person
                for person in self.staff_at(address)
                if Role.TEACHER in person.roles
                or any(person in room.teachers for room in self.rooms.values())
            ),
            None,
        )

    def room_at(self, address: str) -> SchoolClass | None:
        """Return the class with this address."""
        return next((room for room in self.rooms.values() if room.address == address), None)


# Asked at every step, so written once: writing a statement takes longer than running it.
_VERSION = select(t.schools.c.roster_version).where(t.schools.c.school_id == bindparam("school_id"))


_HELD = "schoolgate_roster_held"


def hold_roster(connection: Connection) -> None:
    """Ask for the version of the roster once only, until this transaction ends.

    For one that changes no staff and no classes: it sees them as they stood when it first asked.
    """
    connection.execution_options(**{_HELD: {}})


class StaffingCache:
    """Staffing by school, read again when the roster or the date has changed."""

    def __init__(self) -> None:
        self._known: dict[str, Staffing] = {}
        self._lock = threading.Lock()

    def on(self, connection: Connection, school_id: str, day: date) -> Staffing:
        """Return who is who at the school on `day`."""
        version = _version(connection, school_id)
        with self._lock:
            known = self._known.get(school_id)
        if known is None or (known.version, known.day) != (version, day):
            known = load_staffing(connection, school_id, day)
            _hold(connection, school_id, known.version)
            with self._lock:
                self._known[school_id] = known
        return known


def _version(connection: Connection, school_id: str) -> int:
    held: dict[str, int] | None = connection.get_execution_options().get(_HELD)
    if held is not None and school_id in held:
        return held[school_id]
    version = int(connection.execute(_VERSION, {"school_id": school_id}).scalar_one())
    _hold(connection, school_id, version)
    return version


def _hold(connection: Connection, school_id: str, version: int) -> None:
    held: dict[str, int] | None = connection.get_execution_options().get(_HELD)
    if held is not None:
        held[school_id] = version


def load_staffing(connection: Connection, school_id: str, day: date) -> Staffing:
    """Read the staff and classes of a school."""
    school = connection.execute(select(t.schools).where(t.schools.c.school_id == school_id)).one()
    roles: dict[str, set[Role]] = defaultdict(set)
    ranks: dict[str, int] = {}
    for held in connection.execute(
        select(t.staff_roles)
        .join(t.staff, t.staff.c.staff_id == t.staff_roles.c.staff_id)
        .where(t.staff.c.school_id == school_id)
    ):
        roles[held.staff_id].add(Role(held.role))
        ranks[held.staff_id] = min(held.rank, ranks.get(held.staff_id, held.rank))
    rows = connection.execute(
        select(t.staff).where(t.staff.c.school_id == school_id).order_by(t.staff.c.staff_id)
    ).all()
    everybody = {
        row.staff_id: Staff(
            row.staff_id,
            row.name,
            row.address,
            frozenset(roles[row.staff_id]),
            ranks.get(row.staff_id, 0),
        )
        for row in rows
    }
    current = frozenset(row.staff_id for row in rows if row.ends is None or row.ends >= day)
    guardians = connection.execute(
        select(func.count()).where(t.guardians.c.school_id == school_id)
    ).scalar_one()
    return Staffing(
        school.roster_version,
        day,
        school.name,
        everybody,
        current,
        _rooms(connection, school_id, everybody, current, day),
        guardians,
    )


def _rooms(
    connection: Connection,
    school_id: str,
    everybody: Mapping[str, Staff],
    current: frozenset[str],
    day: date,
) -> dict[str, SchoolClass]:
    readers: dict[str, list[Staff]] = defaultdict(list)
    c = t.class_staff.c
    for row in connection.execute(
        select(t.class_staff)
        .join(t.classes, t.classes.c.class_id == t.class_staff.c.class_id)
        .where(
            t.classes.c.school_id == school_id,
            or_(c.begins.is_(None), c.begins <= day),
            or_(c.ends.is_(None), c.ends >= day),
        )
        .order_by(c.position, c.staff_id)
    ):
        if row.staff_id in current:
            readers[row.class_id].append(everybody[row.staff_id])
    return {
        row.class_id: SchoolClass(row.class_id, row.name, row.address, tuple(readers[row.class_id]))
        for row in connection.execute(select(t.classes).where(t.classes.c.school_id == school_id))
    }
