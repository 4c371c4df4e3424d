"""Messages that staff moved to another place: examples for the school's own topic packs.

A row refers to its message and holds no text of it: when the message goes, there is nothing
left to show. Nothing is learnt from it but by a person, with `schoolgate rules review`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, select

from gateway.store import journal
from gateway.store.once import insert_once
from gateway.store.schema import messages, staff, topic_examples

Place = Literal["office", "teacher"]


def keep(
    connection: Connection,
    *,
    school_id: str,
    spool_id: str,
    moved_to: Place,
    staff_id: str,
    now: datetime,
) -> bool:
    """Keep a message that a member of staff moved; False when it is kept already."""
    values = {
        "spool_id": spool_id,
        "moved_to": moved_to,
        "school_id": school_id,
        "staff_id": staff_id,
        "at": now,
        "labels": list(journal.found(connection, spool_id)),
    }
    return insert_once(connection, topic_examples, values)


def moved(connection: Connection) -> list[Row[Any]]:
    """Return what staff moved, oldest first, with the message and the name of who moved it."""
    e = topic_examples.c
    return list(
        connection.execute(
            select(topic_examples, staff.c.name, messages.c.arrived, messages.c.recipient)
            .join(messages, messages.c.spool_id == e.spool_id)
            .join(staff, staff.c.staff_id == e.staff_id)
            .order_by(e.at, e.spool_id, e.moved_to)
        )
    )
