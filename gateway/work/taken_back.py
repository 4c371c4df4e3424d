"""How is a digest taken back of which pages still wait in the outbox?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, update

from gateway.store import digests, promises
from gateway.store.schema import outbox


def digest_of(key: str) -> str:
    """Return the digest of which a mail is a page; the key of each is `digest/ID/NUMBER…`."""
    return key.split("/")[1]


def is_page_of(digest_id: str) -> ColumnElement[bool]:
    """Return the condition that a row of the outbox is a page of the digest."""
    return outbox.c.key.startswith(f"digest/{digest_id}/", autoescape=True)


def take_back(
    connection: Connection, digest_id: str, made: datetime, now: datetime
) -> list[Row[Any]]:
    """Let what a digest made at `made` holds wait again, as not yet given; return its items.

    Only pages that wait are withdrawn: one that has left, or is on its way, stays as it is.
    """
    connection.execute(
        update(outbox)
        .where(is_page_of(digest_id), outbox.c.state == "waiting")
        .values(state="withdrawn", finished=now)
    )
    items = digests.reopen(connection, digest_id)
    promises.not_given(connection, [item.spool_id for item in items], made)
    return items
