"""May this member of staff still be given what waits in the outbox, and who is, if not?

Asked when a mail is sent: it may have waited out a night, a closure or the smarthost.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from gateway.school import School
from gateway.store import schema as t
from gateway.store.outbox import Leased
from gateway.work.hand_over import hand_over, wait_again
from gateway.work.taken_back import digest_of, take_back


def reason_to_give_back(
    connection: Connection, school: School, leased: Leased, now: datetime
) -> str | None:
    """Say why mail for a member of staff must not go to them any more; None when it may.

    An answer, which only waits for the hours to open, is not for its writer.
    """
    if leased.hours_of is None or leased.kind == "answer":
        return None
    school.refresh(connection)
    if leased.hours_of not in school.staffing(connection, now).current:
        return "its reader has left"
    if leased.kind != "digest":
        return None
    items = _items(connection, leased)
    if not items:
        return "what it held was given to somebody else"
    if not all(_reads(connection, school, item, now) for item in items):
        return "its reader does not read for the class any more"
    return None


def give_back(connection: Connection, school: School, leased: Leased, now: datetime) -> None:
    """Give what a digest held to whoever reads it now; what was not sent of it is not sent.

    Where a page of it has left before, its messages are given a second time: that is better
    than that nobody reads them.
    """
    items = take_back(connection, digest_of(leased.key), leased.queued, now)
    staffing = school.staffing(connection, now)
    for item in items:
        reader = staffing.everybody.get(item.staff_id)
        is_theirs = item.staff_id in staffing.current and _reads(connection, school, item, now)
        if reader is not None and is_theirs:
            wait_again(connection, school, reader, [item], now)
        else:
            hand_over(connection, school, [item], now)


def _reads(connection: Connection, school: School, item: Row[Any], now: datetime) -> bool:
    """Whether an item's reader teaches its class, or covers for it today."""
    room = school.staffing(connection, now).rooms.get(item.class_id or "")
    if room is None:
        return True
    today: date = school.today(now)
    covers = {one.staff.staff_id for one in room.covers if one.first <= today <= one.last}
    return item.staff_id in {one.staff_id for one in room.teachers} | covers


def _items(connection: Connection, leased: Leased) -> list[Row[Any]]:
    i = t.digest_items
    query = select(i).where(i.c.digest_id == digest_of(leased.key))
    return list(connection.execute(query))
