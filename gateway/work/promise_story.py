"""What was promised about one message, what became of it, and who was told: in plain words."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row

from gateway.store import promises
from rules.wording import moment_words

_KEPT = {
    "answered": "answered",
    "done": "marked as done by its reader",
    "passed": "passed to the office by its reader",
    "senior": "ended: the safeguarding lead has the message",
}


def promise_lines(connection: Connection, spool_id: str, zone: ZoneInfo) -> list[str]:
    """Return the lines about the promise, none when nothing was promised."""
    promise = promises.find(connection, spool_id)
    if promise is None:
        return []
    lines = [f"  {words}" for words in _story(promise, zone)]
    return ["What was promised", *lines, ""]


def _story(promise: Row[Any], zone: ZoneInfo) -> list[str]:
    def at(instant: Any) -> str:
        return moment_words(instant, zone)

    lines = [
        f"made {at(promise.made)}: read {at(promise.reads_at)}, answered by {at(promise.due)}",
        f"the policy's limit was {at(promise.limit)}"
        + ("; no reading window allowed it" if promise.breach else ""),
    ]
    if promise.acknowledge_by:
        lines.append(f"a person says that they have it by {at(promise.acknowledge_by)}")
    if promise.moved_to:
        lines.append(f"the calendar changed; the parent was told: read {at(promise.moved_to)}")
    if promise.moved_due:
        lines.append(f"the parent was told a new time: answered by {at(promise.moved_due)}")
    lines.append(f"given {at(promise.given)}" if promise.given else "not given to a reader yet")
    if promise.reader_told:
        lines.append(f"its reader was told that it is late {at(promise.reader_told)}")
    if promise.office_told:
        lines.append(f"the office was told that it is late {at(promise.office_told)}")
    if promise.kept:
        lines.append(f"{_KEPT[promise.kept_how]} {at(promise.kept)}")
    else:
        lines.append("open")
    return lines
