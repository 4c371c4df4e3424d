"""What was promised about each message, whether it was kept, and who was told that it was not.

`reads_at`, `due` and `limit` are written once and never changed: a change of the calendar is
shown beside them (`moved_to`, `moved_due`), not instead of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, false, func, select, update

from gateway.store.once import insert_once
from gateway.store.schema import digest_items, messages, outbox, promises

HowKept = Literal["answered", "done", "passed", "senior"]
# What is put before people because a promise is late; it goes when the promise is kept.
REMINDERS = ("overdue", "late")
ACKNOWLEDGE = "acknowledge/"  # the key of a reminder to say "I have it", not yet of an answer


def make(
    connection: Connection,
    *,
    spool_id: str,
    school_id: str,
    guardian_id: str,
    class_id: str,
    staff_id: str,
    thread_id: str | None,
    made: datetime,
    reads_at: datetime,
    due: datetime,
    limit: datetime,
    breach: bool = False,
    acknowledge_by: datetime | None = None,
) -> bool:
    """Record the promise about one message; False when it has one, which stays as it was.

    One that ended because the safeguarding lead had the message holds again: it was released.
    """
    values = {
        "spool_id": spool_id,
        "school_id": school_id,
        "guardian_id": guardian_id,
        "class_id": class_id,
        "staff_id": staff_id,
        "thread_id": thread_id,
        "made": made,
        "reads_at": reads_at,
        "acknowledge_by": acknowledge_by,
        "due": due,
        "limit": limit,
        "breach": breach,
    }
    if insert_once(connection, promises, values):
        return True
    reopen(connection, spool_id, ended_by="senior")
    return False


def find(connection: Connection, spool_id: str) -> Row[Any] | None:
    """Return the promise about one message."""
    return connection.execute(select(promises).where(promises.c.spool_id == spool_id)).first()


def held(connection: Connection, spool_id: str) -> Row[Any] | None:
    """Return the promise about one message, which nobody else changes until the commit."""
    query = select(promises).where(promises.c.spool_id == spool_id).with_for_update()
    return connection.execute(query).first()


def open_in_thread(connection: Connection, thread_id: str) -> list[Row[Any]]:
    """Return the thread's promises that were not kept yet, oldest first."""
    return list(
        connection.execute(
            select(promises)
            .where(promises.c.thread_id == thread_id, promises.c.kept.is_(None))
            .order_by(promises.c.due, promises.c.spool_id)
        )
    )


def given(connection: Connection, spool_ids: Collection[str], now: datetime) -> None:
    """Record that a digest made at `now` holds these messages, once for each.

    What is given only after its time stands in the digest as late: its reader knows. Where the
    guardian was told of a later time, that one counts.
    """
    mine = promises.c.spool_id.in_(list(spool_ids)) & promises.c.given.is_(None)
    connection.execute(
        update(promises)
        .where(
            mine,
            promises.c.due < now,
            promises.c.moved_due.is_(None),
            promises.c.reader_told.is_(None),
        )
        .values(reader_told=now)
    )
    connection.execute(update(promises).where(mine).values(given=now))


def reader_told(connection: Connection, spool_ids: Collection[str], now: datetime) -> None:
    """Record that a digest made at `now` tells the reader that these are late."""
    connection.execute(
        update(promises)
        .where(promises.c.spool_id.in_(list(spool_ids)), promises.c.reader_told.is_(None))
        .values(reader_told=now)
    )


def office_told(connection: Connection, spool_ids: Collection[str], now: datetime) -> None:
    """Record that a list made at `now` tells the office that these are late."""
    connection.execute(
        update(promises)
        .where(promises.c.spool_id.in_(list(spool_ids)), promises.c.office_told.is_(None))
        .values(office_told=now)
    )


def keep(
    connection: Connection,
    *,
    how: HowKept,
    now: datetime,
    spool_ids: Sequence[str] = (),
    thread_id: str | None = None,
    waiting_too: bool = False,
) -> list[str]:
    """Record that promises were kept, and take back what would call them late.

    Those of `spool_ids` and of the thread that a digest has held: what the reader has not
    seen cannot have been answered. `waiting_too` takes the others as well. Returns whose
    promises ended: the spool ids.
    """
    ours: ColumnElement[bool] = promises.c.spool_id.in_(list(spool_ids)) if spool_ids else false()
    if thread_id is not None:
        ours = ours | (promises.c.thread_id == thread_id)
    if not waiting_too:
        ours = ours & promises.c.given.is_not(None)
    ended = list(
        connection.execute(
            select(promises.c.spool_id)
            .where(ours, promises.c.kept.is_(None))
            .order_by(promises.c.spool_id)
            .with_for_update()
        ).scalars()
    )
    if ended:
        connection.execute(
            update(promises).where(promises.c.spool_id.in_(ended)).values(kept=now, kept_how=how)
        )
        _reminders_of(connection, ended, withdrawn=now)
    return ended


