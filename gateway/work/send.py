"""Drains the outbox: take one row, see whether it may go now, try it once, write down what came.

Every step is a transaction of its own and can be repeated, so the sender may be
killed anywhere: a row in its hands comes back when the lease runs out, with the
same Message-ID.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from gateway.clock import Clock
from gateway.store import outbox
from gateway.store.attempts import (
    Attempt,
    RetryRule,
    record_attempt,
    record_away,
    record_withdrawal,
)
from gateway.store.engine import Store
from gateway.store.outbox import WITH_A_CODE, Leased
from gateway.work.lanes import Lanes
from gateway.work.smarthost import Smarthost

log = logging.getLogger(__name__)

# A reading window's last minute is left unused: the 250 must come before it closes.
LAST_MINUTE = timedelta(minutes=1)
# How long the smarthost is left alone after it could not be used, doubling. Not longer: what
# waited out an outage must be gone within minutes of its end. Not shorter: a wrong password
# tried every second locks the account.
FIRST_REST = timedelta(seconds=15)
LONGEST_REST = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is asked of the school about a row at the moment of sending."""

    # Why the row must not be sent any more, or None (store/recipients.py, work/given_back.py).
    withhold: Callable[[Connection, Leased, datetime], str | None]
    # Until when a row with `hours_of` may be sent; None: not now.
    reading_deadline: Callable[[Leased, datetime], datetime | None]
    # The first instant at or after the given one when that is so again.
    next_opening: Callable[[Leased, datetime], datetime]


@dataclass(frozen=True, slots=True)
class Pace:
    """How much at once. `slow_lanes` replace connections that a slow recipient holds up."""

    connections: int = 2
    slow_lanes: int = 20
    slow_after_seconds: float = 2.0
    attempt_seconds: float = 600.0
    lease_seconds: float = 900.0

    def __post_init__(self) -> None:
        if self.lease_seconds < self.attempt_seconds + 60:
            raise ValueError("a lease must outlast an attempt, or a row is sent twice")


