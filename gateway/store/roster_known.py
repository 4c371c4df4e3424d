"""Reads all of a school's people at once, for an import to be planned on."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Select, Table, select

from gateway.imports.known import Known
from gateway.imports.sheet import Row
from gateway.store import schema as t


def read_known(connection: Connection, school_id: str, domain: str) -> Known:
    """Return the school's people as the store has them."""
    s, g, p = t.schools.c, t.guardians.c, t.pupils.c
    version = select(s.roster_version).where(s.school_id == school_id)
    known = Known(school_id, domain, connection.execute(version).scalar_one())
    for row in _rows(connection, t.classes, _of_school(t.classes, school_id)):
        known.classes[row["address"]] = row
    for row in _rows(connection, t.staff, _of_school(t.staff, school_id)):
        known.staff[row["address"]] = row
    ours = t.staff.c.school_id == school_id
    for row in _rows(connection, t.staff_roles, select(t.staff_roles).join(t.staff).where(ours)):
        known.roles[row["staff_id"], row["role"]] = row
    for row in _rows(connection, t.class_staff, select(t.class_staff).join(t.staff).where(ours)):
        known.class_staff[row["staff_id"]][row["class_id"]] = row
    for row in _rows(connection, t.pupils, _of_school(t.pupils, school_id)):
        known.pupils[row["reference"]] = row
    enrolments = select(t.enrolments).join(t.pupils).where(p.school_id == school_id)
    for row in _rows(connection, t.enrolments, enrolments):
        known.enrolments[row["pupil_id"]].append(row)
    for row in _rows(connection, t.guardians, _of_school(t.guardians, school_id)):
        known.guardians[row["reference"]] = known.guardians_by_id[row["guardian_id"]] = row
    others = _of_school(t.guardian_references, school_id)
    for row in _rows(connection, t.guardian_references, others):
        known.references[row["reference"]] = row
    addresses = _of_school(t.guardian_addresses, school_id)
    for row in _rows(connection, t.guardian_addresses, addresses):
        known.addresses[row["guardian_id"]][row["address"]] = row
    links = select(t.links).join(t.guardians).where(g.school_id == school_id)
    for row in _rows(connection, t.links, links):
        known.links[row["pupil_id"]][row["guardian_id"]] = row
        known.children[row["guardian_id"]].add(row["pupil_id"])
    return known


def _of_school(table: Table, school_id: str) -> Select[tuple[object, ...]]:
    return select(table).where(table.c.school_id == school_id)


def _rows(connection: Connection, table: Table, query: Select[tuple[object, ...]]) -> Iterator[Row]:
    names = [column.name for column in table.columns]
    for row in connection.execute(query):
        yield dict(zip(names, row, strict=True))
