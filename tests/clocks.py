"""A clock that stands still until it is told otherwise."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

MONDAY_MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class SettableClock:
    """Stands at `instant`; `advance` and `set` move it. Real seconds equal its own."""

    def __init__(self, instant: datetime = MONDAY_MORNING) -> None:
        self._instant = instant

    def now(self) -> datetime:
        return self._instant

    def monotonic(self) -> float:
        return time.monotonic()

    def seconds_until(self, instant: datetime) -> float:
        return max(0.0, (instant - self._instant).total_seconds())

    def advance(self, **span: float) -> datetime:
        """Move on by a timedelta's keywords: `advance(minutes=5)`."""
        self._instant += timedelta(**span)
        return self._instant

    def set(self, instant: datetime) -> None:
        self._instant = instant
