"""What happens when a mail of ours failed for good: a person is told, in the same transaction."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from gateway.clock import Clock
from gateway.invites.mailing import give_up
from gateway.school import School
from gateway.store import cases, journal
from gateway.store import schema as t
from gateway.store.digests import SHOWN_KINDS
from gateway.store.outbox import WITH_A_CODE, Leased
from gateway.work.given_back import give_back
from gateway.work.kept_back import words_of
from gateway.work.office_queue import pass_on, put_on_list
from gateway.work.undelivered import not_delivered

log = logging.getLogger(__name__)

_WHAT = {
    "answer": "the answer to this message could not be delivered to the parent",
    "digest": "this message could not be delivered to the teacher",
    "office": "this message could not be delivered to the office",
    "safeguarding": "the safeguarding mail about this message could not be delivered",
    "returned": "an answer by staff could not be sent, and its writer has left",
    "whole": "the files that a teacher asked for could not be delivered",
    WITH_A_CODE: "an invite code that was asked for could not be delivered: a letter is needed",
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
        if leased.kind == WITH_A_CODE:
            give_up(connection, leased, now)
        if leased.kind == "safeguarding" and leased.spool_id is not None:
            cases.tell_next_at_once(connection, leased.spool_id, now)
        if leased.kind == "answer" and leased.spool_id is not None:
            self._answer_failed(connection, leased, leased.spool_id, now)
            return
        if leased.kind == "office-queue":
            school = self.schools[leased.school_id]
            pass_on(connection, school, _items_in(connection, leased), leased.recipient, now)
            return
        for spool_id, answer in _messages_in(connection, leased):
            self._queue(connection, leased, spool_id, now, answer)

    def withheld(self, connection: Connection, leased: Leased) -> None:
        """Put where a person sees it what its recipient may not be given any more."""
        now = self.clock.now()
        if leased.kind == WITH_A_CODE:
            give_up(connection, leased, now)
        elif leased.kind == "digest":
            give_back(connection, self.schools[leased.school_id], leased, now)
        elif leased.kind in ("answer", "returned") and leased.spool_id is not None:
            # Whoever wrote it believes that the parent was answered.
            words = words_of(connection, [leased.key])
            self._queue(connection, leased, leased.spool_id, now, words)

    def _answer_failed(
        self, connection: Connection, leased: Leased, spool_id: str, now: datetime
    ) -> None:
        words = not_delivered(
            connection,
            self.schools[leased.school_id],
            outbox_id=leased.outbox_id,
            key=leased.key,
            spool_id=spool_id,
            queued=leased.queued,
            now=now,
        )
        self._queue(connection, leased, spool_id, now, words)

    def _queue(
        self,
        connection: Connection,
        leased: Leased,
        spool_id: str,
        now: datetime,
        answer: str = "",
    ) -> None:
        school = self.schools[leased.school_id]
        leads = school.staffing(connection, now).leads
        # Once for each message and kind: an alert is tried again every morning. But every
        # answer is somebody's own words, and none of them may be lost without a trace.
        which = f"answer/{leased.outbox_id}" if leased.kind == "answer" else leased.kind
        put_on_list(
            connection,
            school,
            spool_id,
            _WHAT.get(leased.kind, "a notice about it could not be delivered"),
            now,
            key=f"failed/{which}",
            failed=leased.kind,
            besides={one.staff_id for one in leads if one.address == leased.recipient},
            answer=answer,
        )


def _messages_in(connection: Connection, leased: Leased) -> list[tuple[str, str]]:
    """Return the messages a failed mail carried, each with an answer that it was to show."""
    if leased.kind == "digest":
        # What is with the safeguarding lead was only named there, and is not for the office.
        return [
            (item.spool_id, item.detail.get("kept_back", ""))
            for item in _items_in(connection, leased)
            if item.kind in SHOWN_KINDS
        ]
    return [(leased.spool_id, "")] if leased.spool_id else []


def _items_in(connection: Connection, leased: Leased) -> list[Row[Any]]:
    """Return the items of a failed digest or list; its key is `digest/ID/…` or `queue/ID`."""
    digest_id = leased.key.split("/")[1]
    i = t.digest_items
    return list(
        connection.execute(select(i).where(i.c.digest_id == digest_id).order_by(i.c.item_id))
    )
