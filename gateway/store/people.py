"""Looks people up in the roster: the directory for one message, on one day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from gateway.store import schema as t
from rules.people import Directory, Guardian, Link, Role, SchoolClass, Staff


def directory_for(
    connection: Connection,
    school_id: str,
    recipient: str,
    originator: str | None,
    day: date,
    pupil_domains: tuple[str, ...] = (),
    about_classes: Iterable[str] = (),
) -> Directory:
    """Return what the roster says on `day` about a message from `originator` to `recipient`.

    `about_classes` are further classes to include, such as that of the message
    a signed address is about.
    """
    guardians = _guardians_at(connection, school_id, originator, day) if originator else ()
    class_ids = {room for person in guardians for link in person.links for room in link.class_ids}
    addressed = connection.execute(
        select(t.classes.c.class_id).where(
            t.classes.c.school_id == school_id, t.classes.c.address == recipient
        )
    ).scalar()
    wanted = class_ids | set(about_classes) | ({addressed} if addressed else set())
    rooms = classes(connection, wanted, day)
    school = connection.execute(
        select(t.schools.c.name).where(t.schools.c.school_id == school_id)
    ).scalar_one()
    return Directory(
        school_name=school,
        addressed_class=next((room for room in rooms if room.class_id == addressed), None),
        classes=rooms,
        guardians=guardians,
        staff=_staff_where(
            connection, day, t.staff.c.school_id == school_id, t.staff.c.address == originator
        )
        if originator
        else (),
        pupil_id=_pupil_at(connection, school_id, originator, pupil_domains),
        leads=leads(connection, school_id, day),
    )


def staff_by_id(connection: Connection, staff_id: str) -> Staff | None:
    """Return one member of staff, whether still in post or not."""
    found = _staff_where(connection, None, t.staff.c.staff_id == staff_id)
    return found[0] if found else None


def is_staff_address(connection: Connection, school_id: str, address: str) -> bool:
    """Return whether a member of staff has this address."""
    query = select(t.staff.c.staff_id).where(
        t.staff.c.school_id == school_id, t.staff.c.address == address
    )
    return connection.execute(query).first() is not None


def teacher_at(connection: Connection, school_id: str, address: str) -> str | None:
    """Return the staff id of the teacher with this address: one who reads for a class."""
    query = (
        select(t.staff.c.staff_id)
        .join(t.class_staff, t.class_staff.c.staff_id == t.staff.c.staff_id)
        .where(t.staff.c.school_id == school_id, t.staff.c.address == address)
        .limit(1)
    )
    found = connection.execute(query).scalar()
    return str(found) if found else None


def leads(connection: Connection, school_id: str, day: date) -> tuple[Staff, ...]:
    """Return everyone who holds a role beyond teaching."""
    held = select(t.staff_roles.c.staff_id).where(t.staff_roles.c.role != Role.TEACHER)
    return _staff_where(
        connection, day, t.staff.c.school_id == school_id, t.staff.c.staff_id.in_(held)
    )


def classes(connection: Connection, class_ids: Iterable[str], day: date) -> tuple[SchoolClass, ...]:
    """Return these classes with the staff who read for each on `day`, in reading order."""
    wanted = sorted(set(class_ids))
    if not wanted:
        return ()
    order = connection.execute(
        select(t.class_staff)
        .where(t.class_staff.c.class_id.in_(wanted))
        .order_by(t.class_staff.c.position)
    ).all()
    people = {
        person.staff_id: person
        for person in _staff_where(
            connection, day, t.staff.c.staff_id.in_([row.staff_id for row in order])
        )
    }
    rows = connection.execute(select(t.classes).where(t.classes.c.class_id.in_(wanted)))
    return tuple(
        SchoolClass(
            row.class_id,
            row.name,
            row.address,
            tuple(
                people[entry.staff_id]
                for entry in order
                if entry.class_id == row.class_id and entry.staff_id in people
            ),
        )
        for row in rows
    )


def guardian_names(connection: Connection, guardian_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of these guardians by id."""
    rows = connection.execute(
        select(t.guardians.c.guardian_id, t.guardians.c.name).where(
            t.guardians.c.guardian_id.in_(sorted(set(guardian_ids)))
        )
    )
    return {row.guardian_id: row.name for row in rows}


