"""The school itself in the store, and rosters taken in as a whole file's rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from gateway.imports.rows import family_records, staff_records
from gateway.roster.families import FamilyRow
from gateway.roster.records import Roster
from gateway.roster.staff import StaffRow
from gateway.store import schema as t
from gateway.store.import_rows import write_changes
from gateway.store.imports import Choices, no_progress, plan_on
from gateway.store.once import insert_once
from gateway.store.roster_version import renew
from gateway.store.types import new_id
from rules.people import Role


def ensure_school(connection: Connection, name: str, domain: str, now: datetime) -> str:
    """Return the id of the school with this mail domain, made or renamed as needed."""
    found = connection.execute(select(t.schools).where(t.schools.c.domain == domain)).first()
    if found is None:
        school_id = new_id(now)
        connection.execute(insert(t.schools).values(school_id=school_id, name=name, domain=domain))
        return school_id
    if found.name != name:
        connection.execute(
            update(t.schools).where(t.schools.c.school_id == found.school_id).values(name=name)
        )
    return str(found.school_id)


def ensure_office(connection: Connection, school_id: str, address: str, now: datetime) -> None:
    """Have somebody to tell: the policy's office address holds the role until another does.

    Without an office, what is held would wait in nobody's list, and a concern in a school
    that names no safeguarding lead would reach nobody at all.
    """
    s, r = t.staff.c, t.staff_roles.c
    holders = (
        select(s.staff_id)
        .join(t.staff_roles, r.staff_id == s.staff_id)
        .where(s.school_id == school_id, s.ends.is_(None), r.role == Role.OFFICE)
    )
    if connection.execute(holders.limit(1)).first() is not None:
        return
    known = connection.execute(
        select(s.staff_id).where(s.school_id == school_id, s.address == address.lower())
    ).scalar()
    if known is None:
        known = new_id(now)
        connection.execute(
            insert(t.staff).values(
                staff_id=known, school_id=school_id, name="School office", address=address.lower()
            )
        )
    else:
        # The policy names them: whoever had left holds the office again, or nobody would.
        connection.execute(
            update(t.staff).where(s.staff_id == known).values(ends=None, ended_by=None)
        )
    insert_once(connection, t.staff_roles, {"staff_id": known, "role": "office", "rank": 99})
    renew(connection, school_id)


class RosterWriter:
    """Imports inside one transaction, without being asked: for a school that is being set up.

    `roster import` shows what it will do, and keeps what was; see `gateway.store.imports`.
    """

    def __init__(
        self, connection: Connection, school_id: str, domain: str, now: datetime, today: date
    ):
        self._connection = connection
        self._school_id = school_id
        self._domain = domain
        self._now = now
        self._today = today
        self.counts: Counter[str] = Counter()

    def take(self, roster: Roster, choices: Choices | None = None) -> None:
        """Add and change what the roster says; whoever is not in it ends where it is whole."""
        plan = plan_on(
            self._connection,
            self._school_id,
            self._domain,
            roster,
            now=self._now,
            today=self._today,
            choices=choices or Choices(),
        )
        write_changes(self._connection, plan.changes, no_progress)
        renew(self._connection, self._school_id)
        self.counts += plan.counts

    def write_staff(self, rows: Iterable[StaffRow]) -> None:
        """Add or change staff, their roles and the classes they read for."""
        self.take(Roster("staff", staff=staff_records(rows)))

    def write_families(self, rows: Iterable[FamilyRow]) -> None:
        """Add or change pupils, enrolments, guardians and links."""
        self.take(family_records(rows))


def other_schools(connection: Connection, domain: str) -> list[str]:
    """Return the domains of schools other than this that have mail in the store."""
    with_mail = select(t.messages.c.school_id).distinct()
    rows = connection.execute(
        select(t.schools.c.domain).where(
            t.schools.c.domain != domain, t.schools.c.school_id.in_(with_mail)
        )
    )
    return sorted(rows.scalars())


def school_of(connection: Connection, domain: str) -> str:
    """Return the id of the school with this mail domain, "" when nothing is known of it yet."""
    query = select(t.schools.c.school_id).where(t.schools.c.domain == domain)
    return str(connection.execute(query).scalar() or "")
