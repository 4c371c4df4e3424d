"""Settles a message once more, when somebody has said who wrote it: decided as of that moment.

What was decided first stays in the journal under another name. Nothing is decided here: the
message waits to be settled like any other.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from gateway.store import cases, digests, journal, spool
from gateway.store import schema as t
from rules.message import Authenticity, Inbound


def hand_on(connection: Connection, spool_id: str, now: datetime) -> bool:
    """Let a held message be settled again; False where the safeguarding lead has it by now.

    What an unproven sender wrote is never handed on, nor what went to no class, and nothing twice.
    """
    m = t.messages.c
    row = connection.execute(
        select(m.authenticity, m.handed_on, m.duplicate_of, t.classes.c.class_id)
        .outerjoin(t.classes, t.classes.c.address == m.recipient)
        .where(m.spool_id == spool_id)
    ).one()
    if row.authenticity != Authenticity.VERIFIED or row.class_id is None:
        return False
    if row.handed_on is not None or row.duplicate_of is not None:
        return False
    if cases.find(connection, spool_id) is not None:
        return False
    journal.set_aside_decision(connection, spool_id)
    digests.withdraw_held(connection, spool_id, now)
    result = connection.execute(
        update(t.messages)
        .where(m.spool_id == spool_id, m.state == "settled")
        .values(state=spool.RECEIVED, attempts=0, handed_on=now)
    )
    return bool(result.rowcount)


def as_handed_on(message: Inbound, row: Row[Any]) -> Inbound:
    """Return the message as it is decided again: proven then, and of the moment of handing on.

    Its mail host is not asked again: a signature that held may have been changed since.
    """
    if row.handed_on is None:
        return message
    envelope = replace(message.envelope, arrived=row.handed_on)
    return replace(message, envelope=envelope, authenticity=Authenticity(row.authenticity))


def again(row: Row[Any]) -> str:
    """Return what tells the rows of a second decision from those of the first."""
    return "" if row.handed_on is None else "again/"
