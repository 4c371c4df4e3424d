"""Which rows wait for an instant that a wrong clock may have set, and how are they called back?

A row that was written, or tried, while the clock was a day ahead would sleep for that day once
the clock is right again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, select, update

from gateway.store.schema import attempts, digest_items, outbox, safeguarding_cases


def call_back_mail(connection: Connection, now: datetime) -> int:
    """Let no mail wait longer than the right clock would have it; return how many rows moved.

    What is bound to a teacher's windows is due at once: they are asked again before it is
    sent. So is what was tried in the future. What was queued in the future is due at once too,
    unless it was meant to wait (an answer, for the next opening): then it waits as long as it
    was meant to, from now.
    """
    o = outbox.c
    waiting = (o.state == "waiting") & (o.not_before > now)
    moved = connection.execute(
        update(outbox)
        .where(waiting, o.attempts == 0, o.hours_of.is_not(None))
        .values(not_before=now)
    ).rowcount
    tried_ahead = exists().where(attempts.c.outbox_id == o.outbox_id, attempts.c.at > now)
    moved += connection.execute(
        update(outbox).where(waiting, o.attempts > 0, tried_ahead).values(not_before=now)
    ).rowcount
    ahead = connection.execute(
        select(o.outbox_id, o.queued, o.not_before).where(
            waiting, o.attempts == 0, o.hours_of.is_(None), o.queued > now
        )
    ).all()
    for row in ahead:
        connection.execute(
            update(outbox)
            .where(o.outbox_id == row.outbox_id)
            .values(not_before=now + (row.not_before - row.queued))
        )
    return moved + len(ahead)


def items_ahead(connection: Connection, now: datetime) -> list[Row[Any]]:
    """Return what waits for a reading time in the future, for whom, and since when."""
    i = digest_items.c
    return list(
        connection.execute(
            select(i.item_id, i.staff_id, i.kind, i.reads_at).where(
                i.digest_id.is_(None), i.withdrawn.is_(None), i.reads_at > now
            )
        )
    )


def cases_ahead(connection: Connection, now: datetime) -> list[Row[Any]]:
    """Return the open cases of which more people are to be told in the future."""
    c = safeguarding_cases.c
    return list(
        connection.execute(
            select(safeguarding_cases).where(c.state == "open", c.tell_next_at > now)
        )
    )
