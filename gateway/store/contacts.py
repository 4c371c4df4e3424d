"""Contacts on record with their children, whatever the standing of a link: for staff to look at.

Whoever may write or receive is asked of `gateway.store.people`, never of this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, func, or_, select

from gateway.roster.same_person import same_name
from gateway.store import schema as t
from gateway.store.guardians import addresses_of
from gateway.store.links import standing_on
from rules.links import LinkStanding

LAST_YEAR = timedelta(days=400)  # a child who left a class longer ago is no hint of its parent


@dataclass(frozen=True, slots=True)
class ChildOfContact:
    """One link of a contact, ended ones too. `classes` are today's, `left` those of last year."""

    pupil_id: str
    reference: str
    given_name: str
    family_name: str
    kind: str
    standing: LinkStanding
    barred: bool
    parental_responsibility: bool
    may_message: bool
    may_receive: bool
    begins: date | None
    ends: date | None  # the last day, included
    has_ended: bool
    classes: tuple[tuple[str, str], ...]  # id and name
    left: tuple[tuple[str, str, date], ...]  # id, name, the last day

    @property
    def name(self) -> str:
        """The full name."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class ContactOnRecord:
    """A contact, with every address and every child."""

    guardian_id: str
    reference: str
    name: str
    home_language: str
    removed_from: date | None
    removed_until: date | None
    addresses: tuple[str, ...]
    children: tuple[ChildOfContact, ...]

    def is_removed(self, day: date) -> bool:
        """Whether the leadership has taken them off the channel on `day`."""
        if self.removed_from is None or day < self.removed_from:
            return False
        return self.removed_until is None or day <= self.removed_until


@dataclass(frozen=True, slots=True)
class PupilOnRecord:
    """A pupil, with the classes of a day."""

    pupil_id: str
    reference: str
    name: str
    class_names: tuple[str, ...]


def ids_at(connection: Connection, school_id: str, address: str) -> list[str]:
    """Return the contacts with this address (folded)."""
    a = t.guardian_addresses.c
    query = select(a.guardian_id).where(a.school_id == school_id, a.address == address)
    return sorted(connection.execute(query).scalars())


def ids_named(connection: Connection, school_id: str, text: str) -> list[str]:
    """Return the contacts with just this name, in any case, titles aside, or just this reference.

    Records say “Mrs Ruth Okoro” where people write “Ruth Okoro”. One that was merged into
    another is nobody of their own: their reference means the other.
    """
    g, r = t.guardians.c, t.guardian_references.c
    merged = exists().where(r.school_id == school_id, r.reference == g.reference)
    also = select(r.guardian_id).where(r.school_id == school_id, r.reference == text)
    ends_alike = g.name.icontains(text.rpartition(" ")[2], autoescape=True)
    query = select(g.guardian_id, g.name, g.reference).where(
        g.school_id == school_id,
        or_(and_(or_(ends_alike, g.reference == text), ~merged), g.guardian_id.in_(also)),
    )
    also_known = set(connection.execute(also).scalars())
    return sorted(
        row.guardian_id
        for row in connection.execute(query)
        if row.reference == text or row.guardian_id in also_known or same_name(row.name, text)
    )


def ids_of_class(connection: Connection, class_id: str, day: date) -> list[str]:
    """Return the contacts of the children who are in a class, or left it within a year or so."""
    e = t.enrolments.c
    query = (
        select(t.links.c.guardian_id)
        .join(t.enrolments, e.pupil_id == t.links.c.pupil_id)
        .where(
            e.class_id == class_id,
            e.begins <= day,
            or_(e.ends.is_(None), e.ends >= day - LAST_YEAR),
        )
        .distinct()
    )
    return sorted(connection.execute(query).scalars())


def ids_of_pupil(connection: Connection, pupil_id: str) -> list[str]:
    """Return every contact of a child, whatever the standing."""
    query = select(t.links.c.guardian_id).where(t.links.c.pupil_id == pupil_id)
    return sorted(connection.execute(query).scalars())


def contacts(
    connection: Connection, guardian_ids: Collection[str], day: date
) -> tuple[ContactOnRecord, ...]:
    """Return these contacts as they stand on `day`, by name."""
    ids = sorted(set(guardian_ids))
    g = t.guardians.c
    rows = connection.execute(
        select(t.guardians).where(g.guardian_id.in_(ids)).order_by(g.name, g.guardian_id)
    ).all()
    addresses = addresses_of(connection, ids)
    children = _children(connection, ids, day)
    return tuple(
        ContactOnRecord(
            row.guardian_id,
            row.reference,
            row.name,
            row.home_language,
            row.removed_from,
            row.removed_until,
            tuple(addresses[row.guardian_id]),
            tuple(children[row.guardian_id]),
        )
        for row in rows
    )


def _children(
    connection: Connection, guardian_ids: Iterable[str], day: date
) -> dict[str, list[ChildOfContact]]:
    p = t.pupils.c
    rows = connection.execute(
        select(t.links, p.reference, p.given_name, p.family_name)
        .join(t.pupils, p.pupil_id == t.links.c.pupil_id)
        .where(t.links.c.guardian_id.in_(list(guardian_ids)))
        .order_by(p.given_name, p.family_name, p.pupil_id)
    ).all()
    classes = _classes(connection, {row.pupil_id for row in rows}, day)
    found: dict[str, list[ChildOfContact]] = defaultdict(list)
    for row in rows:
        now = [one for one in classes[row.pupil_id] if one.ends is None or one.ends >= day]
        left = [one for one in classes[row.pupil_id] if one.ends is not None and one.ends < day]
        found[row.guardian_id].append(
            ChildOfContact(
                row.pupil_id,
                row.reference,
                row.given_name,
                row.family_name,
                row.kind,
                standing_on(row.standing, row.approved_until, day),
                row.barred,
                row.parental_responsibility,
                row.may_message,
                row.may_receive,
                row.begins,
                row.ends,
                row.ends is not None and row.ends < day,
                tuple((one.class_id, one.name) for one in now),
                tuple((one.class_id, one.name, one.ends) for one in left),
            )
        )
    return found


def _classes(connection: Connection, pupil_ids: Collection[str], day: date) -> dict[str, list[Any]]:
    e = t.enrolments.c
    found: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(
        select(e.pupil_id, e.class_id, e.ends, t.classes.c.name)
        .join(t.classes, t.classes.c.class_id == e.class_id)
        .where(
            e.pupil_id.in_(sorted(pupil_ids)),
            e.begins <= day,
            or_(e.ends.is_(None), e.ends >= day - LAST_YEAR),
        )
        .order_by(e.begins, e.class_id)
    ):
        found[row.pupil_id].append(row)
    return found


def pupils_named(
    connection: Connection, school_id: str, text: str, day: date, most: int = 20
) -> tuple[PupilOnRecord, ...]:
    """Return the pupils with just this full name, in any case, or just this reference."""
    p = t.pupils.c
    full = p.given_name + " " + p.family_name
    rows = connection.execute(
        select(t.pupils)
        .where(
            p.school_id == school_id,
            or_(func.lower(full) == func.lower(text), full == text, p.reference == text),
        )
        .order_by(p.given_name, p.family_name, p.pupil_id)
        .limit(most)
    ).all()
    return _pupils(connection, rows, day)


def pupil(connection: Connection, pupil_id: str, day: date) -> PupilOnRecord | None:
    """Return one pupil."""
    rows = connection.execute(select(t.pupils).where(t.pupils.c.pupil_id == pupil_id)).all()
    return next(iter(_pupils(connection, rows, day)), None)


def _pupils(
    connection: Connection, rows: Iterable[Row[Any]], day: date
) -> tuple[PupilOnRecord, ...]:
    known = list(rows)
    classes = _classes(connection, {row.pupil_id for row in known}, day)
    return tuple(
        PupilOnRecord(
            row.pupil_id,
            row.reference,
            f"{row.given_name} {row.family_name}",
            tuple(one.name for one in classes[row.pupil_id] if one.ends is None or one.ends >= day),
        )
        for row in known
    )
