"""Which conversation a message belongs to: by our own Message-IDs and the same guardian, only.

Never by subject or Thread-Index: those merge unrelated families (LESSONS §2.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select

from gateway.store.schema import messages, outbox, threads
from gateway.store.types import new_id

MOST_REFERENCES = 30  # as many ids of one message are looked up


def find_or_begin(
    connection: Connection,
    *,
    school_id: str,
    guardian_id: str,
    class_id: str,
    references: Sequence[str],
    now: datetime,
) -> str:
    """Return the guardian's thread that `references` point into, or a new one."""
    wanted = list(references[:1]) + list(references[-MOST_REFERENCES:])
    if wanted:
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
    thread_id = new_id(now)
    connection.execute(
        insert(threads).values(
            thread_id=thread_id,
            school_id=school_id,
            guardian_id=guardian_id,
            class_id=class_id,
            began=now,
        )
    )
    return thread_id
