"""Moves what waits when the hours or the readers are others, and tells each guardian concerned.

A promise is written when it is made, and a change afterwards is shown, never hidden: whoever was
told a reading time, or by when an answer comes, is told the new one, once. Running it again adds
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from gateway.clock import Clock
from gateway.hours.due_shifts import DueShift, due_shifts
from gateway.hours.shifts import Shift, shifts
from gateway.school import School
from gateway.store import digests, promises
from gateway.store import schema as t
from gateway.store.engine import Store
from gateway.work.hand_over import to_heir
from gateway.work.letters import Letters
from gateway.work.notices import note_once, send_notice
from gateway.work.office_queue import put_on_list
from gateway.work.unsent import take_back_unsent
from rules.effects import NoticeKind, SendNotice
from rules.promises import PromiseMade

# The notices that name a reading time, and so may have to be put right.
_TOLD_A_TIME = (NoticeKind.HELD, NoticeKind.DIVIDED, NoticeKind.URGENT, NoticeKind.MOVED)


@dataclass(frozen=True, slots=True)
class Retell:
    """Follows a new policy or a new roster: what changes the hours by itself has told already."""

    store: Store
    clock: Clock
    schools: Mapping[str, School]
    letters: Callable[[School], Letters]
    # The hours and readers that were followed last.
    _followed: dict[str, object] = field(default_factory=dict, init=False, compare=False)

    def run_once(self) -> int:
        """Follow each school whose hours or readers have changed; return how much has moved."""
        now = self.clock.now()
        return sum(self._follow(school, now) for school in self.schools.values())

    def next_due(self) -> datetime | None:
        """Return None: nothing here has a time of its own."""
        return None

    def _follow(self, school: School, now: datetime) -> int:
        with self.store.read() as connection:
            school.refresh(connection)
            by = (school.calendar, school.staffing(connection, now))
        if self._followed.get(school.school_id) == by:
            self._followed[school.school_id] = by  # the same object is compared in no time
            return 0
        with self.store.begin() as connection:
            moved = follow_the_hours(connection, self.letters(school), now)
        self._followed[school.school_id] = by
        return moved


def follow_the_hours(
    connection: Connection, letters: Letters, now: datetime, before: School | None = None
) -> int:
    """Move what waits by the hours of `letters.school`; return how much has moved.

    `before` is the school until now, where only its hours are others. What was to be read
    already is left to the digest where it is not known.
    """
    school = letters.school
    if before is not None:
        take_back_unsent(connection, before, school, now)
    found = shifts(connection, school, now)
    if before is None:
        found = [one for one in found if one.item.reads_at > now]
    for shift in found:
        _move(connection, letters, shift, now)
    later = {one.item.spool_id for one in found if one.item.kind == "message" and one.is_later}
    put_off = due_shifts(connection, school, now, besides=later)
    for one in put_off:
        _tell_of_the_answer(connection, letters, one, now)
    return len(found) + len(put_off)


def _move(connection: Connection, letters: Letters, shift: Shift, now: datetime) -> None:
    item = shift.item
    if shift.reader is None:
        put_on_list(
            connection,
            letters.school,
            item.spool_id,
            "nobody reads for its class any more",
            now,
            key=f"no-hours/{item.item_id}",
            failed="digest",
        )
        digests.withdraw_item(connection, item.item_id, now)
        return
    if shift.reader.staff_id != item.staff_id:
        if not to_heir(connection, letters.school, item, shift.reader, shift.reads_at, now):
            return
    else:
        digests.hand_over(connection, item.item_id, item.staff_id, shift.reads_at)
    if item.kind == "message" and shift.reads_at > shift.told:
        _tell_of_the_reading(connection, letters, shift, shift.reader.staff_id, now)


def _tell_of_the_reading(
    connection: Connection, letters: Letters, shift: Shift, staff_id: str, now: datetime
) -> None:
    """Put right the reading time that a guardian was told, once for each class and new time."""
    item = shift.item
    if not _was_told(connection, item, (item.reads_at, item.promised, item.moved_to)):
        return
    promise = _promised(connection, shift, now)
    notice = SendNotice(
        NoticeKind.MOVED,
        _address(connection, item.spool_id),
        item.guardian_id,
        item.class_id,
        staff_id=staff_id,
        reads_at=shift.reads_at,
        due=promise.due,
        acknowledge_by=promise.acknowledge_by,
        old_reads_at=shift.told,
    )
    promises.moved(connection, item.spool_id, promise.due, shift.reads_at)
    _send(connection, letters, item.spool_id, notice, now)


def _tell_of_the_answer(
    connection: Connection, letters: Letters, shift: DueShift, now: datetime
) -> None:
    """Put right by when a guardian was told that they are answered; they read when they did."""
    promise = shift.promise
    times = (promise.reads_at, promise.moved_to)
    if promise.moved_due is None and not _was_told(connection, promise, times):
        return
    notice = SendNotice(
        NoticeKind.MOVED,
        _address(connection, promise.spool_id),
        promise.guardian_id,
        promise.class_id,
        staff_id=shift.reader.staff.staff_id,
        due=shift.due,
        old_due=promises.due_told(promise),
    )
    promises.moved(connection, promise.spool_id, shift.due)
    _send(connection, letters, promise.spool_id, notice, now)


def _send(
    connection: Connection, letters: Letters, spool_id: str, notice: SendNotice, now: datetime
) -> None:
    if note_once(connection, letters.school, spool_id, notice, now):
        source = letters.source(connection, spool_id, now)
        send_notice(connection, letters, source, notice, now)


def _address(connection: Connection, spool_id: str) -> str:
    query = select(t.messages.c.originator).where(t.messages.c.spool_id == spool_id)
    return connection.execute(query).scalar() or ""


def _was_told(connection: Connection, row: Row[Any], times: tuple[datetime | None, ...]) -> bool:
    """Whether the guardian knows of one of the times at which the message was to be read."""
    keys = [
        f"{row.guardian_id}/{kind}/{row.class_id}/{at.isoformat()}"
        for kind in _TOLD_A_TIME
        for at in times
        if at is not None
    ]
    query = select(t.notices.c.key).where(t.notices.c.key.in_(keys)).limit(1)
    found = connection.execute(query).first() is not None
    return found and bool(_address(connection, row.spool_id))


def _promised(connection: Connection, shift: Shift, now: datetime) -> PromiseMade:
    """Return what is promised from now on: counted from the arrival, if nobody has read since."""
    arrived = connection.execute(
        select(t.messages.c.arrived).where(t.messages.c.spool_id == shift.item.spool_id)
    ).scalar_one()
    promise = shift.calendar.promise(arrived)
    return promise if promise.reads_at == shift.reads_at else shift.calendar.promise(now)
