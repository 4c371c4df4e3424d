"""What came of an attempt to send, and when the next one is due."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, insert, select, update

from gateway.store.outbox import LEASED_COLUMNS, WITH_A_CODE, Leased, row_as_leased
from gateway.store.schema import attempts, outbox

# A row bound to a teacher's windows gets few chances a day: five days may hold a holiday.
LEAST_ATTEMPTS_IN_WINDOWS = 10


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the smarthost did with one message.

    `deferred` is a 4xx or no answer before the final dot; `rejected` a 5xx;
    `unknown` a line lost after the final dot, when the message may have been taken
    (RFC 1047). `away` says that the smarthost itself could not be used, so this
    message has not been tried, and no other would fare better.
    """

    outcome: Literal["sent", "deferred", "rejected", "unknown"]
    code: int | None  # the reply code, where there was a reply
    words: str  # cleaned and bounded: from the peer, or ours for the technician
    away: bool = False


@dataclass(frozen=True, slots=True)
class RetryRule:
    """The timetable of attempts (RFC 5321 §4.5.4.1; the numbers are Postfix's)."""

    first_seconds: int = 300
    longest_seconds: int = 4200
    give_up_after: timedelta = timedelta(days=5)

    def wait(self, made: int, outbox_id: str) -> timedelta:
        """Return how long to wait after the attempt numbered `made`, counted from 1.

        Rows deferred together come back apart: up to a tenth less than the full
        wait, and for one row and number always the same.
        """
        full = min(self.first_seconds * 2 ** min(made - 1, 30), self.longest_seconds)
        earlier = zlib.crc32(f"{outbox_id}/{made}".encode()) % 1000 / 10_000
        return timedelta(seconds=full * (1 - earlier))


_COUNTED = (
    update(outbox)
    .where(outbox.c.outbox_id == bindparam("row"))
    .values(attempts=outbox.c.attempts + 1)
    .returning(outbox.c.attempts, outbox.c.state, outbox.c.leased_until)
)
_SENT = _COUNTED.values(state="sent", finished=bindparam("at"), leased_until=None)
# An invite code is kept nowhere but in the mail that brings it, as long as it is to be sent.
_FORGET = (
    update(outbox)
    .where(
        outbox.c.outbox_id == bindparam("row"),
        outbox.c.kind == WITH_A_CODE,
        outbox.c.finished.is_not(None),
    )
    .values(octets=b"")
)
_WRITE_DOWN = insert(attempts)


def record_attempt(
    connection: Connection, leased: Leased, attempt: Attempt, now: datetime, retry: RetryRule
) -> bool:
    """Write down an attempt and what follows; True when it failed for good.

    True means that a person must be told, in this same transaction. A sender whose
    lease ran out may still report that the message went; nothing else it says moves
    the row, which is somebody else's by then.
    """
    counted = _SENT if attempt.outcome == "sent" else _COUNTED
    row = connection.execute(counted, {"row": leased.outbox_id, "at": now}).one_or_none()
    if row is None:
        return False
    _write_down(
        connection,
        leased.outbox_id,
        row.attempts,
        now,
        attempt.outcome,
        attempt.words,
        attempt.code,
    )
    if attempt.outcome == "sent":
        _forget_code(connection, leased)
        return False
    held = row.state == "leased" and row.leased_until == leased.leased_until
    if not held:
        return False
    if attempt.outcome == "rejected" or _is_over(connection, leased, row.attempts, now, retry):
        _finish(connection, leased.outbox_id, "failed", now)
        _forget_code(connection, leased)
        return True
    connection.execute(
        update(outbox)
        .where(outbox.c.outbox_id == leased.outbox_id)
        .values(
            state="waiting",
            not_before=now + retry.wait(row.attempts, leased.outbox_id),
            leased_until=None,
        )
    )
    return False


def record_withdrawal(connection: Connection, leased: Leased, why: str, now: datetime) -> None:
    """End a row that must not be sent any more; `why` is kept for `schoolgate why`."""
    _write_down(connection, leased.outbox_id, leased.attempts + 1, now, "withdrawn", why)
    _finish(connection, leased.outbox_id, "withdrawn", now, attempts=leased.attempts + 1)
    _forget_code(connection, leased)


def record_away(
    connection: Connection, words: str, now: datetime, retry: RetryRule
) -> tuple[Leased, ...]:
    """Write down that nothing due can be sent; return the rows whose time is over, now failed.

    Every due row gets one first attempt, from which its five days are counted, and no
    later one: an absence of the smarthost must neither use up the timetable of a row
    nor keep it waiting for 70 minutes once the smarthost is back. Rows bound to a
    teacher's windows are left alone.
    """
    due = (outbox.c.state == "waiting") & (outbox.c.not_before <= now) & outbox.c.hours_of.is_(None)
    # The update comes first: its row locks keep two senders from writing the same attempt.
    untried = connection.execute(
        update(outbox)
        .where(due, outbox.c.attempts == 0)
        .values(attempts=1)
        .returning(outbox.c.outbox_id)
    )
    noted: dict[str, Any] = {"number": 1, "at": now, "outcome": "deferred", "words": words}
    rows = [noted | {"outbox_id": outbox_id} for outbox_id in untried.scalars()]
    if rows:
        connection.execute(insert(attempts), rows)
    first = select(attempts.c.at).where(
        attempts.c.outbox_id == outbox.c.outbox_id, attempts.c.number == 1
    )
    overdue = connection.execute(
        update(outbox)
        .where(due, first.scalar_subquery() <= now - retry.give_up_after)
        .values(state="failed", finished=now)
        .returning(*LEASED_COLUMNS)
    )
    failed = tuple(row_as_leased(row) for row in overdue)
    for leased in failed:
        _forget_code(connection, leased)
    return failed


def _is_over(
    connection: Connection, leased: Leased, made: int, now: datetime, retry: RetryRule
) -> bool:
    if leased.hours_of is not None and made < LEAST_ATTEMPTS_IN_WINDOWS:
        return False
    first: datetime = connection.execute(
        select(attempts.c.at).where(
            attempts.c.outbox_id == leased.outbox_id, attempts.c.number == 1
        )
    ).scalar_one()
    return first <= now - retry.give_up_after


def _write_down(
    connection: Connection,
    outbox_id: str,
    number: int,
    now: datetime,
    outcome: str,
    words: str,
    code: int | None = None,
) -> None:
    connection.execute(
        _WRITE_DOWN,
        {
            "outbox_id": outbox_id,
            "number": number,
            "at": now,
            "outcome": outcome,
            "code": code,
            "words": words,
        },
    )


def _forget_code(connection: Connection, leased: Leased) -> None:
    if leased.kind == WITH_A_CODE:
        connection.execute(_FORGET, {"row": leased.outbox_id})


def _finish(connection: Connection, outbox_id: str, state: str, now: datetime, **more: Any) -> None:
    connection.execute(
        update(outbox)
        .where(outbox.c.outbox_id == outbox_id, outbox.c.state != "sent")
        .values(state=state, finished=now, leased_until=None, **more)
    )
