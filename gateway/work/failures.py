"""What happens when a mail of ours failed for good: a person is told, in the same transaction."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from gateway.clock import Clock
from gateway.school import School
from gateway.store import digests, journal
from gateway.store import schema as t
from gateway.store.outbox import Leased
from gateway.work.effects import QUEUE_ROLES

log = logging.getLogger(__name__)

_WHAT = {
    "answer": "the answer to this message could not be delivered to the parent",
    "digest": "this message could not be delivered to the teacher",
    "office": "this message could not be delivered to the office",
    "safeguarding": "the safeguarding mail about this message could not be delivered",
    "report": "the report of this message could not be delivered",
}


@dataclass(frozen=True, slots=True)
class Failures:
    """Tells the office, or whoever stands in for it, about mail that could not be delivered."""

    clock: Clock
    schools: Mapping[str, School]

    def tell(self, connection: Connection, leased: Leased) -> None:
        """Put what the failed mail was about where a person sees it."""
        now = self.clock.now()
        log.error("mail_failed", extra={"outbox_id": leased.outbox_id, "kind": leased.kind})
        journal.record(
            connection,
            school_id=leased.school_id,
            spool_id=leased.spool_id,
            event="mail-failed",
            key=f"{leased.outbox_id}/failed",
            at=now,
            detail={"kind": leased.kind, "outbox_id": leased.outbox_id},
        )
        if leased.kind == "safeguarding" and leased.spool_id is not None:
            _tell_the_next_now(connection, leased.spool_id, now)
        if leased.kind == "office-queue":
            return  # a list about lists could go round for ever; `queue` shows what it held
        for spool_id in _messages_in(connection, leased):
            self._queue(connection, leased, spool_id, now)

    def _queue(self, connection: Connection, leased: Leased, spool_id: str, now: datetime) -> None:
        school = self.schools[leased.school_id]
        holders = school.staffing(connection, now).leads
        reader = next(
            (
                person
                for role in QUEUE_ROLES
                for person in holders
                if role in person.roles and person.address != leased.recipient
            ),
            None,
        )
        if reader is None:
            return
        digests.add_item(
            connection,
            key=f"{spool_id}/{reader.staff_id}/failed/{leased.outbox_id}",
            spool_id=spool_id,
            staff_id=reader.staff_id,
            kind="queue",
            reads_at=now,
            detail={
                "why": _WHAT.get(leased.kind, "a notice about it could not be delivered"),
                "failed": leased.kind,
            },
            now=now,
        )


def _messages_in(connection: Connection, leased: Leased) -> list[str]:
    """Return the messages a failed mail carried: one, or all the entries of a digest."""
    parts = leased.key.split("/")
    if parts[0] == "digest":
        rows = connection.execute(
            select(t.digest_items.c.spool_id).where(t.digest_items.c.digest_id == parts[1])
        )
        return [row.spool_id for row in rows]
    return [leased.spool_id] if leased.spool_id else []


def _tell_the_next_now(connection: Connection, spool_id: str, now: datetime) -> None:
    connection.execute(
        update(t.safeguarding_cases)
        .where(
            t.safeguarding_cases.c.spool_id == spool_id,
            t.safeguarding_cases.c.state == "open",
            t.safeguarding_cases.c.tell_next_at.is_not(None),
        )
        .values(tell_next_at=now)
    )
