"""By when is an answer promised? REQUIREMENTS D2: the limit, and the windows it falls among."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules.policy import Promise
from rules.schoolday import SchoolDay
from rules.walltime import Window, instant_of, is_repeated


@dataclass(frozen=True, slots=True)
class PromiseMade:
    """What a guardian is told about one message. Instants are aware, UTC.

    `reads_at` is the cut at which the teacher is given it, `due` by when it is answered, and
    `limit` what the policy asks for. `breach` says that no window allows the policy's own limit
    to be kept. `acknowledge_by` is by when a person says that they have it, where the school
    promises that. `facts` are the calendar's reasons, in words.
    """

    reads_at: datetime
    due: datetime
    limit: datetime
    breach: bool
    facts: tuple[str, ...] = ()
    acknowledge_by: datetime | None = None


def limit_of(
    within: Promise, counted_from: datetime, days: Iterable[SchoolDay], zone: ZoneInfo
) -> datetime | None:
    """Return by when the policy asks for an answer; None when no working day is in `days`.

    So many hours later, or the same time by the wall clock so many working days later. `days`
    begin with the date of `counted_from`.
    """
    if within.clock == "elapsed":
        return counted_from + timedelta(hours=within.hours)
    local = counted_from.astimezone(zone)
    left = within.days
    for day in days:
        if day.on > local.date() and day.working:
            left -= 1
            if left <= 0:
                return instant_of(day.on, _time_of_day(local, zone), zone)
    return None


def limit_words(within: Promise) -> str:
    """Return "24 hours", "1 working day" or "5 working days"."""
    if within.clock == "elapsed":
        return f"{within.hours} hours"
    return f"{within.days} working day" + ("" if within.days == 1 else "s")


def due_within(windows: Iterable[Window], limit: datetime) -> datetime:
    """Return the due time, given the window of the next reading and those after it, in order.

    The limit itself where it lies strictly inside a later window; else the end of the last
    window that ends by the limit; else the end of the first. So the due time is never before
    the reading, and never moves back when mail arrives later.

    Raises:
        ValueError: there is no window at all.
    """
    due: datetime | None = None
    for window in windows:
        if due is None:
            due = window.closes
        elif window.opens >= limit:
            break
        elif window.closes > limit:
            return limit
        else:
            due = window.closes
    if due is None:
        raise ValueError("a due time needs the window of the next reading")
    return due


def _time_of_day(local: datetime, zone: ZoneInfo) -> time:
    """Return the wall-clock time, moved past the repeated hour in its second pass.

    Otherwise mail in the second 1.10am would be due before mail in the first 1.30am.
    """
    if not local.fold:
        return local.time()
    moved = local.replace(second=0, microsecond=0)
    while is_repeated(moved.date(), moved.time(), zone):
        moved = moved + timedelta(minutes=1)
    return moved.time() if moved.date() == local.date() else time.max
