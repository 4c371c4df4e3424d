"""Tells running programs that the roster has changed: they read staff and classes again."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from gateway.store import schema as t


def hold(connection: Connection, school_id: str) -> int:
    """Return the version of the roster; until this transaction ends, nobody else changes it.

    Mail goes on coming in meanwhile: the lock is none that a foreign key waits for.
    """
    s = t.schools.c
    query = select(s.roster_version).where(s.school_id == school_id)
    return int(connection.execute(query.with_for_update(key_share=True)).scalar_one())


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
