"""Which conversation a message belongs to: by our own Message-IDs, or by an open question.

Always of one guardian and one class. A subject alone merges unrelated families (LESSONS §2.4);
here it only tells a chaser of somebody who waits for an answer from a new question of theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, exists, insert, select

from gateway.store.schema import messages, outbox, promises, threads
from gateway.store.types import new_id
from rules.subjects import base_subject

MOST_REFERENCES = 30  # as many ids of one message are looked up
ASKED_AGAIN_WITHIN = timedelta(days=14)


def find_or_begin(
    connection: Connection,
    *,
    school_id: str,
    guardian_id: str,
    class_id: str,
    references: Sequence[str],
    subject: str,
    now: datetime,
) -> str:
    """Return the thread that a message continues, or a new one.

    That is the guardian's thread which `references` point into, else the one that asks under
    the same subject, for at most 14 days, and whose answer has not left yet.
    """
    asked = base_subject(subject)
    found = _referred_to(connection, guardian_id, class_id, references)
    if found is None and asked:
        found = _unanswered(connection, guardian_id, class_id, asked, now)
    if found is not None:
        return found
    thread_id = new_id(now)
    connection.execute(
        insert(threads).values(
            thread_id=thread_id,
            school_id=school_id,
            guardian_id=guardian_id,
            class_id=class_id,
            began=now,
            subject=asked or None,
        )
    )
    return thread_id


def _referred_to(
    connection: Connection, guardian_id: str, class_id: str, references: Sequence[str]
) -> str | None:
    wanted = list(references[:1]) + list(references[-MOST_REFERENCES:])
    if not wanted:
        return None
    ours = (
        select(messages.c.thread_id)
        .join(outbox, outbox.c.spool_id == messages.c.spool_id)
        .where(outbox.c.message_id.in_(wanted), messages.c.guardian_id == guardian_id)
    )
    theirs = select(messages.c.thread_id).where(
        messages.c.message_id.in_(wanted), messages.c.guardian_id == guardian_id
    )
    for query in (ours, theirs):
        found = connection.execute(
            query.join(threads, threads.c.thread_id == messages.c.thread_id)
            .where(threads.c.class_id == class_id)
            .limit(1)
        ).scalar()
        if found:
            return str(found)
    return None


def _unanswered(
    connection: Connection, guardian_id: str, class_id: str, asked: str, now: datetime
) -> str | None:
    found = connection.execute(
        select(threads.c.thread_id)
        .join(promises, promises.c.thread_id == threads.c.thread_id)
        .where(
            promises.c.guardian_id == guardian_id,
            promises.c.kept.is_(None) | _answer_waits(now),
            promises.c.made > now - ASKED_AGAIN_WITHIN,
            threads.c.guardian_id == guardian_id,
            threads.c.class_id == class_id,
            threads.c.subject == asked,
        )
        .order_by(promises.c.made.desc())
        .limit(1)
    ).scalar()
    return str(found) if found else None


def _answer_waits(now: datetime) -> ColumnElement[bool]:
    """Whether the thread's answer is written and has not left: then it is held back."""
    return (
        exists()
        .where(messages.c.thread_id == threads.c.thread_id)
        .where(outbox.c.spool_id == messages.c.spool_id, outbox.c.kind == "answer")
        .where(outbox.c.state == "waiting", outbox.c.not_before > now)
    )


def threads_of(connection: Connection, spool_ids: Sequence[str]) -> dict[str, str]:
    """Return the thread of each message; one that has none stands for itself."""
    rows = connection.execute(
        select(messages.c.spool_id, messages.c.thread_id).where(
            messages.c.spool_id.in_(list(spool_ids))
        )
    )
    return {row.spool_id: row.thread_id or row.spool_id for row in rows}


def thread_of(connection: Connection, spool_id: str) -> str | None:
    """Return the thread of a message, if it has one."""
    found: str | None = connection.execute(
        select(messages.c.thread_id).where(messages.c.spool_id == spool_id)
    ).scalar()
    return found


def arrived(connection: Connection, spool_id: str) -> datetime | None:
    """Return when a message arrived: aware, UTC."""
    found: datetime | None = connection.execute(
        select(messages.c.arrived).where(messages.c.spool_id == spool_id)
    ).scalar()
    return found
