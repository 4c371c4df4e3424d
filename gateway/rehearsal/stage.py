"""A whole gateway on one machine: real SMTP in, the real program, real SMTP out, a jumping clock.

The demo plays its school day on it, and so do the tests: what they run is `Program`
as `serve` runs it, not something beside it.
"""

from __future__ import annotations

import asyncio
import smtplib
import threading
import time
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

from gateway.clock import RehearsalClock
from gateway.configuration import Configuration, open_store
from gateway.program import Program
from gateway.store.migrate import migrate

TICK_SECONDS = 0.05
_LOOK_SECONDS = 0.005
_LONGEST_WAIT_SECONDS = 60.0

Result = TypeVar("Result")


class Stuck(Exception):
    """The program did not come to rest; a rehearsal never waits for ever."""


class Stage:
    """Runs a program in a thread of its own: `open`, `submit` and `advance_to`, then `close`."""

    def __init__(self, configuration: Configuration, clock: RehearsalClock) -> None:
        """Prepare the store. The smarthost of `configuration` must be on this machine."""
        self.configuration = configuration
        self.clock = clock
        store = open_store(configuration)
        migrate(store)
        store.close()
        self.program = Program(configuration, clock, TICK_SECONDS)
        self._opened = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="stage", daemon=True)

    def open(self) -> None:
        """Start the program."""
        self._thread.start()
        self._await(self.program.start())
        self._opened = True

    def close(self) -> None:
        """Stop the program; safe to call when it did not start, or was stopped before."""
        if self._opened:
            self._opened = False
            self._await(self.program.stop())
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)
        self._loop.close()

    def submit(self, reverse_path: str, recipients: list[str], octets: bytes) -> None:
        """Hand a message in by SMTP, as the school's border would.

        Raises:
            smtplib.SMTPException: the gateway refused it.
        """
        with smtplib.SMTP("127.0.0.1", self.program.listener.port, timeout=30) as client:
            client.sendmail(reverse_path, recipients, octets)

    def settle(self) -> None:
        """Wait until nothing is under way and nothing is due now."""
        done, since = self.program.done, time.monotonic()
        # However slow the machine is: as long as work gets done, there is something to wait for.
        while time.monotonic() < since + _LONGEST_WAIT_SECONDS:
            if self.program.done != done:
                done, since = self.program.done, time.monotonic()
            if self.program.is_idle:
                due = self.program.next_due()
                if (due is None or due > self.clock.now()) and self.program.is_idle:
                    return
                self.program.rounds.wake()
            time.sleep(_LOOK_SECONDS)
        raise Stuck("for a minute the program neither did anything nor came to rest")

    def advance_to(self, instant: datetime) -> None:
        """Live through everything that falls due before `instant`, then stand at it."""
        self.settle()
        while (due := self.program.next_due()) is not None and due < instant:
            self.clock.jump_to(due)
            self.program.rounds.wake()
            self.settle()
        self.clock.jump_to(instant.astimezone(UTC))
        self.program.rounds.wake()

    def _await(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_LONGEST_WAIT_SECONDS)
