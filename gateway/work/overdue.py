"""A promised answer is late: what tells the reader, and one window later the office, is a row.

Each step can be run again: a reminder is written once for each promise, and moves with the
calendar until somebody has been given it. Whoever keeps the promise takes it back.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from gateway.clock import Clock
from gateway.school import School
from gateway.store import digests, people, promises, reminders
from gateway.store.engine import Store
from gateway.work.office_queue import next_holder
from gateway.work.reachable import reachable_from, teaches
from rules.calendar import SchoolCalendar
from rules.overdue import office_told_at, reader_told_at
from rules.people import Staff
from rules.readers import Reader, reader_for

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Overdue:
    """Watches the promises of the schools."""

    store: Store
    clock: Clock
    schools: Mapping[str, School]
    # The hours and readers by which each school's reminders were last timed.
    _timed: dict[str, object] = field(default_factory=dict, init=False, compare=False)

    def run_once(self) -> int:
        """Plan who is told about what is late; return how many reminders were written or moved."""
        now = self.clock.now()
        with self.store.read() as connection:
            for school in self.schools.values():
                school.refresh(connection)
        done = self._each(reminders.unacknowledged, self._acknowledge, now)
        done += self._each(reminders.unplanned, self._late, now)
        return done + sum(self._time_again(school, now) for school in self.schools.values())

    def next_due(self) -> datetime | None:
        """Return when the next promise falls late, if one does."""
        with self.store.read() as connection:
            return reminders.next_due(connection)

    def _each(
        self,
        found: Callable[[Connection, datetime], list[Row[Any]]],
        plan: Callable[[Connection, Row[Any], datetime], int],
        now: datetime,
    ) -> int:
        with self.store.read() as connection:
            late = [row.spool_id for row in found(connection, now)]
        done = 0
        for spool_id in late:
            try:
                with self.store.begin() as connection:
                    promise = promises.held(connection, spool_id)
                    if promise is not None and promise.kept is None:
                        done += plan(connection, promise, now)
            except Exception:
                # The edge of one promise: it stays late, and no other parent waits because of it.
                log.exception("reminding_failed", extra={"spool_id": spool_id})
        return done

    def _acknowledge(self, connection: Connection, promise: Row[Any], now: datetime) -> int:
        """Let the reader's next digest say that the parent waits for a sign."""
        reader = self._reader(connection, promise, promise.acknowledge_by, now)
        at = reader_told_at(reader.calendar, promise.acknowledge_by) if reader else None
        return self._remind(
            connection,
            promise,
            now,
            key=f"{promises.ACKNOWLEDGE}{promise.spool_id}",
            kind="overdue",
            # Nobody reads for the class now: it goes to who was given the message.
            staff_id=reader.staff.staff_id if reader else promise.staff_id,
            reads_at=at or now,
            due=promise.acknowledge_by,
            acknowledge=True,
        )

    def _late(self, connection: Connection, promise: Row[Any], now: datetime) -> int:
        since, reader = self._since(connection, promise, now)
        told_at = reader_told_at(reader.calendar, since) if reader else None
        reminders.withdraw_acknowledgement(connection, promise.spool_id, now)
        done = 0
        # What is given only after its time stands in that digest as late.
        comes_in_time = promise.given is not None or promise.moved_due is not None
        if reader is not None and told_at is not None and comes_in_time:
            done += self._remind(
                connection,
                promise,
                now,
                key=f"overdue/{promise.spool_id}",
                kind="overdue",
                staff_id=reader.staff.staff_id,
                reads_at=told_at,
                due=since,
            )
        found = self._office(connection, promise, since, reader, now)
        if found is None:
            log.error("nobody_to_tell", extra={"spool_id": promise.spool_id})
            promises.office_told(connection, [promise.spool_id], now)
            return done
        holder, opening = found
        return done + self._remind(
            connection,
            promise,
            now,
            key=f"late/{promise.spool_id}",
            kind="late",
            staff_id=holder.staff_id,
            reads_at=opening,
            due=since,
        )

    def _remind(
        self,
        connection: Connection,
        promise: Row[Any],
        now: datetime,
        *,
        key: str,
        kind: str,
        staff_id: str,
        reads_at: datetime,
        due: datetime,
        acknowledge: bool = False,
    ) -> int:
        day = self.schools[promise.school_id].today(promise.made)
        pupils = people.pupils_between(connection, promise.guardian_id, promise.class_id, day)
        return digests.add_item(
            connection,
            key=key,
            spool_id=promise.spool_id,
            staff_id=staff_id,
            kind=kind,
            reads_at=reads_at,
            due=due,
            guardian_id=promise.guardian_id,
            class_id=promise.class_id,
            detail={"pupils": list(pupils), "acknowledge": acknowledge},
            now=now,
        )

    def _time_again(self, school: School, now: datetime) -> int:
        """Move what waits with the calendar and the roster, once for each change of them."""
        with self.store.read() as connection:
            staffing = school.staffing(connection, now)
            by = (school.calendar, staffing)
            if self._timed.get(school.school_id) == by:
                return 0
            planned = reminders.planned(connection)
        waiting = [row for row in planned if row.school_id == school.school_id]
        moved = 0
        if waiting:
            with self.store.begin() as connection:
                moved = sum(self._move(connection, school, row, now) for row in waiting)
        self._timed[school.school_id] = by
        return moved

    def _move(self, connection: Connection, school: School, row: Row[Any], now: datetime) -> int:
        since, reader = self._since(connection, row, now)
        if row.kind == "late":
            found = self._office(connection, row, since, reader, now)
            whom, at = (found[0].staff_id, found[1]) if found else (row.told_to, row.told_at)
        else:
            told_at = reader_told_at(reader.calendar, since) if reader else None
            # What is due now is for the digest to give, or to put off.
            if reader is None or told_at is None or row.told_at <= now:
                return 0
            whom, at = reader.staff.staff_id, told_at
        if (at, whom) == (row.told_at, row.told_to):
            return 0
        digests.hand_over(connection, row.item_id, whom, at)
        return 1

    def _since(
        self, connection: Connection, promise: Row[Any], now: datetime
    ) -> tuple[datetime, Reader | None]:
        """Return from when the answer counts as late, and who reads soonest from then on.

        A guardian who was told of a later answer waits from then on.
        """
        since = promises.due_told(promise)
        return since, self._reader(connection, promise, since, now)

    def _office(
        self,
        connection: Connection,
        promise: Row[Any],
        since: datetime,
        reader: Reader | None,
        now: datetime,
    ) -> tuple[Staff, datetime] | None:
        """Return who in the office is told, and in which morning; None when there is nobody."""
        school = self.schools[promise.school_id]
        staffing = school.staffing(connection, now)
        holder = next_holder(staffing)
        if holder is None:
            return None
        at = office_told_at(reader.calendar if reader else None, school.calendar, since)
        if teaches(staffing, holder):
            # Whoever stands in for the office and teaches keeps to their own hours.
            at = reachable_from(school, staffing, holder, at) or at
        return holder, at

    def _reader(
        self, connection: Connection, promise: Row[Any], after: datetime, now: datetime
    ) -> Reader | None:
        """Return who reads soonest for the class from `after` on."""
        school = self.schools[promise.school_id]
        staffing = school.staffing(connection, now)
        room = staffing.rooms.get(promise.class_id)

        def calendar_of(staff_id: str) -> SchoolCalendar:
            return school.calendar_of(staffing.everybody[staff_id].address)

        return reader_for(room, calendar_of, after) if room is not None else None
