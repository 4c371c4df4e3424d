"""The safeguarding register: append-only, each row carrying the hash of the one before.

A changed, swapped or missing row breaks the chain from there on. The text of a
message is not in it: only its id, so a lawful erasure leaves the chain valid.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from gateway.store.schema import messages, register, schools

FIRST = "0" * 64


def append(
    connection: Connection,
    *,
    school_id: str,
    event: str,
    spool_id: str,
    at: datetime,
    staff_id: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> int:
    """Add one row and return its number. Call inside the transaction of the thing it records."""
    # On PostgreSQL two writers would both read the same last row: the school's row is their turn.
    connection.execute(
        select(schools.c.school_id).where(schools.c.school_id == school_id).with_for_update()
    )
    last = connection.execute(
        select(register.c.number, register.c.hash)
        .where(register.c.school_id == school_id)
        .order_by(register.c.number.desc())
        .limit(1)
    ).first()
    number = last.number + 1 if last else 1
    row = {
        "number": number,
        "school_id": school_id,
        "at": at,
        "event": event,
        "spool_id": spool_id,
        "staff_id": staff_id,
        "detail": dict(detail or {}),
        "previous_hash": last.hash if last else FIRST,
    }
    connection.execute(insert(register).values(**row, hash=_hash(row)))
    return number


def reports_about(
    connection: Connection, guardian_id: str, besides: str
) -> list[tuple[datetime, str | None]]:
    """Return when, and by whom, other messages of this guardian were reported."""
    rows = connection.execute(
        select(register.c.at, register.c.staff_id)
        .join(messages, messages.c.spool_id == register.c.spool_id)
        .where(
            messages.c.guardian_id == guardian_id,
            register.c.event == "report",
            register.c.spool_id != besides,
        )
        .order_by(register.c.number)
    )
    return [(row.at, row.staff_id) for row in rows]


def verify(connection: Connection, school_id: str) -> list[int]:
    """Return the numbers of the rows at which the chain is broken; none when it is whole."""
    broken: list[int] = []
    previous, expected = FIRST, 1
    for row in connection.execute(
        select(register).where(register.c.school_id == school_id).order_by(register.c.number)
    ):
        values = dict(row._mapping)
        found = values.pop("hash")
        if (
            values["number"] != expected
            or values["previous_hash"] != previous
            or found != _hash(values)
        ):
            broken.append(row.number)
        previous, expected = found, row.number + 1
    return broken


def _hash(row: Mapping[str, Any]) -> str:
    canonical = {**row, "at": row["at"].isoformat(timespec="microseconds")}
    text = json.dumps(canonical, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
