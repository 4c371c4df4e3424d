"""What waits for whom until when, and which digest took it: membership is one database fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from gateway.store.once import insert_once
from gateway.store.schema import digest_items, digests
from gateway.store.threads import threads_of
from gateway.store.types import new_id

# What a teacher reads in full: a message, one that is late, one that was put off.
SHOWN_KINDS = ("message", "overdue", "snoozed")
OFFICE_KINDS = ("queue", "list", "late")

_WAITING = digest_items.c.digest_id.is_(None) & digest_items.c.withdrawn.is_(None)
# Asked in every round, so written once: writing a statement takes longer than running it.
_READERS_DUE = (
    select(digest_items.c.staff_id)
    .where(_WAITING, digest_items.c.reads_at <= bindparam("now"))
    .distinct()
    .order_by(digest_items.c.staff_id)
)
_NEXT_DUE = select(func.min(digest_items.c.reads_at)).where(_WAITING)


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
    return [row.staff_id for row in connection.execute(_READERS_DUE, {"now": now})]


def waiting_for(connection: Connection, staff_id: str, now: datetime) -> list[Row[Any]]:
    """Return what waits for one reader and is due, oldest promise first, held till the commit."""
    return list(
        connection.execute(
            select(digest_items)
            .where(_WAITING, digest_items.c.staff_id == staff_id, digest_items.c.reads_at <= now)
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
            digest_items.c.kind.in_(SHOWN_KINDS),
            digest_items.c.digest_id.is_(None),
        )
        .values(withdrawn=now)
    )


def withdraw_held(connection: Connection, spool_id: str, now: datetime) -> None:
    """Take a held message off the lists that have not gone out: it is decided again."""
    connection.execute(
        update(digest_items)
        .where(
            digest_items.c.spool_id == spool_id,
            digest_items.c.kind.in_(("queue", "list")),
            digest_items.c.key.like("%/queue"),  # a doubt for the lead stays
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


def describe(connection: Connection, item_id: str, detail: Mapping[str, Any]) -> None:
    """Write again what an item shows beside its message."""
    connection.execute(
        update(digest_items).where(digest_items.c.item_id == item_id).values(detail=dict(detail))
    )


def reopen(connection: Connection, digest_id: str) -> list[Row[Any]]:
    """Let the items of a digest wait again, as if it had not been made; return them."""
    mine = digest_items.c.digest_id == digest_id
    rows = list(
        connection.execute(
            select(digest_items).where(mine).order_by(digest_items.c.item_id).with_for_update()
        )
    )
    connection.execute(update(digest_items).where(mine).values(digest_id=None))
    return rows


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


def was_made(connection: Connection, staff_id: str, cut: datetime) -> bool:
    """Return whether this reader had a digest for this cut."""
    query = select(digests.c.digest_id).where(digests.c.staff_id == staff_id, digests.c.cut == cut)
    return connection.execute(query).first() is not None


def instant_of_list(connection: Connection, staff_id: str, now: datetime) -> datetime:
    """Return what stands as the cut of a list for the office, which is made at any time.

    Never a cut of the same person's own digests: those are whole minutes.
    """
    instant = now if now.microsecond else now + timedelta(microseconds=1)
    while was_made(connection, staff_id, instant):
        instant += timedelta(microseconds=1)
    return instant


def entry_with(connection: Connection, spool_id: str, staff_id: str) -> list[str]:
    """Return the messages that stood as one entry with `spool_id` in its reader's last digest.

    Oldest first, and `spool_id` among them, even where no digest held it.
    """
    i = digest_items.c
    last = connection.execute(
        select(i.digest_id)
        .where(i.spool_id == spool_id, i.staff_id == staff_id, i.kind.in_(SHOWN_KINDS))
        .where(i.digest_id.is_not(None))
        .order_by(i.digest_id.desc())
        .limit(1)
    ).scalar()
    if last is None:
        return [spool_id]
    beside = connection.execute(
        select(i.spool_id).where(i.digest_id == last, i.kind.in_(SHOWN_KINDS)).distinct()
    ).scalars()
    thread_of = threads_of(connection, [*beside, spool_id])
    return sorted(one for one, thread in thread_of.items() if thread == thread_of[spool_id])


def snooze(
    connection: Connection,
    *,
    key: str,
    spool_ids: Sequence[str],
    staff_id: str,
    reads_at: datetime,
    now: datetime,
) -> None:
    """Let messages wait to be shown again; the last word about a message holds."""
    i = digest_items.c
    connection.execute(
        update(digest_items)
        .where(i.spool_id.in_(list(spool_ids)), i.staff_id == staff_id, i.kind == "snoozed")
        .where(i.digest_id.is_(None), i.withdrawn.is_(None))
        .values(withdrawn=now)
    )
    given = connection.execute(
        select(digest_items)
        .where(i.spool_id.in_(list(spool_ids)), i.staff_id == staff_id)
        .where(i.kind.in_(SHOWN_KINDS), i.digest_id.is_not(None))
        .order_by(i.item_id)
    ).all()
    first = {row.spool_id: row for row in reversed(given)}  # a note stands in the first
    for spool_id, row in sorted(first.items()):
        add_item(
            connection,
            key=f"{key}/{spool_id}",
            spool_id=spool_id,
            staff_id=staff_id,
            kind="snoozed",
            reads_at=reads_at,
            due=row.due,
            guardian_id=row.guardian_id,
            class_id=row.class_id,
            detail={**row.detail, "asked": now.isoformat()},
            now=now,
        )


def next_due(connection: Connection) -> datetime | None:
    """Return the earliest reading time for which something waits."""
    due: datetime | None = connection.execute(_NEXT_DUE).scalar()
    return due
