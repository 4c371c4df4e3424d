"""Was a member of staff refused, or helped, so often today that a machine may be writing?"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from gateway.store import schema as t
from rules.effects import NoticeKind

MOST_REFUSALS = 4  # to one address, in a day
REFUSALS = frozenset({NoticeKind.ACTION_REFUSED, NoticeKind.HELP_STAFF})
_MAIL_KINDS = ("hours-refused", "people-refused", *sorted(f"notice-{kind}" for kind in REFUSALS))


def told_enough(connection: Connection, address: str, now: datetime) -> bool:
    """Return whether `address` had as many as it gets in the day before `now` (aware).

    A mail program that answers by itself, and says so in no field, would go on for ever.
    """
    o = t.outbox.c
    query = select(func.count()).where(
        o.recipient == address,
        o.kind.in_(_MAIL_KINDS),
        o.queued > now - timedelta(days=1),
    )
    return int(connection.execute(query).scalar_one()) >= MOST_REFUSALS
