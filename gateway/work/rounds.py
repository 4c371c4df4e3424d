"""The round of work: settle, escalate, digest, send. Woken by anyone; a missed wake costs time.

Settling comes before the digests, so that what arrived before a cut is in it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from gateway.clock import Clock
from gateway.store import cases, digests, spool
from gateway.store.engine import Store
from gateway.work.digest import Digester
from gateway.work.escalate import Escalator
from gateway.work.send import Sender
from gateway.work.settle import Settler

log = logging.getLogger(__name__)

# What is longer than 64 kB may take long to read; it must not keep a short message waiting.
SHORT, LONG = range(64 * 1024 + 1), range(64 * 1024 + 1, spool.ANY_SIZE.stop)
# How long after its cut a digest waits for what arrived before it.
LATE_FOR_A_DIGEST = timedelta(seconds=45)


class _Worker:
    """A thread that runs a step whenever it is woken, until the step finds nothing to do."""

    def __init__(self, name: str, step: Callable[[], int]) -> None:
        self._step = step
        self.done = 0  # what its steps have come to so far
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._busy = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._woken.set()

    def stop(self, patience_seconds: float) -> None:
        self._stopping.set()
        self._woken.set()
        self._thread.join(patience_seconds)

    @property
    def is_idle(self) -> bool:
        return not self._woken.is_set() and not self._busy.locked()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.wait()
            with self._busy:
                self._woken.clear()
                try:
                    while not self._stopping.is_set() and (done := self._step()):
                        self.done += done
                except Exception:
                    # The edge of one round: rows are as they were, the next wake tries again.
                    log.exception("round_failed")


class Step(Protocol):
    """Work of its own in each round. Running it again adds nothing."""

    def run_once(self) -> int:
        """Do what is due; return how much was done."""
        ...

    def next_due(self) -> datetime | None:
        """Return the earliest instant at which there is something to do; None when never."""
        ...


class Rounds:
    """Three workers: no slow smarthost, and no message that is long to read, delays a decision."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        settler: Settler,
        escalator: Escalator,
        digester: Digester,
        sender: Sender,
        steps: Sequence[Step] = (),
    ) -> None:
        """`steps` come before the digests, which may hold what they write."""
        self._store = store
        self._clock = clock
        self._settler = settler
        self._escalator = escalator
        self._digester = digester
        self._sender = sender
        self._steps = tuple(steps)
        self._deciding = _Worker("decide", self._decide)
        self._deciding_long = _Worker("decide-long", self._decide_long)
        self._sending = _Worker("send", self._send)
        self._workers = (self._deciding, self._deciding_long, self._sending)

    def start(self) -> None:
        """Start the workers, and look for what an earlier run left."""
        self._deciding.start()
        self._deciding_long.start()
        self._sending.start()
        self.wake()

    def run_here(self) -> datetime | None:
        """Do in this thread all that is due now; return when there is something to do again.

        For a program that was not started, so that nothing else is at work on its store. An
        instant that is not in the future is due still, and nothing could be done about it.
        """
        while (due := self.next_due()) is not None and due <= self._clock.now():
            if not self._decide() + self._decide_long() + self._send():
                return self.next_due()  # an attempt in vain leaves the smarthost alone for a while
        return due

    def wake(self) -> None:
        """Have everything looked at soon. Cheap; callable from any thread."""
        self._deciding.wake()
        self._deciding_long.wake()
        self._sending.wake()

    def stop(self, patience_seconds: float = 20.0) -> None:
        """Finish the step at hand in each worker, and end."""
        self._deciding.stop(patience_seconds)
        self._deciding_long.stop(patience_seconds)
        self._sender.stop(patience_seconds)
        self._sending.stop(patience_seconds)

    @property
    def is_idle(self) -> bool:
        """Whether no worker is at work or about to be, and no attempt was left behind."""
        return all(worker.is_idle for worker in self._workers) and self._sender.wait_for_stalled(0)

    @property
    def done(self) -> int:
        """How much has been done since the start: the same again when all rounds found nothing."""
        return sum(worker.done for worker in self._workers)

    def next_due(self) -> datetime | None:
        """Return the earliest instant at which there is something to do; None when never."""
        with self._store.read() as connection:
            if self._settler.has_work(connection):
                return datetime.min.replace(tzinfo=UTC)
            found = [digests.next_due(connection), cases.next_due(connection)]
        found += [step.next_due() for step in self._steps]
        found.append(self._sender.next_wake())
        return min((instant for instant in found if instant is not None), default=None)

    def _decide(self) -> int:
        # After each batch, however many still wait: a flood must not keep an unacknowledged
        # concern from the next in line, nor a teacher's digest from its cut.
        done = 0
        own = [step.run_once for step in self._steps]
        for step in (self._settle_short, self._escalator.run_once, *own, self._digest):
            try:
                done += step()
            except Exception:
                # The edge of one step: a fault in settling must not keep a concern waiting.
                log.exception("round_failed")
        if done:
            self._sending.wake()
        return done

    def _settle_short(self) -> int:
        return self._settler.run_once(SHORT)

    def _digest(self) -> int:
        return 0 if self._something_is_late_for_its_digest() else self._digester.run_once()

    def _decide_long(self) -> int:
        done = self._settler.run_once(LONG)
        if done:
            self._deciding.wake()  # a digest may have waited for it
            self._sending.wake()
        return done

    def _something_is_late_for_its_digest(self) -> bool:
        """Whether a message that came before the cut is still being read. Not waited for long."""
        with self._store.read() as connection:
            due = digests.next_due(connection)
            oldest = spool.oldest_received(connection)
        if due is None or oldest is None or oldest > due:
            return False
        return self._clock.now() - due < LATE_FOR_A_DIGEST

    def _send(self) -> int:
        return self._sender.run_once()
