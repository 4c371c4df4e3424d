"""Tells running programs that the roster has changed: they read staff and classes again."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from gateway.store import schema as t


def renew(connection: Connection, school_id: str) -> None:
    """Count one more version of the school's roster."""
    s = t.schools.c
    connection.execute(
        update(t.schools)
        .where(s.school_id == school_id)
        .values(roster_version=s.roster_version + 1)
    )


def renew_for(connection: Connection, guardian_id: str) -> None:
    """Count one more version of the roster of the school that a guardian belongs to."""
    g = t.guardians.c
    query = select(g.school_id).where(g.guardian_id == guardian_id)
    renew(connection, str(connection.execute(query).scalar_one()))
