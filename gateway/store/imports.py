"""Roster imports: planned on what the store has, written whole or not at all, kept to be undone."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select

from gateway.imports.plan import RosterPlan, plan_import
from gateway.roster.records import Roster
from gateway.store import schema as t
from gateway.store.import_rows import Progress, keep_changes, write_changes
from gateway.store.roster_known import read_known
from gateway.store.roster_version import renew
from gateway.store.types import id_text, new_id

IN_FORCE, UNDONE = "in-force", "undone"


@dataclass(frozen=True, slots=True)
class Choices:
    """What whoever imports has said about it. See `plan_import`."""

    merge: bool = False
    invited: bool = False
    allow_ending: int | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """One import as it is remembered."""

    import_id: str
    at: datetime
    source: str
    files: tuple[str, ...]
    state: str
    counts: Mapping[str, int]
    undone_at: datetime | None


def no_progress(what: str, done: int, of: int) -> None:
    """Show nothing."""


def plan_on(
    connection: Connection,
    school_id: str,
    domain: str,
    roster: Roster,
    *,
    now: datetime,
    today: date,
    choices: Choices,
) -> RosterPlan:
    """Return what the roster would change in the store as it is."""
    return plan_import(
        read_known(connection, school_id, domain),
        roster,
        today=today,
        ids=new_ids(now),
        merge=choices.merge,
        invited=choices.invited,
        allow_ending=choices.allow_ending,
    )


def write_import(
    connection: Connection,
    school_id: str,
    plan: RosterPlan,
    roster: Roster,
    now: datetime,
    progress: Progress = no_progress,
) -> str | None:
    """Write what was planned and return the import's id; None when nothing was new.

    The caller has seen to it, in this transaction, that the roster is still at the version
    that the plan was made on.
    """
    if not plan.changes:
        return None
    write_changes(connection, plan.changes, progress)
    import_id = new_id(now)
    connection.execute(
        insert(t.roster_imports).values(
            import_id=import_id,
            school_id=school_id,
            at=now,
            source=roster.source,
            files=[list(one) for one in roster.files],
            state=IN_FORCE,
            counts=dict(plan.counts),
        )
    )
    keep_changes(connection, import_id, plan.changes, progress)
    renew(connection, school_id)
    return import_id


def version_of(connection: Connection, school_id: str) -> int:
    """Return the version of the school's roster."""
    s = t.schools.c
    found = connection.execute(select(s.roster_version).where(s.school_id == school_id))
    return int(found.scalar_one())


def imports_of(connection: Connection, school_id: str) -> tuple[Import, ...]:
    """Return the school's imports, the newest first."""
    i = t.roster_imports.c
    rows = connection.execute(
        select(t.roster_imports)
        .where(i.school_id == school_id)
        .order_by(i.at.desc(), i.import_id.desc())
    )
    return tuple(
        Import(
            row.import_id,
            row.at,
            row.source,
            tuple(name for name, _hash in row.files),
            row.state,
            dict(row.counts),
            row.undone_at,
        )
        for row in rows
    )


def new_ids(now: datetime) -> Iterator[str]:
    """Yield ids made at `now` that follow each other: no two of an import can be the same.

    A hundred thousand random ones of one millisecond would meet.
    """
    milliseconds = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    number = (milliseconds << 32) | secrets.randbits(31)
    while True:
        yield id_text(number)
        number += 1
