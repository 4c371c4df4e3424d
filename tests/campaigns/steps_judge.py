"""Was anything given outside, twice, or far too late, although a clock was wrong for a while?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import select

from gateway.store import schema as t
from gateway.store.audit import audit
from gateway.store.engine import Store
from tests.campaigns.steps_world import Event, Trouble
from tests.campaigns.year_oracle import Oracle
from tests.campaigns.year_school import ROOMS, TEACHERS
from tests.campaigns.year_sink import Taken, text_of
from tests.installation import DSL, HEAD, OFFICE

Seen = Sequence[tuple[Taken, datetime]]
_MARK = re.compile(r"\byr(\d{5})end\b")
TOLD_NEXT_AFTER = timedelta(minutes=15)  # safeguarding.escalate_after_minutes of the policy
# After the smarthost is back: its longest rest, or the longest wait between two attempts.
REST = {"": timedelta(0), "all": timedelta(minutes=2), "recipients": timedelta(minutes=70)}
A_MOMENT = timedelta(minutes=1)
ONE_WINDOW = timedelta(minutes=20)  # cuts of one window are no further apart


class Judge:
    """Looks at one run."""

    def __init__(self, store: Store, school_id: str, seen: Seen, oracle: Oracle) -> None:
        self._store = store
        self._school_id = school_id
        self._seen = seen
        self._oracle = oracle
        self._marks: dict[str, frozenset[str]] = {}
        self.counts: Counter[str] = Counter()

    def faults(self, trouble: Trouble, events: Sequence[Event]) -> Iterator[str]:
        """Yield whatever is wrong."""
        yield from self._outside()
        yield from self._twice()
        for event in events:
            if event.what == "mail":
                self.counts[f"to {event.kind}"] += 1
                yield from self._late(event, trouble)
        with self._store.read() as connection:
            found = audit(connection, self._school_id)
            left = connection.execute(
                select(t.outbox.c.kind, t.outbox.c.state).where(
                    t.outbox.c.state.in_(("waiting", "leased", "failed"))
                )
            ).all()
        if not found.is_whole:
            yield f"the audit is not whole: {found.faults[:2]}"
        yield from (f"a mail of kind {row.kind} is {row.state} in the end" for row in left)

    def _outside(self) -> Iterator[str]:
        for taken, true in self._seen:
            if taken.recipient in TEACHERS:
                self.counts["mails to teachers"] += 1
                if not self._oracle.is_open(taken.recipient, taken.at):
                    yield f"OUTSIDE: {taken.recipient} at {taken.at}, truly {true}"

    def _twice(self) -> Iterator[str]:
        names = Counter(taken.message_id for taken, _true in self._seen)
        yield from (
            f"TWICE: {name} left {count} times" for name, count in names.items() if count > 1
        )
        # A digest's item is in one digest by its row; so it is twice only if its mail is.
        with self._store.read() as connection:
            told = Counter(connection.execute(select(t.notices.c.spool_id, t.notices.c.kind)).all())
            held = Counter(connection.execute(select(t.digests.c.staff_id, t.digests.c.cut)).all())
        self.counts["notices"] += sum(told.values())
        self.counts["digests"] += sum(held.values())
        for what, count in (*told.items(), *held.items()):
            if count > 1:
                yield f"TWICE: {count} times {what}"

    def _late(self, event: Event, trouble: Trouble) -> Iterator[str]:
        match event.kind:
            case "office":
                yield from self._reaches(event, OFFICE, self._at_once(event.at, trouble))
            case "dsl":
                yield from self._reaches(event, DSL, self._at_once(event.at, trouble))
                told_next = event.at + TOLD_NEXT_AFTER
                by = self._at_once(told_next, trouble)
                if trouble.first <= told_next and event.at <= trouble.well:
                    # Its clock was wrong while it waited: a quarter of an hour from then on.
                    by = max(by, self._at_once(trouble.well + TOLD_NEXT_AFTER, trouble))
                yield from self._reaches(event, HEAD, by)
            case _:
                yield from self._reaches_a_teacher(event, trouble)

    def _at_once(self, at: datetime, trouble: Trouble) -> datetime:
        """Return until when what is urgent at `at` must have left."""
        if trouble.first <= at + A_MOMENT and at <= trouble.well:
            at = trouble.well + REST[trouble.refusing]
        elif trouble.well < at < trouble.well + REST[trouble.refusing]:
            at += REST[trouble.refusing]  # the smarthost may still be left alone
        return at + A_MOMENT

    def _reaches(self, event: Event, recipient: str, by: datetime) -> Iterator[str]:
        times = [true for taken, true in self._seen if self._shows(taken, event, recipient)]
        if not times:
            yield f"LOST: {event.number} of {event.at} never reached {recipient}"
        elif min(times) > by:
            yield f"LATE: {event.number} of {event.at}: {recipient} at {min(times)}, not by {by}"

    def _reaches_a_teacher(self, event: Event, trouble: Trouble) -> Iterator[str]:
        who, cut = self._oracle.reader(event.room, event.at)
        readers = {*ROOMS[event.room], who}
        times = [
            true for taken, true in self._seen for one in readers if self._shows(taken, event, one)
        ]
        by = cut + A_MOMENT
        if trouble.first <= cut and event.at <= trouble.well + REST[trouble.refusing]:
            by = self._end_of_next_window(readers, trouble.well + REST[trouble.refusing])
        if not times:
            yield f"LOST: {event.number} of {event.at} never reached {who}"
        elif min(times) > by:
            yield f"LATE: {event.number} of {event.at}: {who} at {min(times)}, not by {by}"

    def _end_of_next_window(self, readers: Collection[str], after: datetime) -> datetime:
        """Return the last cut of the second window, for any of the readers, after `after`."""
        latest = after
        for who in readers:
            cuts = [cut for cut in self._oracle.cuts(who) if cut >= after]
            windows = 1
            for earlier, later in pairwise(cuts):
                windows += later - earlier > ONE_WINDOW
                if windows > 2:
                    latest = max(latest, earlier)
                    break
        return latest + ONE_WINDOW

    def _shows(self, taken: Taken, event: Event, recipient: str) -> bool:
        if taken.recipient != recipient:
            return False
        if taken.message_id not in self._marks:
            self._marks[taken.message_id] = frozenset(_MARK.findall(text_of(taken.octets)))
        return f"{event.number:05}" in self._marks[taken.message_id]
