"""Looks families up in the roster: the directory for one message, on one day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select

from gateway.store import schema as t
from gateway.store.links import holds_on, standing_on
from gateway.store.staffing import Staffing
from rules.people import Directory, Guardian, Link

# Asked several times a message, so written once: writing a statement takes longer than running it.
_LINKS_ON = (
    select(t.links, t.pupils.c.given_name, t.pupils.c.family_name)
    .join(t.pupils, t.pupils.c.pupil_id == t.links.c.pupil_id)
    .where(
        t.links.c.guardian_id.in_(bindparam("guardian_ids", expanding=True)),
        holds_on(bindparam("day")),
    )
    .order_by(t.links.c.guardian_id, t.links.c.pupil_id)
)
_GUARDIANS_AT = (
    select(t.guardians)
    .join(t.guardian_addresses, t.guardian_addresses.c.guardian_id == t.guardians.c.guardian_id)
    .where(
        t.guardian_addresses.c.school_id == bindparam("school_id"),
        t.guardian_addresses.c.address == bindparam("address"),
    )
    .order_by(t.guardians.c.guardian_id)
)
_CLASSES_ON = (
    select(t.enrolments.c.pupil_id, t.enrolments.c.class_id)
    .where(
        t.enrolments.c.pupil_id.in_(bindparam("pupil_ids", expanding=True)),
        t.enrolments.c.begins <= bindparam("day"),
        or_(t.enrolments.c.ends.is_(None), t.enrolments.c.ends >= bindparam("day")),
    )
    .order_by(t.enrolments.c.class_id)
)


def directory_for(
    connection: Connection,
    staffing: Staffing,
    school_id: str,
    recipient: str,
    originator: str | None,
    pupil_domains: tuple[str, ...] = (),
    about_classes: Iterable[str] = (),
) -> Directory:
    """Return what the roster says on `staffing.day` about a message from `originator`.

    `about_classes` are further classes to include, such as that of the message
    a signed address is about.
    """
    day = staffing.day
    guardians = _guardians_at(connection, school_id, originator, day) if originator else ()
    wanted = {room for person in guardians for link in person.links for room in link.class_ids}
    addressed = staffing.room_at(recipient)
    wanted |= set(about_classes) | ({addressed.class_id} if addressed else set())
    return Directory(
        school_name=staffing.school_name,
        addressed_class=addressed,
        classes=tuple(staffing.rooms[one] for one in sorted(wanted) if one in staffing.rooms),
        guardians=guardians,
        staff=staffing.staff_at(originator) if originator else (),
        pupil_id=_pupil_at(connection, school_id, originator, pupil_domains),
        leads=staffing.leads,
        in_post=staffing.in_post,
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


def _guardians_at(
    connection: Connection, school_id: str, address: str, day: date
) -> tuple[Guardian, ...]:
    rows = connection.execute(_GUARDIANS_AT, {"school_id": school_id, "address": address}).all()
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
    rows = connection.execute(_LINKS_ON, {"guardian_ids": guardian_ids, "day": day}).all()
    rooms: dict[str, list[str]] = defaultdict(list)
    pupil_ids = [row.pupil_id for row in rows]
    for entry in connection.execute(_CLASSES_ON, {"pupil_ids": pupil_ids, "day": day}):
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
                standing_on(row.standing, row.approved_until, day),
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


@dataclass(frozen=True, slots=True)
class ChildOnRecord:
    """A pupil of whom a guardian may write: the school's reference, the names, the classes."""

    pupil_id: str
    reference: str
    given_name: str
    family_name: str
    class_ids: tuple[str, ...]

    @property
    def name(self) -> str:
        """The full name."""
        return f"{self.given_name} {self.family_name}"


def children_of(connection: Connection, guardian_id: str, day: date) -> tuple[ChildOnRecord, ...]:
    """Return the children about whom this guardian may write on `day`, by name."""
    links = {
        link.pupil_id: link
        for link in _links(connection, [guardian_id], day)[guardian_id]
        if link.can_write
    }
    rows = connection.execute(
        select(t.pupils)
        .where(t.pupils.c.pupil_id.in_(sorted(links)))
        .order_by(t.pupils.c.given_name, t.pupils.c.pupil_id)
    )
    return tuple(
        ChildOnRecord(
            row.pupil_id,
            row.reference,
            row.given_name,
            row.family_name,
            links[row.pupil_id].class_ids,
        )
        for row in rows
    )


def given_names_in(connection: Connection, class_id: str, day: date) -> dict[str, str]:
    """Return the given names of the children who are in a class on `day`, by pupil id."""
    e = t.enrolments.c
    rows = connection.execute(
        select(t.pupils.c.pupil_id, t.pupils.c.given_name)
        .join(t.enrolments, e.pupil_id == t.pupils.c.pupil_id)
        .where(e.class_id == class_id, e.begins <= day, or_(e.ends.is_(None), e.ends >= day))
    )
    return {row.pupil_id: row.given_name for row in rows}


def school_of_staff(connection: Connection, staff_id: str) -> str:
    """Return the id of the school that a member of staff belongs to."""
    query = select(t.staff.c.school_id).where(t.staff.c.staff_id == staff_id)
    return str(connection.execute(query).scalar_one())
