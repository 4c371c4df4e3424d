"""What was decided and why: one entry for each thing that happened to a message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from gateway.store.once import insert_once
from gateway.store.schema import journal

FIRST_DECIDED = "decided-first"  # the event: what held until it was decided again
KEPT_BACK = "answer-kept-back"  # the event: an answer that waited did not leave


def record(
    connection: Connection,
    *,
    school_id: str,
    spool_id: str | None,
    event: str,
    at: datetime,
    detail: Mapping[str, Any],
    key: str | None = None,
    policy_version: str | None = None,
) -> bool:
    """Add an entry; False when `key` (default: message and event) is in the journal already."""
    values = {
        "school_id": school_id,
        "spool_id": spool_id,
        "key": key or f"{spool_id}/{event}",
        "at": at,
        "event": event,
        "policy_version": policy_version,
        "detail": dict(detail),
    }
    return insert_once(connection, journal, values)


def set_aside_decision(connection: Connection, spool_id: str) -> None:
    """Keep what was decided as what held at first: the message is about to be decided again."""
    connection.execute(
        update(journal)
        .where(journal.c.spool_id == spool_id, journal.c.event == "decided")
        .values(event=FIRST_DECIDED, key=f"{spool_id}/{FIRST_DECIDED}")
    )


def labels(connection: Connection, spool_id: str) -> tuple[str, ...]:
    """Return what a message was decided to be about."""
    detail = connection.execute(
        select(journal.c.detail).where(journal.c.spool_id == spool_id, journal.c.event == "decided")
    ).scalar()
    return tuple(detail["labels"]) if detail else ()


def found(connection: Connection, spool_id: str) -> tuple[str, ...]:
    """Return what a message was decided to be about, and what it was perhaps."""
    detail = connection.execute(
        select(journal.c.detail).where(journal.c.spool_id == spool_id, journal.c.event == "decided")
    ).scalar()
    if not detail:
        return ()
    return (*detail["labels"], *(f"perhaps {one}" for one in detail.get("perhaps", ())))


def entries(connection: Connection, spool_id: str) -> list[dict[str, Any]]:
    """Return everything recorded about one message, oldest first."""
    rows = connection.execute(
        select(journal).where(journal.c.spool_id == spool_id).order_by(journal.c.entry)
    )
    return [dict(row._mapping) for row in rows]
