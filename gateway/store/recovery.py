"""What a program takes over from the one that died before it."""

from __future__ import annotations

from sqlalchemy import Connection, update

from gateway.store.schema import outbox


def take_back_leases(connection: Connection) -> int:
    """Put every leased row back among the waiting; return how many there were.

    Only for a program that knows nobody else sends from this store: then a lease
    is a dead program's, and a safeguarding alert must not wait for it to run out.
    """
    result = connection.execute(
        update(outbox).where(outbox.c.state == "leased").values(state="waiting", leased_until=None)
    )
    return int(result.rowcount)
