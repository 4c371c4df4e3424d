"""Which promises are late without anybody about to be told, and which reminders still wait?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, exists, func, select, update

from gateway.store.promises import ACKNOWLEDGE, REMINDERS
from gateway.store.schema import digest_items, promises


def _has_item(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(digest_items.c.spool_id == promises.c.spool_id, condition)


_UNPLANNED = (
    promises.c.kept.is_(None)
    & promises.c.office_told.is_(None)
    & ~_has_item(digest_items.c.kind == "late")
)
_UNACKNOWLEDGED = (
    promises.c.kept.is_(None)
    & promises.c.acknowledge_by.is_not(None)
    & (promises.c.acknowledge_by < promises.c.due)
    & (promises.c.given <= promises.c.acknowledge_by)
    & promises.c.reader_told.is_(None)
    & ~_has_item(digest_items.c.kind.in_(REMINDERS))
)
# Asked in every round, so written once: writing a statement takes longer than running it.
_UNPLANNED_BY = (
    select(promises)
    .where(_UNPLANNED, promises.c.due <= bindparam("now"))
    .order_by(promises.c.due, promises.c.spool_id)
)
_UNACKNOWLEDGED_BY = (
    select(promises)
    .where(
        _UNACKNOWLEDGED,
        promises.c.acknowledge_by <= bindparam("now"),
        promises.c.due > bindparam("now"),
    )
    .order_by(promises.c.acknowledge_by, promises.c.spool_id)
)
_NEXT_DUE = (
    select(func.min(promises.c.due)).where(_UNPLANNED),
    select(func.min(promises.c.acknowledge_by)).where(_UNACKNOWLEDGED),
)


def unplanned(connection: Connection, now: datetime) -> list[Row[Any]]:
    """Return the late promises about which nobody is going to be told yet, oldest first."""
    return list(connection.execute(_UNPLANNED_BY, {"now": now}))


def unacknowledged(connection: Connection, now: datetime) -> list[Row[Any]]:
    """Return those that somebody should have said by now that they have, oldest first.

    Only what was given in time, and is not late: that has its own reminder.
    """
    return list(connection.execute(_UNACKNOWLEDGED_BY, {"now": now}))


def planned(connection: Connection) -> list[Row[Any]]:
    """Return the reminders that nobody has been given yet, with their promises."""
    return list(
        connection.execute(
            select(
                digest_items.c.item_id,
                digest_items.c.kind,
                digest_items.c.staff_id.label("told_to"),
                digest_items.c.reads_at.label("told_at"),
                promises,
            )
            .join(promises, promises.c.spool_id == digest_items.c.spool_id)
            .where(
                digest_items.c.kind.in_(REMINDERS),
                digest_items.c.digest_id.is_(None),
                digest_items.c.withdrawn.is_(None),
                ~digest_items.c.key.startswith(ACKNOWLEDGE),
            )
        )
    )


def withdraw_acknowledgement(connection: Connection, spool_id: str, now: datetime) -> None:
    """Take back the reminder to say "I have it": the answer itself is late now."""
    connection.execute(
        update(digest_items)
        .where(digest_items.c.key == f"{ACKNOWLEDGE}{spool_id}", digest_items.c.digest_id.is_(None))
        .values(withdrawn=now)
    )


def next_due(connection: Connection) -> datetime | None:
    """Return when the next promise falls late without a plan of whom to tell, if one does."""
    found = [connection.execute(query).scalar() for query in _NEXT_DUE]
    return min((instant for instant in found if instant is not None), default=None)
