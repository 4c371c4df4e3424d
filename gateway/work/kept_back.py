"""Which answers do not leave because the parent wrote again before they were due to?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select, update

from gateway.school import School
from gateway.store import journal, outbox, promises
from gateway.store import schema as t

BETWEEN = "\n\n----\n\n"  # two answers that were both kept back
_WORDS = "answer-written"  # the journal's event


def remember_words(
    connection: Connection, school: School, key: str, item_id: str, text: str, now: datetime
) -> None:
    """Record the words of the answer that is queued under `key`, should it be kept back."""
    journal.record(
        connection,
        school_id=school.school_id,
        spool_id=item_id,
        event=_WORDS,
        key=f"{key}/words",
        at=now,
        detail={"text": text},
    )


def keep_back(
    connection: Connection,
    school: School,
    thread_id: str | None,
    newer_spool_id: str,
    now: datetime,
) -> str | None:
    """Withdraw what waits for the opening in a conversation; return what had been written.

    `newer_spool_id` is the message with which the guardian wrote again, or with which the
    conversation became the lead's. An answer that is leaving already goes, and so does one
    that was written after a digest had held the newer message.
    """
    newer = connection.execute(
        select(t.messages.c.guardian_id, t.messages.c.class_id).where(
            t.messages.c.spool_id == newer_spool_id
        )
    ).one()
    o, m = t.outbox.c, t.messages.c
    conversation: list[ColumnElement[bool]] = [m.spool_id == newer_spool_id]
    if thread_id is not None:
        conversation.append(m.thread_id == thread_id)
    if newer.guardian_id is not None:
        conversation.append(and_(m.guardian_id == newer.guardian_id, m.class_id == newer.class_id))
    waiting = connection.execute(
        select(o.key, o.spool_id, o.queued)
        .join(t.messages, m.spool_id == o.spool_id)
        .where(
            o.school_id == school.school_id,
            o.kind == "answer",
            o.state == "waiting",
            o.not_before > now,
            or_(*conversation),
        )
        .order_by(o.queued)
    ).all()
    taken = [row for row in waiting if outbox.withdraw(connection, row.key, now)]
    for row in taken:
        promises.reopen_answered(connection, row.spool_id, row.queued)
        journal.record(
            connection,
            school_id=school.school_id,
            spool_id=row.spool_id,
            event=journal.KEPT_BACK,
            key=f"{row.key}/kept-back",
            at=now,
            detail={"answer": row.key, "newer": newer_spool_id},
        )
    return BETWEEN.join(_words(connection, [row.key for row in taken])) or None


def unread_in_conversation(connection: Connection, item_id: str, staff_id: str) -> Row[Any] | None:
    """Return the newest message of the same conversation that waits for its first digest."""
    i, m = t.digest_items.c, t.messages.c
    item = connection.execute(select(t.messages).where(m.spool_id == item_id)).one()
    if item.thread_id is None:
        return None
    return connection.execute(
        select(t.digest_items)
        .join(t.messages, m.spool_id == i.spool_id)
        .where(
            m.thread_id == item.thread_id,
            m.spool_id != item_id,
            m.arrived > item.arrived,
            i.staff_id == staff_id,
            i.kind == "message",
            i.digest_id.is_(None),
            i.withdrawn.is_(None),
        )
        .order_by(m.arrived.desc())
        .limit(1)
    ).first()


def show_with(connection: Connection, item: Row[Any], text: str) -> None:
    """Let the digest that will hold `item` show an answer that did not leave."""
    before = item.detail.get("kept_back")
    words = BETWEEN.join(one for one in (before, text) if one)
    connection.execute(
        update(t.digest_items)
        .where(t.digest_items.c.item_id == item.item_id)
        .values(detail={**item.detail, "kept_back": words})
    )


def _words(connection: Connection, keys: Sequence[str]) -> list[str]:
    j = t.journal.c
    rows = connection.execute(
        select(j.detail)
        .where(j.event == _WORDS, j.key.in_([f"{key}/words" for key in keys]))
        .order_by(j.entry)
    )
    return [str(row.detail["text"]) for row in rows]
