"""Turns each effect of a decision into rows, inside the transaction that settles the message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from sqlalchemy import Connection, update

from gateway.school import School
from gateway.store import cases, digests, register
from gateway.store import schema as t
from gateway.store.once import insert_once
from gateway.work import replies
from gateway.work.facts import spent_key
from gateway.work.letters import Letters
from gateway.work.line import next_telling, tell_of_case
from gateway.work.notices import send_notice
from gateway.work.office_queue import next_holder, put_on_list
from gateway.work.source import Source
from rules.effects import (
    AddToDigest,
    AlertSafeguarding,
    CarryOut,
    Decision,
    Effect,
    HoldForOffice,
    MarkDuplicate,
    NoticeKind,
    RedirectToOffice,
    RelayAnswer,
    SendNotice,
    TellTeacherHeld,
)
from rules.instruction import Action
from rules.notices import notice_key

_TOLD = {
    NoticeKind.REDIRECTED: "the office has your message, and how to reach the office.",
    NoticeKind.DIVIDED: "the office has one part, and when the teacher reads the other.",
    NoticeKind.URGENT: "the office has your message; please ring if you need an answer now.",
    NoticeKind.SENIOR: "a senior member of staff will see your message.",
}
_STATE_AFTER = {
    Action.ACKNOWLEDGE: "acknowledged",
    Action.RELEASE: "released",
    Action.KEEP: "kept",
}


@dataclass(frozen=True, slots=True)
class Applying:
    """One message being settled: where its effects are written, and as what."""

    connection: Connection
    school: School
    letters: Letters
    source: Source
    decision: Decision
    now: datetime
    queue_every: timedelta

    def apply(self, effect: Effect) -> None:
        """Write the rows of one effect. Applying it again adds nothing."""
        match effect:
            case AddToDigest():
                self._add_to_digest(effect)
            case TellTeacherHeld():
                self._tell_teacher_held(effect)
            case RedirectToOffice():
                self._redirect(effect)
            case HoldForOffice():
                self._hold(effect)
            case AlertSafeguarding():
                self._alert(effect)
            case SendNotice():
                self._notice(effect)
            case RelayAnswer():
                replies.relay(
                    self.connection, self.school, self.letters, self.source, effect, self.now
                )
            case CarryOut():
                self._carry_out(effect)
            case MarkDuplicate():
                self._mark_duplicate(effect)
            case _:
                assert_never(effect)

    @property
    def _spool_id(self) -> str:
        return self.source.spool_id

    def _redirect(self, effect: RedirectToOffice) -> None:
        told = self._parent_told()
        outcome = self.letters.redirect(self.connection, self.source, effect, told, self.now)
        if outcome == "held":
            self._hold(HoldForOffice("its mail to the office could not be written"))

    def _parent_told(self) -> str:
        """Return, for the office, what our notice says to the parent."""
        notices = [one.kind for one in self.decision.effects if isinstance(one, SendNotice)]
        return _TOLD.get(notices[0], "") if notices else ""

    def _add_to_digest(self, effect: AddToDigest) -> None:
        about = effect.about or self._spool_id
        digests.add_item(
            self.connection,
            key=f"{about}/{effect.staff_id}/message",
            spool_id=about,
            staff_id=effect.staff_id,
            kind="message",
            reads_at=effect.reads_at,
            due=effect.due,
            guardian_id=effect.guardian_id,
            class_id=effect.class_id,
            detail={
                "note": effect.note,
                "hints": list(effect.hints),
                "pupils": list(effect.pupil_ids),
            },
            now=self.now,
        )

    def _tell_teacher_held(self, effect: TellTeacherHeld) -> None:
        digests.add_item(
            self.connection,
            key=f"{self._spool_id}/{effect.staff_id}/with-dsl",
            spool_id=self._spool_id,
            staff_id=effect.staff_id,
            kind="with-dsl",
            reads_at=effect.reads_at,
            guardian_id=effect.guardian_id,
            class_id=effect.class_id,
            now=self.now,
        )

    def _hold(self, effect: HoldForOffice) -> None:
        reader = next_holder(self.school.staffing(self.connection, self.now))
        if reader is None:
            return  # `queue` still lists it, and doctor reports a school without an office
        reads_at = _next_multiple(self.now, self.queue_every)
        if effect.quiet:
            # With the next list in the office's hours; never a list for one newsletter.
            opening = self.school.calendar.next_office_opening(self.now)
            reads_at = max(reads_at, opening) if opening else reads_at
        digests.add_item(
            self.connection,
            key=f"{self._spool_id}/{reader.staff_id}/queue",
            spool_id=self._spool_id,
            staff_id=reader.staff_id,
            kind="list" if effect.quiet else "queue",
            reads_at=reads_at,
            detail={"why": effect.why},
            now=self.now,
        )

    def _alert(self, effect: AlertSafeguarding) -> None:
        about = effect.about or self._spool_id
        told = len(effect.line) if effect.all_at_once else 1
        next_at = next_telling(self.school, effect.line, told, self.now)
        detail = {"marks": list(effect.marks), "raised_by": effect.raised_by}
        opened = cases.open_case(
            self.connection,
            spool_id=about,
            school_id=self.school.school_id,
            raised=self.now,
            line=effect.line,
            told=told,
            tell_next_at=next_at,
            detail=detail,
        )
        # What a member of staff raises is news, even about a message the lead has dealt with.
        opened = opened or (
            effect.raised_by is not None
            and cases.reopen(
                self.connection,
                spool_id=about,
                line=effect.line,
                told=told,
                tell_next_at=next_at,
                detail=detail,
            )
        )
        if not opened:
            return
        self._keep_back_answers(about)
        register.append(
            self.connection,
            school_id=self.school.school_id,
            event="raised",
            spool_id=about,
            at=self.now,
            staff_id=effect.raised_by,
            detail={"marks": list(effect.marks)},
        )
        tell_of_case(self.connection, self.letters, about, effect.line[:told], self.now)

    def _keep_back_answers(self, about: str) -> None:
        """Send no answer about a message that has become the lead's while it waited."""
        o = t.outbox.c
        kept = self.connection.execute(
            update(t.outbox)
            .where(o.spool_id == about, o.kind == "answer", o.state == "waiting")
            .values(state="withdrawn", finished=self.now)
        )
        if kept.rowcount:
            why = "an answer to this message was kept back: the safeguarding lead has it now"
            put_on_list(
                self.connection,
                self.school,
                about,
                why,
                self.now,
                key="kept-back/answer",
                failed="answer",
            )

    def _notice(self, effect: SendNotice) -> None:
        key = notice_key(effect, self.school.today(self.now))
        if effect.kind == "action-refused":
            key = f"{self._spool_id}/{effect.kind}"
        added = insert_once(
            self.connection,
            t.notices,
            {
                "key": key,
                "school_id": self.school.school_id,
                "kind": str(effect.kind),
                "address": effect.address,
                "guardian_id": effect.guardian_id,
                "spool_id": self._spool_id,
                "at": self.now,
            },
        )
        if added:
            send_notice(self.connection, self.letters, self.source, effect, self.now)

    def _carry_out(self, effect: CarryOut) -> None:
        key = spent_key(effect.action, effect.item_id, effect.staff_id)
        spent = {"key": key, "spool_id": self._spool_id, "at": self.now}
        if not insert_once(self.connection, t.tokens_spent, spent):
            return
        if effect.action in _STATE_AFTER:
            cases.move(self.connection, effect.item_id, _STATE_AFTER[effect.action])
        if effect.action is Action.KEEP:
            digests.withdraw(self.connection, effect.item_id, self.now)
        if effect.action is not Action.RAISE:  # the alert that goes with it records itself
            register.append(
                self.connection,
                school_id=self.school.school_id,
                event=str(effect.action),
                spool_id=effect.item_id,
                at=self.now,
                staff_id=effect.staff_id,
            )
        for staff_id in effect.to:
            outcome = self.letters.report(
                self.connection,
                effect.item_id,
                staff_id,
                effect.staff_id,
                self.source.content.own_text,
                self.now,
            )
            if outcome == "held":
                put_on_list(
                    self.connection,
                    self.school,
                    effect.item_id,
                    "the report of this message could not be written",
                    self.now,
                    key="held/report",
                    failed="report",
                )

    def _mark_duplicate(self, effect: MarkDuplicate) -> None:
        self.connection.execute(
            update(t.messages)
            .where(t.messages.c.spool_id == self._spool_id)
            .values(duplicate_of=effect.of)
        )


def _next_multiple(now: datetime, every: timedelta) -> datetime:
    seconds = int(every.total_seconds())
    return datetime.fromtimestamp((int(now.timestamp()) // seconds + 1) * seconds, tz=now.tzinfo)
