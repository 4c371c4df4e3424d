"""What must not sleep when the clock is put back? Called back: mail, reading times, alerts.

A machine's clock may have been a day ahead for a minute. What was written down in that minute
for "in a quarter of an hour" would wait for a day. So when the clock goes back, and when the
program starts, everything that waits is timed again by the clock as it is now: earlier or as
it was, never later. Nothing is sent by this: the hours are asked before anything leaves.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from gateway.clock import Clock
from gateway.school import School
from gateway.store import ahead, cases, digests
from gateway.store.engine import Store
from gateway.work.line import next_telling
from rules.calendar import NoReadingTime

log = logging.getLogger(__name__)

# A clock that is kept right by small steps back is no clock that was wrong.
NO_STEP = timedelta(seconds=2)
# Of what waits for staff, what is timed by the calendar alone: the rest is timed by its own rule.
_AT_THE_NEXT_CUT = ("message", "with-dsl")


@dataclass(slots=True)
class ClockPutBack:
    """Notices that the clock was put back, and times again what waits."""

    store: Store
    clock: Clock
    schools: Mapping[str, School]
    _latest: datetime | None = field(default=None, init=False)

    def run_once(self) -> int:
        """Time again what waits, if the clock was put back; return how much was called back."""
        now = self.clock.now()
        is_due = self._is_due(now)
        before, self._latest = self._latest, now
        if not is_due:
            return 0
        with self.store.begin() as connection:
            called = ahead.call_back_mail(connection, now)
            called += sum(
                self._call_back_item(connection, item, now)
                for item in ahead.items_ahead(connection, now)
            )
            called += sum(
                self._call_back_case(connection, case, now)
                for case in ahead.cases_ahead(connection, now)
            )
        if before is not None:
            seconds = round((before - now).total_seconds())
            log.warning("clock_put_back", extra={"seconds": seconds, "called_back": called})
        return called

    def next_due(self) -> datetime | None:
        """Return the present when the clock was put back; None while it only goes on."""
        now = self.clock.now()
        return now if self._is_due(now) else None

    def _is_due(self, now: datetime) -> bool:
        return self._latest is None or now < self._latest - NO_STEP

    def _call_back_item(self, connection: Connection, item: Row[Any], now: datetime) -> int:
        reads_at = self._reads_at(connection, item, now)
        if reads_at is None or reads_at >= item.reads_at:
            return 0
        digests.postpone(connection, [item.item_id], reads_at)
        return 1

    def _reads_at(self, connection: Connection, item: Row[Any], now: datetime) -> datetime | None:
        for school in self.schools.values():
            person = school.staffing(connection, now).everybody.get(item.staff_id)
            if person is None:
                continue
            if item.kind == "queue":
                return now
            if item.kind == "list":
                return school.calendar.next_office_opening(now)
            if item.kind in _AT_THE_NEXT_CUT:
                try:
                    return school.calendar_of(person.address).next_cut(now)
                except NoReadingTime:
                    return None
        return None

    def _call_back_case(self, connection: Connection, case: Row[Any], now: datetime) -> int:
        school = self.schools[case.school_id]
        at = next_telling(school, case.line, case.told, now)
        if at >= case.tell_next_at:
            return 0
        cases.told_another(connection, case.spool_id, case.told, at)
        return 1
