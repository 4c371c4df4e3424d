"""Keeps what came in: the octets as received, and one row for each recipient of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select

from gateway.store.schema import messages, raw_messages
from gateway.store.types import new_id

RECEIVED = "received"
ANY_SIZE = range(2**31 - 1)  # the column holds no larger number
LARGE_BYTES = 1_000_000

# Asked in every round, so written once: writing a statement takes longer than running it.
_OCTETS = (
    select(raw_messages.c.octets)
    .join(messages, messages.c.raw_id == raw_messages.c.raw_id)
    .where(messages.c.spool_id == bindparam("spool_id"))
)
_NEXT = (
    select(messages.c.spool_id)
    .where(
        messages.c.state == RECEIVED,
        messages.c.size_bytes >= bindparam("least"),
        messages.c.size_bytes < bindparam("below"),
    )
    .order_by(messages.c.attempts, messages.c.spool_id)
    .limit(bindparam("most"))
)
_OLDEST = select(func.min(messages.c.arrived)).where(messages.c.state == RECEIVED)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message as it reached us, before anything has looked into it.

    `octets` are kept unchanged (dots unstuffed, RFC 5321 §4.5.2); trace facts
    stay beside them in the row. `reverse_path` is None when null (`<>`).
    `recipients` are (recipient, school_id), each becoming a message of its own.
    `arrived` is aware.
    """

    octets: bytes
    reverse_path: str | None
    recipients: tuple[tuple[str, str], ...]
    transport: str
    peer: str | None
    helo: str | None
    tls: bool
    arrived: datetime


def write_arrivals(
    connection: Connection, arrivals: Sequence[Arrival]
) -> tuple[tuple[str, ...], ...]:
    """Add `arrivals` and return, for each of them, the spool ids in the order of its recipients."""
    raw_rows: list[dict[str, object]] = []
    message_rows: list[dict[str, object]] = []
    spool_ids: list[tuple[str, ...]] = []
    for arrival in arrivals:
        raw_id = new_id(arrival.arrived)
        raw_rows.append({"raw_id": raw_id, "octets": arrival.octets})
        own_ids = tuple(new_id(arrival.arrived) for _ in arrival.recipients)
        spool_ids.append(own_ids)
        for spool_id, (recipient, school_id) in zip(own_ids, arrival.recipients, strict=True):
            message_rows.append(
                {
                    "spool_id": spool_id,
                    "raw_id": raw_id,
                    "school_id": school_id,
                    "arrived": arrival.arrived,
                    "reverse_path": arrival.reverse_path,
                    "recipient": recipient,
                    "transport": arrival.transport,
                    "peer": arrival.peer,
                    "helo": arrival.helo,
                    "tls": arrival.tls,
                    "size_bytes": len(arrival.octets),
                    "state": RECEIVED,
                    "attempts": 0,
                }
            )
    if not message_rows:
        return tuple(spool_ids)
    connection.execute(insert(raw_messages), raw_rows)
    connection.execute(insert(messages), message_rows)
    if connection.dialect.name == "sqlite" and len(arrivals[-1].octets) > LARGE_BYTES:
        # A cached statement holds the last octets it was given until it is used
        # again; closing the connection afterwards is the way to let go of them.
        connection.detach()
    return tuple(spool_ids)


def read_raw(connection: Connection, spool_id: str) -> bytes:
    """Return the octets of a message exactly as they were received.

    Raises:
        sqlalchemy.exc.NoResultFound: there is no such message.
    """
    octets: bytes = connection.execute(_OCTETS, {"spool_id": spool_id}).scalar_one()
    return octets


def next_received(connection: Connection, limit: int, sizes: range = ANY_SIZE) -> list[str]:
    """Return at most `limit` spool ids that wait to be settled: untried first, then oldest.

    So however many messages cannot be settled, none of them stands before a new one.
    `sizes`, in octets, leaves out shorter and longer ones.
    """
    values = {"least": sizes.start, "below": sizes.stop, "most": limit}
    return list(connection.execute(_NEXT, values).scalars())


def oldest_received(connection: Connection) -> datetime | None:
    """Return when the oldest message arrived that waits to be settled."""
    oldest: datetime | None = connection.execute(_OLDEST).scalar()
    return oldest
