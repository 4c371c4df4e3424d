"""Decides one spooled message and records all that follows from it, or nothing.

Reading, judging and understanding happen before the transaction; looking up,
deciding and writing inside it. Killed anywhere, it runs again and adds nothing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.exc import OperationalError

from gateway.clock import Clock
from gateway.mail.limits import TooMuch
from gateway.mail.limits import Unreadable as UnreadableContent
from gateway.school import School
from gateway.store import journal, spool, threads
from gateway.store import schema as t
from gateway.store.engine import Store
from gateway.tokens import Keys
from gateway.work.answered import in_own_words
from gateway.work.effects import Applying
from gateway.work.facts import Understood, look_up
from gateway.work.letters import Letters
from gateway.work.reader import Reader
from gateway.work.records import record_of, understanding_record
from gateway.work.source import load_source
from rules.decide import decide, decide_unreadable
from rules.effects import Decision
from rules.facts import Facts
from rules.message import Envelope, Inbound, Unreadable

log = logging.getLogger(__name__)

GIVEN_UP = "it stopped our reader again and again"


@dataclass(frozen=True, slots=True)
class Settler:
    """Settles what has arrived, oldest first."""

    store: Store
    clock: Clock
    schools: Mapping[str, School]
    keys: Keys
    reader: Reader
    letters: Callable[[School], Letters]
    attempts: int = 3
    batch: int = 100
    queue_every: timedelta = timedelta(minutes=5)

    def run_once(self, sizes: range = spool.ANY_SIZE) -> int:
        """Settle what waits, at most one batch; return how many were settled.

        `sizes`, in octets, leaves out shorter and longer ones. Messages of different sizes
        may be settled at the same time: copies of one message have one size.
        """
        with self.store.read() as connection:
            waiting = spool.next_received(connection, self.batch, sizes)
        settled = 0
        for spool_id in waiting:
            try:
                self.settle(spool_id)
                settled += 1
            except OperationalError:
                # The store is away or locked: no fault of the message, and the rest would fail too.
                log.exception("store_unavailable")
                break
            except Exception:
                log.exception("settling_failed", extra={"spool_id": spool_id})
                self._tried(spool_id)
        return settled

    def settle(self, spool_id: str) -> None:
        """Settle one message whole, or leave it as it was."""
        with self.store.read() as connection:
            row = _row(connection, spool_id)
            octets = spool.read_raw(connection, spool_id)
        if row.state != spool.RECEIVED:
            return
        school = self.schools[row.school_id]
        envelope = Envelope(spool_id, row.arrived, row.reverse_path, row.recipient, row.size_bytes)
        message = self._read(envelope, octets, row.attempts)
        if isinstance(message, Inbound):
            with self.store.read() as connection:
                message = in_own_words(connection, message)
        try:
            found = self.reader.understand(message, octets, school)
        except UnreadableContent as fault:
            message = self.reader.unreadable(envelope, octets, str(fault))
            found = self.reader.understand(message, octets, school)
        except Exception:
            if row.attempts < self.attempts:
                raise
            # Our own fault, again and again: a person must have it all the same.
            log.exception("not_understood", extra={"spool_id": spool_id})
            message = self.reader.unreadable(envelope, octets, GIVEN_UP)
            found = self.reader.not_understood(message, octets)
        with self.store.begin() as connection:
            if _state_held(connection, spool_id) != spool.RECEIVED:
                return
            self._record(connection, school, message, octets, found)
        log.info("message_settled", extra={"spool_id": spool_id})

    def _read(self, envelope: Envelope, octets: bytes, attempts: int) -> Inbound | Unreadable:
        if attempts >= self.attempts:
            return self.reader.unreadable(envelope, octets, GIVEN_UP)
        try:
            return self.reader.inbound(envelope, octets)
        except (TooMuch, UnreadableContent) as fault:
            return self.reader.unreadable(envelope, octets, str(fault))

    def _record(
        self,
        connection: Connection,
        school: School,
        message: Inbound | Unreadable,
        octets: bytes,
        found: Understood,
    ) -> None:
        now = self.clock.now()
        school.refresh(connection, hold=True)
        spool_id = message.envelope.spool_id
        inbound = message if isinstance(message, Inbound) else self.reader.blank(message)
        facts = look_up(connection, school, self.keys, inbound, found)
        if isinstance(message, Inbound):
            decision = decide(message, facts)
        else:
            decision = decide_unreadable(message, facts)
        self._mark(connection, school, message, decision, found, now)
        # Before the effects: an alert tells its reader what decided.
        journal.record(
            connection,
            school_id=school.school_id,
            spool_id=spool_id,
            event="decided",
            at=now,
            policy_version=decision.policy_version,
            detail=record_of(decision) | _found(facts),
        )
        source = load_source(
            connection, school, self.reader, spool_id, now, inbound.content, octets
        )
        letters = self.letters(school)
        if isinstance(message, Inbound):
            letters = replace(letters, at_hand={spool_id: source})
        applying = Applying(connection, school, letters, source, decision, now, self.queue_every)
        for effect in decision.effects:
            applying.apply(effect)

    def _mark(
        self,
        connection: Connection,
        school: School,
        message: Inbound | Unreadable,
        decision: Decision,
        found: Understood,
        now: datetime,
    ) -> None:
        """Write what is now known of the message, and that it is settled."""
        values: dict[str, Any] = {
            "state": "settled" if isinstance(message, Inbound) else "set_aside",
            "settled_at": now,
            "ending": str(decision.ending),
            "content_key": found.content_key,
            "authenticity": "unverified",
        }
        if isinstance(message, Inbound):
            content = message.content
            values["message_id"] = content.message_id
            values["originator"] = content.originator.mailbox
            values["authenticity"] = str(message.authenticity)
        values["guardian_id"], values["class_id"] = decision.guardian_id, decision.class_id
        if decision.guardian_id and decision.class_id and isinstance(message, Inbound):
            values["thread_id"] = threads.find_or_begin(
                connection,
                school_id=school.school_id,
                guardian_id=decision.guardian_id,
                class_id=decision.class_id,
                references=message.content.references,
                subject=message.content.subject,
                now=now,
            )
        connection.execute(
            update(t.messages)
            .where(t.messages.c.spool_id == message.envelope.spool_id)
            .values(**values)
        )

    def _tried(self, spool_id: str) -> None:
        """Count the attempt in a transaction of its own, so that a poison message is set aside."""
        with self.store.begin() as connection:
            connection.execute(
                update(t.messages)
                .where(t.messages.c.spool_id == spool_id, t.messages.c.state == spool.RECEIVED)
                .values(attempts=t.messages.c.attempts + 1)
            )


def _row(connection: Connection, spool_id: str) -> Row[Any]:
    return connection.execute(select(t.messages).where(t.messages.c.spool_id == spool_id)).one()


def _state_held(connection: Connection, spool_id: str) -> str:
    """Return the message's state, which nobody else changes until the commit."""
    query = select(t.messages.c.state).where(t.messages.c.spool_id == spool_id)
    return str(connection.execute(query.with_for_update()).scalar_one())


def _found(facts: Facts) -> dict[str, Any]:
    # What staff write to other addresses may be about themselves, and concerns no topic.
    return understanding_record(facts.understanding) if facts.recipient_kind == "class" else {}
