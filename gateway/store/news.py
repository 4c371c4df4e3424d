"""What each member of staff must be told about this system, whether they were, and who read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from gateway.store.once import insert_once
from gateway.store.schema import staff_news
from gateway.store.types import new_id

# Asked in every round, so written once: writing a statement takes longer than running it.
_WAITING = (
    select(staff_news)
    .where(staff_news.c.told.is_(None), staff_news.c.school_id == bindparam("school_id"))
    .order_by(staff_news.c.staff_id, staff_news.c.news_id)
)


def add_news(
    connection: Connection,
    *,
    school_id: str,
    staff_id: str,
    key: str,
    kind: str,
    detail: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Let news wait for one person; False when the same `key` was written before.

    `kind` is "welcome", "policy" or "hours". Hours are told as `detail["words"]`: a list of
    lines, each a text or `{"words": text, "last": "YYYY-MM-DD"}`, the last day it is about;
    a line wholly in the past when the mail goes is left out.
    """
    values = {
        "news_id": new_id(now),
        "school_id": school_id,
        "staff_id": staff_id,
        "key": key,
        "kind": kind,
        "at": now,
        "detail": dict(detail),
    }
    return insert_once(connection, staff_news, values)


def find(connection: Connection, news_id: str) -> Row[Any] | None:
    """Return one piece of news."""
    return connection.execute(select(staff_news).where(staff_news.c.news_id == news_id)).first()


def is_theirs(connection: Connection, news_id: str, staff_id: str) -> bool:
    """Return whether this is news for this person, of which they have been told."""
    row = find(connection, news_id)
    return row is not None and row.staff_id == staff_id and row.told is not None


def waiting(connection: Connection, school_id: str) -> list[Row[Any]]:
    """Return what nobody has been told yet, by person, oldest first."""
    return list(connection.execute(_WAITING, {"school_id": school_id}))


def held(connection: Connection, news_ids: Collection[str]) -> list[Row[Any]]:
    """Return those of `news_ids` that nobody has been told yet, held till the commit."""
    return list(
        connection.execute(
            select(staff_news)
            .where(staff_news.c.news_id.in_(list(news_ids)), staff_news.c.told.is_(None))
            .order_by(staff_news.c.news_id)
            .with_for_update()
        )
    )


def told(connection: Connection, news_ids: Collection[str], now: datetime) -> None:
    """Record that a mail with this news was queued, or that it was past telling."""
    connection.execute(
        update(staff_news).where(staff_news.c.news_id.in_(list(news_ids))).values(told=now)
    )


def acknowledge(connection: Connection, news_id: str, staff_id: str, now: datetime) -> bool:
    """Record that this person has read it and all that came in the same mail.

    False when it is not theirs, or they said so before.
    """
    row = find(connection, news_id)
    if row is None or row.told is None:
        return False
    result = connection.execute(
        update(staff_news)
        .where(
            staff_news.c.staff_id == staff_id,
            staff_news.c.told == row.told,
            staff_news.c.acknowledged.is_(None),
        )
        .values(acknowledged=now)
    )
    return bool(result.rowcount)


def first_written(connection: Connection, school_id: str, key_start: str) -> Mapping[str, datetime]:
    """Return, by staff id, when news whose key begins with `key_start` was first written."""
    rows = connection.execute(
        select(staff_news.c.staff_id, func.min(staff_news.c.at).label("first"))
        .where(
            staff_news.c.school_id == school_id,
            staff_news.c.key.startswith(key_start, autoescape=True),
        )
        .group_by(staff_news.c.staff_id)
    )
    return {row.staff_id: row.first for row in rows}


def who_read(connection: Connection, school_id: str, kind: str) -> tuple[int, int]:
    """Return how many staff have acknowledged news of this kind, and how many were told."""
    mine = (staff_news.c.school_id == school_id, staff_news.c.kind == kind)
    people = func.count(staff_news.c.staff_id.distinct())
    read = connection.execute(
        select(people).where(*mine, staff_news.c.acknowledged.is_not(None))
    ).scalar_one()
    were = connection.execute(select(people).where(*mine, staff_news.c.told.is_not(None)))
    return read, were.scalar_one()
