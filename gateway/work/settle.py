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

from sqlalchemy import Connection, Row, bindparam, select, update
from sqlalchemy.exc import OperationalError

from gateway.clock import Clock
from gateway.mail.limits import TooMuch
from gateway.mail.limits import Unreadable as UnreadableContent
from gateway.proof.spf_check import Session
from gateway.school import School
from gateway.store import journal, spool, threads
from gateway.store import schema as t
from gateway.store.engine import Store
from gateway.store.staffing import hold_roster
from gateway.tokens import Keys
from gateway.work.answered import in_own_words
from gateway.work.effects import Applying
from gateway.work.facts import Understood, look_up
from gateway.work.handed_on import as_handed_on
from gateway.work.letters import Letters
from gateway.work.prove import Prover, Question
from gateway.work.reader import Reader
from gateway.work.records import record_of, understanding_record
from gateway.work.source import load_source
from rules.concern import is_concern
from rules.decide import decide, decide_unreadable
from rules.effects import Decision
from rules.facts import Facts
from rules.message import Authenticity, Envelope, Inbound, Unreadable

log = logging.getLogger(__name__)

GIVEN_UP = "it stopped our reader again and again"

# Asked for every message, so written once: writing a statement takes longer than running it.
_IS_IT = t.messages.c.spool_id == bindparam("spool")
_WITH_OCTETS = (
    select(t.messages, t.raw_messages.c.octets)
    .join(t.raw_messages, t.raw_messages.c.raw_id == t.messages.c.raw_id)
    .where(_IS_IT)
)
_STATE_HELD = select(t.messages.c.state).where(_IS_IT).with_for_update()
_MARK = update(t.messages).where(_IS_IT)


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
    prover: Prover | None = None  # where Schoolgate itself is the border

    def has_work(self, connection: Connection) -> bool:
        """Return whether a message waits for us, and not for the DNS."""
        asked = self.prover.waiting() if self.prover else frozenset()
        found = spool.next_received(connection, len(asked) + 1)
        return any(spool_id not in asked for spool_id in found)

    def run_once(self, sizes: range = spool.ANY_SIZE) -> int:
        """Settle what waits, at most one batch; return how many were settled.

        `sizes`, in octets, leaves out shorter and longer ones. Messages of different sizes
        may be settled at the same time: copies of one message have one size.
        """
        with self.store.read() as connection:
            asked = self.prover.waiting() if self.prover else frozenset()
            waiting = spool.next_received(connection, self.batch + len(asked), sizes)
        settled = 0
        for spool_id in waiting:
            if spool_id in asked:
                continue
            try:
                settled += self.settle(spool_id)
            except OperationalError:
                # The store is away or locked: no fault of the message, and the rest would fail too.
                log.exception("store_unavailable")
                break
            except Exception:
                log.exception("settling_failed", extra={"spool_id": spool_id})
                self._tried(spool_id)
        return settled

    def settle(self, spool_id: str) -> bool:
        """Settle one message whole, or leave it as it was; return whether it is done with.

        It is not while the DNS is being asked who wrote it.
        """
        with self.store.read() as connection:
            row = connection.execute(_WITH_OCTETS, {"spool": spool_id}).one()
        if row.state != spool.RECEIVED:
            return True
        octets: bytes = row.octets
        school = self.schools[row.school_id]
        envelope = Envelope(spool_id, row.arrived, row.reverse_path, row.recipient, row.size_bytes)
        message = self._read(envelope, octets, row)
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
        if isinstance(message, Inbound):
            proven = self._proven(message, row, found)
            if proven is None:
                return False
            message = as_handed_on(proven, row)
        with self.store.begin() as connection:
            if _state_held(connection, spool_id) != spool.RECEIVED:
                return True
            hold_roster(connection)
            self._record(connection, school, message, octets, found)
        log.info("message_settled", extra={"spool_id": spool_id})
        return True

    def _proven(self, message: Inbound, row: Row[Any], found: Understood) -> Inbound | None:
        """Return the message with what our own checks say of its writer; None: not known yet."""
        mailbox = message.content.originator.mailbox
        if self.prover is None or mailbox is None:
            return message
        if row.authenticity is not None:  # decided once before, when its signatures were fresh
            return replace(message, authenticity=Authenticity(row.authenticity))
        question = Question(
            row.spool_id,
            mailbox.rpartition("@")[2],
            Session(row.peer, row.helo, row.reverse_path),
            row.arrived,
        )
        proof = self.prover.proof_of(question, is_concern=is_concern(found.understanding))
        if proof is None or proof.authenticity is None:
            return None
        return replace(message, authenticity=proof.authenticity, checks=proof.words)

    def _read(self, envelope: Envelope, octets: bytes, row: Row[Any]) -> Inbound | Unreadable:
        if row.attempts >= self.attempts:
            return self.reader.unreadable(envelope, octets, GIVEN_UP)
        try:
            return self.reader.inbound(envelope, octets, row.peer)
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
        connection.execute(_MARK, values | {"spool": message.envelope.spool_id})

    def _tried(self, spool_id: str) -> None:
        """Count the attempt in a transaction of its own, so that a poison message is set aside."""
        with self.store.begin() as connection:
            connection.execute(
                update(t.messages)
                .where(t.messages.c.spool_id == spool_id, t.messages.c.state == spool.RECEIVED)
                .values(attempts=t.messages.c.attempts + 1)
            )


def _state_held(connection: Connection, spool_id: str) -> str:
    """Return the message's state, which nobody else changes until the commit."""
    return str(connection.execute(_STATE_HELD, {"spool": spool_id}).scalar_one())


def _found(facts: Facts) -> dict[str, Any]:
    # What staff write to other addresses may be about themselves, and concerns no topic.
    return understanding_record(facts.understanding) if facts.recipient_kind == "class" else {}
