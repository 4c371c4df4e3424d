"""Writes people into the roster: adds what is new, changes what changed, removes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, delete, insert, select, update

from gateway.roster_csv import FamilyRow, StaffRow, plain_name
from gateway.store import schema as t
from gateway.store.once import insert_once
from gateway.store.types import made_at, new_id
from rules.people import Role

# A pupil's first enrolment is older than our record of it, and nobody says how much older: a
# message that came before the import, or a rehearsal of last Friday, finds the child in the class.
BEFORE_WE_KNEW = date(1900, 1, 1)
_LINK_COLUMNS = (
    "parental_responsibility",
    "may_message",
    "may_receive",
    "barred",
    "restricted_reason",
)


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
    insert_once(connection, t.staff_roles, {"staff_id": known, "role": "office", "rank": 99})
    connection.execute(
        update(t.schools)
        .where(t.schools.c.school_id == school_id)
        .values(roster_version=t.schools.c.roster_version + 1)
    )


def class_address(name: str, domain: str) -> str:
    """Return the address of a class: its name in plain letters, "3B" or "Class 3 – Oak"."""
    return f"{plain_name(name)}@{domain}"


class RosterWriter:
    """One import, inside one transaction: all of it happens, or none."""

    def __init__(
        self, connection: Connection, school_id: str, domain: str, now: datetime, today: date
    ):
        self._connection = connection
        self._school_id = school_id
        self._domain = domain
        self._now = now
        self._today = today
        self.counts: Counter[str] = Counter()

    def write_staff(self, rows: Iterable[StaffRow]) -> None:
        """Add or change staff, their roles and the classes they read for.

        Who is named in the file reads for the classes named beside them and no others: last
        year's teacher must not be given this year's mail. Roles are only added, because a file
        that forgets one must not leave the school without a safeguarding lead.
        """
        self._renew()
        reads_for: dict[str, set[str]] = {}
        for row in rows:
            staff_id = self._upsert(
                t.staff, "staff_id", {"address": row.address}, {"name": row.name, "ends": None}
            )
            for role in row.roles:
                self._set(
                    t.staff_roles, {"staff_id": staff_id, "role": str(role)}, {"rank": row.rank}
                )
            if row.says_classes:
                reads_for.setdefault(staff_id, set())
            for name in row.class_names:
                key = {"class_id": self._class(name), "staff_id": staff_id}
                self._set(t.class_staff, key, {"position": row.rank})
                reads_for.setdefault(staff_id, set()).add(key["class_id"])
        for staff_id, class_ids in reads_for.items():
            c = t.class_staff.c
            gone = delete(t.class_staff).where(c.staff_id == staff_id, c.class_id.not_in(class_ids))
            self.counts["class staff ended"] += self._connection.execute(gone).rowcount
        self.counts = +self.counts  # without what did not happen

    def write_families(self, rows: Iterable[FamilyRow]) -> None:
        """Add or change pupils, enrolments, guardians and links."""
        self._renew()
        for row in rows:
            pupil_id = self._upsert(
                t.pupils,
                "pupil_id",
                {"reference": row.pupil_ref},
                {
                    "given_name": row.given_name,
                    "family_name": row.family_name,
                    "address": row.pupil_address,
                },
                keep=set() if "pupil_email" in row.given else {"address"},
            )
            self._enrol(pupil_id, self._class(row.class_name))
            guardian_id = self._upsert(
                t.guardians,
                "guardian_id",
                {"reference": row.guardian_ref},
                {"name": row.guardian_name, "home_language": row.home_language},
                keep=set() if "home_language" in row.given else {"home_language"},
            )
            self._set(
                t.guardian_addresses,
                {"guardian_id": guardian_id, "address": row.guardian_address},
                {"school_id": self._school_id},
            )
            self._set(
                t.links,
                {"guardian_id": guardian_id, "pupil_id": pupil_id},
                {
                    "kind": "guardian",
                    "parental_responsibility": row.parental_responsibility,
                    "may_message": row.may_message,
                    "may_receive": row.may_receive,
                    "barred": row.barred,
                    "restricted_reason": row.restricted_reason or None,
                },
                keep={"kind", *_LINK_COLUMNS} - row.given,
            )

    def _renew(self) -> None:
        """Have running programs read staff and classes again."""
        s = t.schools.c
        self._connection.execute(
            update(t.schools)
            .where(s.school_id == self._school_id)
            .values(roster_version=s.roster_version + 1)
        )

    def _class(self, name: str) -> str:
        address = class_address(name, self._domain)
        return self._upsert(t.classes, "class_id", {"address": address}, {"name": name})

    def _enrol(self, pupil_id: str, class_id: str) -> None:
        e = t.enrolments.c
        known = self._connection.execute(
            select(e.enrolment_id, e.class_id, e.begins, e.ends).where(e.pupil_id == pupil_id)
        ).all()
        current = [row for row in known if row.ends is None]
        if any(row.class_id == class_id for row in current):
            return
        begins = self._today if known else BEFORE_WE_KNEW
        for row in current:
            this = e.enrolment_id == row.enrolment_id
            if made_at(row.enrolment_id).date() >= self._today:
                # A mistake put right on the same day: it never was.
                self._connection.execute(delete(t.enrolments).where(this))
                begins = row.begins
                continue
            # The pupil moved: yesterday was the last day in the old class.
            yesterday = self._today - timedelta(days=1)
            self._connection.execute(update(t.enrolments).where(this).values(ends=yesterday))
        self._connection.execute(
            insert(t.enrolments).values(
                enrolment_id=new_id(self._now),
                pupil_id=pupil_id,
                class_id=class_id,
                begins=begins,
            )
        )
        self.counts["enrolments"] += 1

    def _upsert(
        self,
        table: Table,
        id_name: str,
        key: dict[str, Any],
        values: dict[str, Any],
        keep: Collection[str] = (),
    ) -> str:
        """Add a row, or change what differs in the one there; never the columns to `keep`."""
        where = [table.c[name] == value for name, value in key.items()]
        found = self._connection.execute(
            select(table).where(table.c.school_id == self._school_id, *where)
        ).first()
        if found is None:
            row_id = new_id(self._now)
            fixed = {id_name: row_id, "school_id": self._school_id}
            self._connection.execute(insert(table).values(**fixed, **key, **values))
            self.counts[table.name] += 1
            return row_id
        have = found._mapping
        self._change(table, [table.c[id_name] == have[id_name]], have, values, keep)
        return str(have[id_name])

    def _set(
        self,
        table: Table,
        key: dict[str, Any],
        values: dict[str, Any],
        keep: Collection[str] = (),
    ) -> None:
        if insert_once(self._connection, table, {**key, **values}):
            self.counts[table.name] += 1
            return
        where = [table.c[name] == value for name, value in key.items()]
        have = self._connection.execute(select(table).where(*where)).one()._mapping
        self._change(table, where, have, values, keep)

    def _change(
        self,
        table: Table,
        where: list[ColumnElement[bool]],
        have: RowMapping,
        values: dict[str, Any],
        keep: Collection[str],
    ) -> None:
        changed = {
            name: value
            for name, value in values.items()
            if name not in keep and have[name] != value
        }
        if changed:
            self._connection.execute(update(table).where(*where).values(**changed))
            self.counts[f"{table.name} changed"] += 1


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
