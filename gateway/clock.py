"""What time is it? The only place that asks the machine.

Everything else is handed a Clock, or the time itself. `now` is for what is recorded and
promised; `monotonic` is for timeouts, which a change of the machine's time must not stretch.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """The time as one program sees it."""

    def now(self) -> datetime:
        """Return the present instant: aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds of real time that never go back; only differences mean anything."""
        ...

    def seconds_until(self, instant: datetime) -> float:
        """Return how many real seconds to wait for `instant`: 0 when it is past."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant: aware, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds of real time that never go back."""
        return time.monotonic()

    def seconds_until(self, instant: datetime) -> float:
        """Return how many real seconds to wait for `instant`: 0 when it is past."""
        return max(0.0, (instant - self.now()).total_seconds())


class RehearsalClock:
    """A clock that starts when told, runs `speed` times as fast, and can jump forward.

    With `speed` 0 it stands still between jumps. Safe to share between threads; `now` never
    goes back.
    """

    def __init__(
        self, start: datetime, speed: float = 1.0, base: Callable[[], float] = time.monotonic
    ) -> None:
        """Start at `start` (aware). `base` gives real seconds, as `time.monotonic` does.

        Raises:
            ValueError: `start` is naive, or `speed` would run backwards.
        """
        if start.tzinfo is None:
            raise ValueError(f"a clock starts at an aware instant, not at {start}")
        if not 0 <= speed < math.inf:
            raise ValueError(f"a clock runs at 0 or more times real time, not at {speed}")
        self._base = base
        self._speed = speed
        self._lock = threading.Lock()
        self._origin = start.astimezone(UTC)
        self._origin_seconds = base()

    def now(self) -> datetime:
        """Return the rehearsed instant: aware, UTC."""
        with self._lock:
            return self._read(self._base())

    def monotonic(self) -> float:
        """Return seconds of real time: a peer's timeout is real even in a rehearsal."""
        return self._base()

    def seconds_until(self, instant: datetime) -> float:
        """Return how many real seconds to wait for `instant`; infinite when standing still."""
        left = (instant - self.now()).total_seconds()
        if left <= 0:
            return 0.0
        return left / self._speed if self._speed else math.inf

    def jump_to(self, instant: datetime) -> datetime:
        """Move to `instant` (aware) unless it is past already; return the instant reached."""
        with self._lock:
            seconds = self._base()
            reached = max(self._read(seconds), instant.astimezone(UTC))
            self._origin, self._origin_seconds = reached, seconds
            return reached

    def run_at(self, speed: float) -> None:
        """Run from now on `speed` times as fast as real time."""
        if not 0 <= speed < math.inf:
            raise ValueError(f"a clock runs at 0 or more times real time, not at {speed}")
        with self._lock:
            seconds = self._base()
            self._origin, self._origin_seconds = self._read(seconds), seconds
            self._speed = speed

    def _read(self, seconds: float) -> datetime:
        return self._origin + timedelta(seconds=(seconds - self._origin_seconds) * self._speed)
