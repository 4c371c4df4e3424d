"""Which answers do not leave, or do not arrive; and what had been written in them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

from gateway.school import School
from gateway.store import digests, journal, outbox, promises
from gateway.store import schema as t
from rules.effects import RelayAnswer
from rules.instruction import Action

BETWEEN = "\n\n----\n\n"  # two answers that were both kept back
_WORDS = "answer-written"  # the journal's event


@dataclass(frozen=True, slots=True)
class Written:
    """An answer as it was queued: its words, who wrote it, and in which voice."""

    text: str
    staff_id: str | None = None
    action: str = ""


def remember_words(
    connection: Connection,
    school: School,
    key: str,
    effect: RelayAnswer,
    text: str,
    now: datetime,
) -> None:
    """Record the words of the answer that is queued under `key`, should it not reach the parent."""
    journal.record(
        connection,
        school_id=school.school_id,
        spool_id=effect.item_id,
        event=_WORDS,
        key=f"{key}/words",
        at=now,
        detail={"text": text, "staff_id": effect.staff_id, "action": str(effect.action)},
    )


def written(connection: Connection, keys: Sequence[str]) -> list[Written]:
    """Return what was queued under `keys`, in the order in which it was written."""
    j = t.journal.c
    rows = connection.execute(
        select(j.detail)
        .where(j.event == _WORDS, j.key.in_([f"{key}/words" for key in keys]))
        .order_by(j.entry)
    )
    return [
        Written(str(d["text"]), d.get("staff_id"), str(d.get("action", ""))) for d in rows.scalars()
    ]


def words_of(connection: Connection, keys: Sequence[str]) -> str:
    """Return the words of the answers queued under `keys`, as one text.

    Without those of the safeguarding lead, which are for nobody else.
    """
    return BETWEEN.join(
        one.text for one in written(connection, keys) if one.action != Action.LEAD_ANSWER
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
    return words_of(connection, [row.key for row in taken]) or None


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
    digests.describe(connection, item.item_id, {**item.detail, "kept_back": words})
