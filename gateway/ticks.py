"""Who wakes the workers? APScheduler does, at every tick, and nothing more.

What is due is rows with times, so a tick that is missed or doubled costs nothing but time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from gateway.clock import Clock, SystemClock

LOOK_EVERY_SECONDS = 5.0


class Ticks:
    """Calls each job again and again: `start` once, `stop` once."""

    def __init__(self, machine: Clock | None = None) -> None:
        """`machine` is the clock that APScheduler goes by: this machine's own."""
        self._machine = machine or SystemClock()
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )
        self._every: dict[str, timedelta] = {}
        self._stopping = threading.Event()
        self._looking = threading.Thread(target=self._look, name="ticks", daemon=True)

    def call(self, job: Callable[[], None], every_seconds: float, name: str) -> None:
        """Have `job` called every so many seconds once started."""
        self._every[name] = timedelta(seconds=every_seconds)
        self._scheduler.add_job(job, "interval", seconds=every_seconds, id=name)

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()
        self._looking.start()

    def stop(self) -> None:
        """Tick no more."""
        self._stopping.set()
        self._scheduler.shutdown(wait=False)

    def catch_up(self) -> list[str]:
        """Let every job tick now that would sleep too long; return their names.

        APScheduler waits for an instant. When the machine's clock is put back by a day, its
        next tick is a day away, and nobody would be told anything meanwhile.
        """
        now = self._machine.now()
        asleep = [
            job
            for job in self._scheduler.get_jobs()
            if job.next_run_time > now + 2 * self._every[job.id]
        ]
        for job in asleep:
            job.modify(next_run_time=now)
        return [job.id for job in asleep]

    def _look(self) -> None:
        # An event waits by a clock that nobody can put back.
        while not self._stopping.wait(LOOK_EVERY_SECONDS):
            self.catch_up()
