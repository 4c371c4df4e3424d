"""By when is an answer promised? REQUIREMENTS D2, apart from how the limit is counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rules.walltime import Window


@dataclass(frozen=True, slots=True)
class PromiseMade:
    """What a guardian is told about one message. Instants are aware, UTC.

    `reads_at` is the cut at which the teacher is given it, `due` by when it is answered, and
    `limit` what the policy asks for. `breach` says that no window allows the policy's own limit
    to be kept. `facts` are the calendar's reasons, in words.
    """

    reads_at: datetime
    due: datetime
    limit: datetime
    breach: bool
    facts: tuple[str, ...] = ()


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
