"""At a cut, what waits for each reader becomes one mail, in one transaction with its membership."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from gateway.clock import Clock
from gateway.school import School
from gateway.store import cases, digests, people, promises
from gateway.store.engine import Store
from gateway.work.digest_entries import EntryWriter
from gateway.work.digest_mail import queue_digest
from gateway.work.hand_over import hand_over, wait_again
from gateway.work.letters import Letters
from gateway.work.office_queue import queue_letter
from gateway.work.source import Source
from rules.calendar import SchoolCalendar
from rules.people import Staff

log = logging.getLogger(__name__)

# A digest made in the last moments of a window would reach the teacher after it.
ROOM_TO_SEND = timedelta(minutes=2)
_WITH_THE_LEAD = ("open", "acknowledged", "kept")


@dataclass(frozen=True, slots=True)
class Digester:
    """Makes the digests that are due. Running it again adds nothing."""

    store: Store
    clock: Clock
    schools: Mapping[str, School]
    letters: Callable[[School], Letters]

    def run_once(self) -> int:
        """Make every digest that is due; return how many mails were queued."""
        with self.store.read() as connection:
            readers = digests.readers_due(connection, self.clock.now())
        made = 0
        for staff_id in readers:
            try:
                at_hand = self._read_before(staff_id)
                with self.store.begin() as connection:
                    made += self._for_reader(connection, staff_id, at_hand)
            except Exception:
                # The edge of one reader: what waits for the others must not wait because of it.
                log.exception("digest_failed", extra={"staff_id": staff_id})
        return made

    def _read_before(self, staff_id: str) -> dict[str, Source]:
        """Return what waits for a reader, read before the store is held against all others.

        A message that is hard to read may take seconds; intake must not wait for it.
        """
        now = self.clock.now()
        with self.store.read() as connection:
            items = digests.waiting_for(connection, staff_id, now)
            letters = self.letters(self.schools[people.school_of_staff(connection, staff_id)])
            return {item.spool_id: letters.source(connection, item.spool_id, now) for item in items}

    def _for_reader(
        self, connection: Connection, staff_id: str, at_hand: Mapping[str, Source]
    ) -> int:
        now = self.clock.now()
        items = digests.waiting_for(connection, staff_id, now)
        if not items:
            return 0
        school = self.schools[people.school_of_staff(connection, staff_id)]
        school.refresh(connection)
        letters = replace(self.letters(school), at_hand=at_hand)
        reader = letters.staff(connection, staff_id, now)
        if reader is None:
            return 0
        if staff_id not in school.staffing(connection, now).current:
            hand_over(connection, school, items, now)
            return 1
        for_office = [item for item in items if item.kind in digests.OFFICE_KINDS]
        made = 0
        if for_office:
            made += self._office(connection, letters, reader, for_office, now)
        for_teacher = [item for item in items if item.kind not in digests.OFFICE_KINDS]
        for_teacher = _still_wanted(connection, for_teacher, now)
        if for_teacher:
            made += self._teacher(connection, letters, reader, for_teacher, now)
        return made

    def _office(
        self,
        connection: Connection,
        letters: Letters,
        reader: Staff,
        items: list[Row[Any]],
        now: datetime,
    ) -> int:
        instant = digests.instant_of_list(connection, reader.staff_id, now)
        digest_id = _close(connection, letters.school, reader, items, instant, now)
        late = [item.spool_id for item in items if item.kind == "late"]
        promises.office_told(connection, late, now)
        return queue_letter(connection, letters, reader, items, digest_id, now)

    def _teacher(
        self,
        connection: Connection,
        letters: Letters,
        reader: Staff,
        items: list[Row[Any]],
        now: datetime,
    ) -> int:
        """Queue the teacher's digest, or let it wait when its window was missed."""
        school = letters.school
        calendar = school.calendar_of(reader.address)
        cut = _latest_cut(calendar, now)
        if (
            cut is None
            or digests.was_made(connection, reader.staff_id, cut)
            or not calendar.may_deliver(now, ROOM_TO_SEND)
        ):
            wait_again(connection, school, reader, items, now)
            return 0
        digest_id = _close(connection, school, reader, items, cut, now)
        sources = {item.spool_id: letters.source(connection, item.spool_id, now) for item in items}
        writer = EntryWriter(connection, school, letters, reader, calendar, cut, now)
        made = queue_digest(writer, digest_id, items, sources)
        # Only now: what an entry says depends on what its reader had been given before.
        given = [item.spool_id for item in items if item.kind in digests.SHOWN_KINDS]
        promises.given(connection, given, now)
        reminded = [
            item.spool_id
            for item in items
            # To say "I have it" is asked for before the answer is late.
            if item.kind == "overdue" and not item.key.startswith(promises.ACKNOWLEDGE)
        ]
        promises.reader_told(connection, reminded, now)
        return made


def _still_wanted(
    connection: Connection, items: Sequence[Row[Any]], now: datetime
) -> list[Row[Any]]:
    """Return what is still to be shown; the rest is taken back.

    The safeguarding lead has got some of it meanwhile, and what was put off has been answered.
    """
    wanted = []
    for item in items:
        case = cases.find(connection, item.spool_id)
        with_the_lead = case is not None and case.state in _WITH_THE_LEAD
        if item.kind in digests.SHOWN_KINDS and (with_the_lead or _is_done(connection, item)):
            digests.withdraw_item(connection, item.item_id, now)
        else:
            wanted.append(item)
    return wanted


def _is_done(connection: Connection, item: Row[Any]) -> bool:
    """Whether what was put off has been dealt with since it was."""
    if item.kind != "snoozed":
        return False
    promise = promises.find(connection, item.spool_id)
    if promise is None or promise.kept is None:
        return False
    kept: datetime = promise.kept
    return kept >= datetime.fromisoformat(item.detail["asked"])


def _close(
    connection: Connection,
    school: School,
    reader: Staff,
    items: list[Row[Any]],
    cut: datetime,
    now: datetime,
) -> str:
    return digests.close(
        connection,
        school_id=school.school_id,
        staff_id=reader.staff_id,
        cut=cut,
        item_ids=[item.item_id for item in items],
        now=now,
    )


def _latest_cut(calendar: SchoolCalendar, now: datetime) -> datetime | None:
    """Return the cut that is due now; None outside the windows."""
    window = calendar.window_at(now)
    past = [cut for cut in calendar.cuts(window) if cut <= now] if window is not None else []
    return past[-1] if past else None