class Sender:
    """Sends what is due. One in a program; `run_once` is called by whatever wakes it."""

    def __init__(
        self,
        store: Store,
        smarthost: Smarthost,
        clock: Clock,
        allowed: Allowed,
        retry: RetryRule,
        on_failed: Callable[[Connection, Leased], None],
        on_withheld: Callable[[Connection, Leased], None],
        pace: Pace | None = None,
    ) -> None:
        """`on_failed` tells a person that a row failed for good, in the same transaction.

        `on_withheld` sees in the same way to one whose recipient may not be given it any more.
        """
        self._store = store
        self._smarthost = smarthost
        self._clock = clock
        self._allowed = allowed
        self._retry = retry
        self._on_failed = on_failed
        self._on_withheld = on_withheld
        self._pace = pace = pace or Pace()
        self._lanes = Lanes(self._step, pace.connections, pace.slow_lanes, pace.slow_after_seconds)
        self._stopping = threading.Event()
        self._one_round = threading.Lock()
        self._away = threading.Lock()
        self._in_hand: set[str] = set()  # outbox ids of the attempts under way
        self._taking = threading.Lock()
        self._rest = FIRST_REST
        self._rests_until: datetime | None = None
        self.away_since: datetime | None = None  # for the alarm: None while the smarthost works

    def run_once(self) -> int:
        """Take up everything that is due; return how many rows were taken up.

        An attempt that stalls is not waited for, so that what is queued meanwhile need not
        wait either. 0 while another thread is at it, or while a smarthost that was away is
        left alone.
        """
        if not self._one_round.acquire(blocking=False):
            return 0
        try:
            now = self._clock.now()
            if self._rests(now):
                return 0
            with self._store.read() as connection:
                due = outbox.next_due(connection)
            if due is None or due > now:
                return 0
            return self._lanes.run()
        finally:
            self._smarthost.hang_up()
            self._one_round.release()

    def next_wake(self) -> datetime | None:
        """Return when `run_once` has something to do; None when nothing waits."""
        with self._store.read() as connection:
            due = outbox.next_due(connection)
        if due is None or self._rests_until is None or not self._rests(self._clock.now()):
            return due
        return max(due, self._rests_until)

    def _rests(self, now: datetime) -> bool:
        """Whether the smarthost is left alone; a rest set by a clock that was ahead is over."""
        until = self._rests_until
        return until is not None and now < until <= now + LONGEST_REST

    def stop(self, patience_seconds: float = 20.0) -> None:
        """Take nothing more, and give attempts under way so long; later ones fall to leases."""
        self._stopping.set()
        self.wait_for_stalled(patience_seconds)
        self._smarthost.hang_up()

    def wait_for_stalled(self, seconds: float) -> bool:
        """Wait for attempts that were left behind; False when some are still under way."""
        return self._lanes.join(seconds)

    def _step(self) -> bool:
        """Take up one row; False when there is none, or the round is over."""
        now = self._clock.now()
        if self._stopping.is_set() or self._rests(now):
            return False
        # Under one lock with the lease: an attempt that ends just now is still in hand, or noted.
        with self._taking:
            with self._store.begin() as connection:
                taken = outbox.lease(connection, now, self._pace.lease_seconds, limit=1)
            if not taken:
                return False
            leased = taken[0]
            if leased.outbox_id in self._in_hand:
                # The clock has jumped past the lease of an attempt of ours that is under way.
                return True
            self._in_hand.add(leased.outbox_id)
        try:
            return self._attempt(leased, now)
        finally:
            with self._taking:
                self._in_hand.discard(leased.outbox_id)

    def _attempt(self, leased: Leased, now: datetime) -> bool:
        """Make one attempt, unless the row is put aside; False when the round is over."""
        try:
            seconds = self._seconds_allowed(leased, now)
            if seconds is None:
                return True
            attempt = self._smarthost.attempt(leased, seconds)
        except Exception as error:  # noqa: BLE001 - the edge: one bad row never stops the others
            # The type only: its text may hold an address.
            log.error(
                "attempt_failed",
                extra={"outbox_id": leased.outbox_id, "error": type(error).__name__},
            )
            attempt = Attempt("deferred", None, f"our own fault: {type(error).__name__}")
        if attempt.away:
            return self._note_away(leased, attempt)
        self._record(leased, attempt)
        return True

    def _seconds_allowed(self, leased: Leased, now: datetime) -> float | None:
        """Say how long an attempt may take; None when the row has been put aside instead."""
        bound = leased.guardian_id is not None or leased.hours_of is not None
        if bound or leased.kind == WITH_A_CODE:
            with self._store.read() as connection:
                why = self._allowed.withhold(connection, leased, now)
            if why is not None:
                with self._store.begin() as connection:
                    record_withdrawal(connection, leased, why, now)
                    self._on_withheld(connection, leased)
                log.info("withdrawn", extra={"outbox_id": leased.outbox_id})
                return None
        if leased.hours_of is None:
            return self._pace.attempt_seconds
        closes = self._allowed.reading_deadline(leased, now)
        if closes is None or closes - now <= LAST_MINUTE:
            opens = self._allowed.next_opening(leased, closes or now)
            if opens <= now:
                # The two answers disagree; that must not become a busy loop.
                opens = now + LAST_MINUTE
            with self._store.begin() as connection:
                outbox.postpone(connection, leased.outbox_id, opens)
            return None
        # Asked again, because the transactions above took time.
        return min(self._pace.attempt_seconds, self._clock.seconds_until(closes))

    def _record(self, leased: Leased, attempt: Attempt) -> None:
        """Write the attempt down, however long the store is away: the message may have gone."""
        patience = int(self._pace.lease_seconds - self._pace.attempt_seconds)
        for seconds_waited in range(patience + 1):
            now = self._clock.now()
            try:
                with self._store.begin() as connection:
                    failed = record_attempt(connection, leased, attempt, now, self._retry)
                    if failed:
                        self._on_failed(connection, leased)
            except DBAPIError:
                if seconds_waited == patience:
                    raise
                self._stopping.wait(1.0)
                continue
            break
        with self._away:
            if self.away_since is not None:
                log.info("smarthost_back")
            self._rests_until, self._rest, self.away_since = None, FIRST_REST, None
        log.info(
            "attempted",
            extra={
                "outbox_id": leased.outbox_id,
                "spool_id": leased.spool_id,
                "kind": leased.kind,
                "outcome": attempt.outcome,
                "code": attempt.code,
                "failed": failed,
            },
        )

    def _note_away(self, leased: Leased, attempt: Attempt) -> bool:
        """Give the row back and leave the smarthost alone for a while; the round is over."""
        now = self._clock.now()
        with self._taking:  # free for any lane from the moment of its release
            with self._store.begin() as connection:
                outbox.release(connection, leased)
            self._in_hand.discard(leased.outbox_id)
        with self._away:
            if not self._rests(now):
                if self._smarthost.lines_in_use > 0:
                    return False  # Others work, and one more was too many.
                if self.away_since is None:
                    log.warning("smarthost_away", extra={"code": attempt.code})
                    self.away_since = now
                self._rests_until = now + self._rest
                self._rest = min(self._rest * 2, LONGEST_REST)
        # Also where another lane has said so already: this row was not given back by then.
        with self._store.begin() as connection:
            for overdue in record_away(connection, attempt.words, now, self._retry):
                self._on_failed(connection, overdue)
        return False