def keep_about(connection: Connection, spool_id: str, how: HowKept, now: datetime) -> list[str]:
    """Record what `keep` does for one message and the rest of its thread."""
    thread = connection.execute(
        select(messages.c.thread_id).where(messages.c.spool_id == spool_id)
    ).scalar()
    return keep(connection, how=how, now=now, spool_ids=[spool_id], thread_id=thread)


def reopen_answered(connection: Connection, spool_id: str, queued: datetime) -> None:
    """Let the promises hold again that an answer about a message kept, when it does not arrive.

    `queued` is when the answer was: the promises that it kept have the same instant. Where a
    later answer about the same message stands, that one has kept them.
    """
    thread = select(messages.c.thread_id).where(messages.c.spool_id == spool_id).scalar_subquery()
    ended = connection.execute(
        select(promises.c.spool_id).where(
            (promises.c.spool_id == spool_id) | (promises.c.thread_id == thread),
            promises.c.kept == queued,
            promises.c.kept_how == "answered",
        )
    ).scalars()
    later = connection.execute(
        select(func.min(outbox.c.queued)).where(
            outbox.c.spool_id == spool_id,
            outbox.c.kind == "answer",
            outbox.c.queued > queued,
            outbox.c.state.in_(("waiting", "leased", "sent")),
        )
    ).scalar()
    for one in list(ended):
        if later is None:
            reopen(connection, one, ended_by="answered")
        else:
            connection.execute(
                update(promises).where(promises.c.spool_id == one).values(kept=later)
            )


def not_given(connection: Connection, spool_ids: Collection[str], made: datetime) -> None:
    """Take back what `given` and `reader_told` recorded for a digest made at `made`."""
    mine = promises.c.spool_id.in_(list(spool_ids))
    connection.execute(update(promises).where(mine, promises.c.given == made).values(given=None))
    connection.execute(
        update(promises).where(mine, promises.c.reader_told == made).values(reader_told=None)
    )


def reopen(connection: Connection, spool_id: str, *, ended_by: HowKept) -> bool:
    """Let a promise hold again that ended so: an answer was kept back, a message released."""
    result = connection.execute(
        update(promises)
        .where(promises.c.spool_id == spool_id, promises.c.kept_how == ended_by)
        .values(kept=None, kept_how=None)
    )
    if result.rowcount:
        _reminders_of(connection, [spool_id], withdrawn=None)
    return bool(result.rowcount)


def moved(
    connection: Connection, spool_id: str, due: datetime, reads_at: datetime | None = None
) -> None:
    """Record of which new times the guardian was told; `reads_at` None: that one stays."""
    values = {"moved_due": due} if reads_at is None else {"moved_due": due, "moved_to": reads_at}
    connection.execute(update(promises).where(promises.c.spool_id == spool_id).values(values))


def due_told(promise: Row[Any]) -> datetime:
    """Return by when the guardian was last told that it is answered."""
    due: datetime = promise.due
    return max(due, promise.moved_due) if promise.moved_due else due


def open_after(connection: Connection, school_id: str, now: datetime) -> list[Row[Any]]:
    """Return the promises whose answer is neither given nor late, oldest first."""
    p = promises.c
    return list(
        connection.execute(
            select(promises, messages.c.arrived)
            .join(messages, messages.c.spool_id == p.spool_id)
            .where(
                p.school_id == school_id,
                p.kept.is_(None),
                p.office_told.is_(None),
                (p.due > now) | (p.moved_due > now),
            )
            .order_by(p.due, p.spool_id)
        )
    )


def _reminders_of(
    connection: Connection, spool_ids: Collection[str], withdrawn: datetime | None
) -> None:
    connection.execute(
        update(digest_items)
        .where(
            digest_items.c.spool_id.in_(list(spool_ids)),
            digest_items.c.kind.in_(REMINDERS),
            digest_items.c.digest_id.is_(None),
        )
        .values(withdrawn=withdrawn)
    )
