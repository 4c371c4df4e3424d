"""Which instant is a wall-clock time, on the two days a year when the clock is changed?

Elsewhere the answer is one line of `zoneinfo`. On those days an hour is missing or happens
twice, and a window must still open once, close once and never be read outside its hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules.policy import Span


@dataclass(frozen=True, slots=True)
class Window:
    """Aware UTC instants from `opens` up to, but not including, `closes`."""

    opens: datetime
    closes: datetime

    def __contains__(self, instant: datetime) -> bool:
        return self.opens <= instant < self.closes


def instant_of(on: date, at: time, zone: ZoneInfo, *, second: bool = False) -> datetime:
    """Return the UTC instant at which the clock shows `at` on the date `on`.

    A time that happens twice is taken the first time, or the second where `second`. A time
    that the clock skips is the instant of the change, so later wall times are never earlier
    instants.
    """
    local = datetime.combine(on, at.replace(fold=0), zone)
    before, after = local.utcoffset(), local.replace(fold=1).utcoffset()
    if before == after or before is None or after is None:
        return local.astimezone(UTC)
    if before > after:  # the hour happens twice
        return local.replace(fold=1 if second else 0).astimezone(UTC)
    whole = local.replace(microsecond=0)  # clocks change on a whole second; so must the search
    return _change_between(
        whole.replace(fold=1).astimezone(UTC), whole.astimezone(UTC), before, zone
    )


def window_of(on: date, span: Span, zone: ZoneInfo) -> Window | None:
    """Return `span` of the date `on` as instants, or None when the clock skips all of it.

    Where the hour happens twice, a span inside it is its first time only; a span that starts
    inside it and runs on starts the second time. So no instant in a window is ever shown by the
    clock as outside the span, and no window happens twice.
    """
    runs_on = not is_repeated(on, span.closes, zone)
    opens = instant_of(on, span.opens, zone, second=runs_on)
    closes = instant_of(on, span.closes, zone)
    return Window(opens, closes) if opens < closes else None


def is_repeated(on: date, at: time, zone: ZoneInfo) -> bool:
    """Return whether the clock shows `at` twice on the date `on`."""
    local = datetime.combine(on, at.replace(fold=0), zone)
    before, after = local.utcoffset(), local.replace(fold=1).utcoffset()
    return before is not None and after is not None and before > after


def _change_between(early: datetime, late: datetime, before: timedelta, zone: ZoneInfo) -> datetime:
    """Return the instant after `early`, and not after `late`, when the offset leaves `before`."""
    low, high = 0, int((late - early).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (early + timedelta(seconds=middle)).astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return early + timedelta(seconds=high)