def pupil_names(connection: Connection, pupil_ids: Iterable[str]) -> dict[str, str]:
    """Return the full names of these pupils by id."""
    rows = connection.execute(
        select(t.pupils).where(t.pupils.c.pupil_id.in_(sorted(set(pupil_ids))))
    )
    return {row.pupil_id: f"{row.given_name} {row.family_name}" for row in rows}


def _staff_where(
    connection: Connection, day: date | None, *conditions: ColumnElement[bool]
) -> tuple[Staff, ...]:
    query = select(t.staff).where(*conditions).order_by(t.staff.c.staff_id)
    if day is not None:
        query = query.where(or_(t.staff.c.ends.is_(None), t.staff.c.ends >= day))
    rows = connection.execute(query).all()
    roles: dict[str, set[Role]] = defaultdict(set)
    ranks: dict[str, int] = {}
    for row in connection.execute(
        select(t.staff_roles).where(t.staff_roles.c.staff_id.in_([row.staff_id for row in rows]))
    ):
        roles[row.staff_id].add(Role(row.role))
        ranks[row.staff_id] = min(row.rank, ranks.get(row.staff_id, row.rank))
    return tuple(
        Staff(
            row.staff_id,
            row.name,
            row.address,
            frozenset(roles[row.staff_id]),
            ranks.get(row.staff_id, 0),
        )
        for row in rows
    )


def _guardians_at(
    connection: Connection, school_id: str, address: str, day: date
) -> tuple[Guardian, ...]:
    rows = connection.execute(
        select(t.guardians)
        .join(t.guardian_addresses, t.guardian_addresses.c.guardian_id == t.guardians.c.guardian_id)
        .where(
            t.guardian_addresses.c.school_id == school_id, t.guardian_addresses.c.address == address
        )
        .order_by(t.guardians.c.guardian_id)
    ).all()
    if not rows:
        return ()
    links = _links(connection, [row.guardian_id for row in rows], day)
    return tuple(
        Guardian(
            row.guardian_id,
            row.name,
            tuple(links[row.guardian_id]),
            _removed(row, day),
            row.home_language,
        )
        for row in rows
    )


def _removed(row: Row[Any], day: date) -> bool:
    if row.removed_from is None or day < row.removed_from:
        return False
    return row.removed_until is None or day <= row.removed_until


def _links(connection: Connection, guardian_ids: list[str], day: date) -> dict[str, list[Link]]:
    found: dict[str, list[Link]] = defaultdict(list)
    link, p, e = t.links.c, t.pupils.c, t.enrolments.c
    rows = connection.execute(
        select(t.links, p.given_name, p.family_name)
        .join(t.pupils, p.pupil_id == link.pupil_id)
        .where(
            link.guardian_id.in_(guardian_ids),
            or_(link.begins.is_(None), link.begins <= day),
            or_(link.ends.is_(None), link.ends >= day),
        )
        .order_by(link.guardian_id, link.pupil_id)
    ).all()
    rooms: dict[str, list[str]] = defaultdict(list)
    for entry in connection.execute(
        select(e.pupil_id, e.class_id)
        .where(
            e.pupil_id.in_([row.pupil_id for row in rows]),
            e.begins <= day,
            or_(e.ends.is_(None), e.ends >= day),
        )
        .order_by(e.class_id)
    ):
        rooms[entry.pupil_id].append(entry.class_id)
    for row in rows:
        found[row.guardian_id].append(
            Link(
                row.pupil_id,
                f"{row.given_name} {row.family_name}",
                tuple(rooms[row.pupil_id]),
                row.parental_responsibility,
                row.may_message,
                row.may_receive,
                row.barred,
            )
        )
    return found


def _pupil_at(
    connection: Connection, school_id: str, address: str | None, domains: tuple[str, ...]
) -> str | None:
    """Return the pupil with this address, "" for another of a pupil domain, else None."""
    if address is None:
        return None
    found = connection.execute(
        select(t.pupils.c.pupil_id).where(
            t.pupils.c.school_id == school_id, t.pupils.c.address == address
        )
    ).scalar()
    if found:
        return str(found)
    return "" if address.rpartition("@")[2] in domains else None


def pupils_between(
    connection: Connection, guardian_id: str, class_id: str, day: date
) -> tuple[str, ...]:
    """Return the pupils in `class_id` on `day` about whom this guardian may write."""
    found = _links(connection, [guardian_id], day)[guardian_id]
    return tuple(link.pupil_id for link in found if link.can_write and class_id in link.class_ids)
