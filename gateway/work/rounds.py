"""The round of work: settle, escalate, digest, send. Woken by anyone; a missed wake costs time.

Settling comes before the digests, so that what arrived before a cut is in it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from gateway.store import cases, digests, spool
from gateway.store.engine import Store
from gateway.work.digest import Digester
from gateway.work.escalate import Escalator
from gateway.work.send import Sender
from gateway.work.settle import Settler

log = logging.getLogger(__name__)


class _Worker:
    """A thread that runs a step whenever it is woken, until the step finds nothing to do."""

    def __init__(self, name: str, step: Callable[[], int]) -> None:
        self._step = step
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
                    while not self._stopping.is_set() and self._step():
                        pass
                except Exception:
                    # The edge of one round: rows are as they were, the next wake tries again.
                    log.exception("round_failed")


class Rounds:
    """Two workers: one decides, one sends, so that a slow smarthost never delays a decision."""

    def __init__(
        self,
        store: Store,
        settler: Settler,
        escalator: Escalator,
        digester: Digester,
        sender: Sender,
    ) -> None:
        self._store = store
        self._settler = settler
        self._escalator = escalator
        self._digester = digester
        self._sender = sender
        self._deciding = _Worker("decide", self._decide)
        self._sending = _Worker("send", self._send)

    def start(self) -> None:
        """Start both workers, and look for what an earlier run left."""
        self._deciding.start()
        self._sending.start()
        self.wake()

    def wake(self) -> None:
        """Have everything looked at soon. Cheap; callable from any thread."""
        self._deciding.wake()
        self._sending.wake()

    def stop(self, patience_seconds: float = 20.0) -> None:
        """Finish the step at hand in each worker, and end."""
        self._deciding.stop(patience_seconds)
        self._sender.stop(patience_seconds)
        self._sending.stop(patience_seconds)

    @property
    def is_idle(self) -> bool:
        """Whether neither worker is at work or about to be."""
        return self._deciding.is_idle and self._sending.is_idle

    def next_due(self) -> datetime | None:
        """Return the earliest instant at which there is something to do; None when never."""
        with self._store.read() as connection:
            if spool.next_received(connection, 1):
                return datetime.min.replace(tzinfo=UTC)
            found = [digests.next_due(connection), cases.next_due(connection)]
        found.append(self._sender.next_wake())
        return min((instant for instant in found if instant is not None), default=None)

    def _decide(self) -> int:
        done = self._settler.run_once()
        if done:
            self._sending.wake()
            return done
        made = self._escalator.run_once() + self._digester.run_once()
        if made:
            self._sending.wake()
        return made

    def _send(self) -> int:
        return self._sender.run_once()
