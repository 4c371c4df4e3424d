"""What is to be sent, who holds it just now, and what is next: the outbox's own rows.

A row is written in the transaction that decided it, with its octets and its
Message-ID fixed. Whoever sends it holds a lease; a lease that runs out is taken
again, so a sender may die anywhere. `store/attempts.py` says what came of it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from gateway.store.once import insert_once
from gateway.store.schema import outbox
from gateway.store.types import new_id

WITH_A_CODE = "invite"  # the kind of the mails that bring an invite code, kept nowhere else


class Priority(IntEnum):
    """Who goes first; of equals, whoever has been due for longer."""

    SAFEGUARDING = 0
    OFFICE = 1
    NOTICE = 2
    ANSWER = 2
    DIGEST = 3


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one recipient, complete: what is sent is exactly `octets`."""

    key: str  # unique: the same step run again adds nothing
    school_id: str
    kind: str
    priority: Priority
    recipient: str
    reverse_path: str | None  # None is the null reverse-path
    message_id: str  # as in `octets`, angle brackets and all
    octets: bytes
    not_before: datetime
    spool_id: str | None = None
    guardian_id: str | None = None  # asked again when sending: may this guardian still receive?
    hours_of: str | None = None  # a staff id: sent only inside this teacher's windows


@dataclass(frozen=True, slots=True)
class Leased:
    """A row in a sender's hands until `leased_until`."""

    outbox_id: str
    school_id: str
    key: str
    kind: str
    priority: int
    recipient: str
    reverse_path: str | None
    message_id: str
    octets: bytes
    spool_id: str | None
    guardian_id: str | None
    hours_of: str | None
    queued: datetime
    not_before: datetime
    attempts: int  # made before this one
    leased_until: datetime


LEASED_COLUMNS = [outbox.c[name] for name in Leased.__slots__]

# When each priority has something, in one look: every value is the first entry of a range of
# the index, so an alert is found at once behind any number of digests, due or not.
_EARLIEST = select(
    select(func.min(outbox.c.leased_until))
    .where(outbox.c.state == "leased")
    .scalar_subquery()
    .label("leased"),
    *(
        select(func.min(outbox.c.not_before))
        .where(outbox.c.state == "waiting", outbox.c.priority == int(priority))
        .scalar_subquery()
        .label(priority.name)
        for priority in Priority
    ),
)
_RECLAIM = (
    update(outbox)
    .where(outbox.c.state == "leased", outbox.c.leased_until <= bindparam("now"))
    .values(state="waiting", leased_until=None)
)
# SQLite ignores the lock: there, a transaction that writes is alone anyway.
_FOUND = (
    select(outbox.c.outbox_id)
    .where(
        outbox.c.state == "waiting",
        outbox.c.priority == bindparam("wanted"),
        outbox.c.not_before <= bindparam("now"),
    )
    .order_by(outbox.c.not_before)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("found")
)
_TAKE = (
    update(outbox)
    .where(outbox.c.outbox_id.in_(select(_FOUND.c.outbox_id)))
    .values(state="leased", leased_until=bindparam("until"))
    .returning(*LEASED_COLUMNS)
)


def add(connection: Connection, outgoing: Outgoing, now: datetime) -> str | None:
    """Queue a message and return its outbox id; None when its key is queued already."""
    outbox_id = new_id(now)
    values: dict[str, Any] = asdict(outgoing) | {
        "outbox_id": outbox_id,
        "priority": int(Priority(outgoing.priority)),
        "state": "waiting",
        "queued": now,
        "attempts": 0,
    }
    return outbox_id if insert_once(connection, outbox, values) else None


def lease(
    connection: Connection, now: datetime, lease_seconds: float, limit: int
) -> tuple[Leased, ...]:
    """Take up to `limit` due rows for `lease_seconds`, the most urgent first.

    Rows that another sender is taking at this moment are passed over.
    """
    earliest = connection.execute(_EARLIEST).one()
    if earliest.leased is not None and earliest.leased <= now:
        connection.execute(_RECLAIM, {"now": now})
        earliest = connection.execute(_EARLIEST).one()
    until = now + timedelta(seconds=lease_seconds)
    taken: list[Leased] = []
    for priority in Priority:
        first = earliest._mapping[priority.name]
        if first is None or first > now or len(taken) >= limit:
            continue
        values = {"now": now, "wanted": int(priority), "until": until, "most": limit - len(taken)}
        rows = [row_as_leased(row) for row in connection.execute(_TAKE, values)]
        taken += sorted(rows, key=lambda row: (row.not_before, row.outbox_id))
    return tuple(taken)


def postpone(connection: Connection, outbox_id: str, until: datetime) -> None:
    """Let an unfinished row wait until `until`; no attempt is counted."""
    connection.execute(
        update(outbox)
        .where(outbox.c.outbox_id == outbox_id, outbox.c.state.in_(("waiting", "leased")))
        .values(state="waiting", not_before=until, leased_until=None)
    )


def release(connection: Connection, leased: Leased) -> None:
    """Give a row back untried, as due as it was."""
    connection.execute(
        update(outbox)
        .where(
            outbox.c.outbox_id == leased.outbox_id,
            outbox.c.state == "leased",
            outbox.c.leased_until == leased.leased_until,
        )
        .values(state="waiting", leased_until=None)
    )


def withdraw(connection: Connection, key: str, now: datetime) -> bool:
    """Take back a row that nobody holds; False when it is leased, finished or unknown."""
    result = connection.execute(
        update(outbox)
        .where(outbox.c.key == key, outbox.c.state == "waiting")
        .values(state="withdrawn", finished=now)
    )
    return result.rowcount == 1


def counts(connection: Connection, school_id: str | None = None) -> dict[str, int]:
    """Return how many rows are in each state, of one school or of all."""
    query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    if school_id is not None:
        query = query.where(outbox.c.school_id == school_id)
    return {row[0]: row[1] for row in connection.execute(query)}


def next_due(connection: Connection) -> datetime | None:
    """Return the earliest instant at which a row may be taken; None when none waits."""
    found = connection.execute(_EARLIEST).one()
    return min((instant for instant in found if instant is not None), default=None)


def row_as_leased(row: Row[Any]) -> Leased:
    """Return a row of LEASED_COLUMNS as a value."""
    return Leased(**row._mapping)
