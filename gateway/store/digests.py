"""What waits for whom until when, and which digest took it: membership is one database fact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from gateway.store.once import insert_once
from gateway.store.schema import digest_items, digests
from gateway.store.types import new_id


def add_item(
    connection: Connection,
    *,
    key: str,
    spool_id: str,
    staff_id: str,
    kind: str,
    reads_at: datetime,
    now: datetime,
    due: datetime | None = None,
    guardian_id: str | None = None,
    class_id: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> bool:
    """Let an item wait for its reader; False when it waits or was given already."""
    values = {
        "item_id": new_id(now),
        "key": key,
        "spool_id": spool_id,
        "staff_id": staff_id,
        "kind": kind,
        "guardian_id": guardian_id,
        "class_id": class_id,
        "reads_at": reads_at,
        "due": due,
        "detail": dict(detail or {}),
    }
    return insert_once(connection, digest_items, values)


def readers_due(connection: Connection, now: datetime) -> list[str]:
    """Return the staff who have something waiting whose time has come."""
    rows = connection.execute(
        select(digest_items.c.staff_id)
        .where(_waiting(), digest_items.c.reads_at <= now)
        .distinct()
        .order_by(digest_items.c.staff_id)
    )
    return [row.staff_id for row in rows]


def waiting_for(connection: Connection, staff_id: str, now: datetime) -> list[Row[Any]]:
    """Return what waits for one reader and is due, oldest promise first, held till the commit."""
    return list(
        connection.execute(
            select(digest_items)
            .where(_waiting(), digest_items.c.staff_id == staff_id, digest_items.c.reads_at <= now)
            .order_by(digest_items.c.due, digest_items.c.item_id)
            .with_for_update()
        )
    )


def postpone(connection: Connection, item_ids: list[str], reads_at: datetime) -> None:
    """Let items wait until another reading time: the one they had was missed."""
    connection.execute(
        update(digest_items).where(digest_items.c.item_id.in_(item_ids)).values(reads_at=reads_at)
    )


def withdraw(connection: Connection, spool_id: str, now: datetime) -> None:
    """Take a message back from readers who have not been given it yet."""
    connection.execute(
        update(digest_items)
        .where(
            digest_items.c.spool_id == spool_id,
            digest_items.c.kind == "message",
            digest_items.c.digest_id.is_(None),
        )
        .values(withdrawn=now)
    )


def hand_over(connection: Connection, item_id: str, staff_id: str, reads_at: datetime) -> None:
    """Let an item wait for another reader."""
    connection.execute(
        update(digest_items)
        .where(digest_items.c.item_id == item_id)
        .values(staff_id=staff_id, reads_at=reads_at)
    )


def withdraw_item(connection: Connection, item_id: str, now: datetime) -> None:
    """Take one item back: it waits for somebody else under another key."""
    connection.execute(
        update(digest_items).where(digest_items.c.item_id == item_id).values(withdrawn=now)
    )


def close(
    connection: Connection,
    *,
    school_id: str,
    staff_id: str,
    cut: datetime,
    item_ids: list[str],
    now: datetime,
) -> str:
    """Put the items into one new digest and return its id."""
    digest_id = new_id(now)
    connection.execute(
        insert(digests).values(
            digest_id=digest_id,
            school_id=school_id,
            staff_id=staff_id,
            cut=cut,
            entries=len(item_ids),
        )
    )
    connection.execute(
        update(digest_items)
        .where(digest_items.c.item_id.in_(item_ids), digest_items.c.digest_id.is_(None))
        .values(digest_id=digest_id)
    )
    return digest_id


def next_due(connection: Connection) -> datetime | None:
    """Return the earliest reading time for which something waits."""
    due: datetime | None = connection.execute(
        select(digest_items.c.reads_at).where(_waiting()).order_by(digest_items.c.reads_at).limit(1)
    ).scalar()
    return due


def _waiting() -> Any:
    return digest_items.c.digest_id.is_(None) & digest_items.c.withdrawn.is_(None)
