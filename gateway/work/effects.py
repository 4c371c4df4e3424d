"""Turns each effect of a decision into rows, inside the transaction that settles the message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from sqlalchemy import Connection, update

from gateway.school import School
from gateway.store import cases, digests, invites, news, promises, register
from gateway.store import schema as t
from gateway.store.once import insert_once
from gateway.work import replies
from gateway.work.absence_cards import words_for_attendance
from gateway.work.actions import carry_out
from gateway.work.codes_used import link_by_codes
from gateway.work.held import hold_for_office, show_lead
from gateway.work.hours import HoursByMail
from gateway.work.instructed import spent_key
from gateway.work.letters import Letters
from gateway.work.linking import ABOUT_PEOPLE, Linking
from gateway.work.notices import note_once, send_notice
from gateway.work.office_queue import put_on_list
from gateway.work.people_mail import PeopleByMail
from gateway.work.raised import keep_back_answers, open_case
from gateway.work.refusals import REFUSALS, told_enough
from gateway.work.source import Source
from gateway.work.to_read import let_wait, let_wait_for_word
from gateway.work.undelivered import came_back
from rules.choices import CHOICES
from rules.concern import SENIOR_MARKS
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
    ShowLead,
    TellTeacherHeld,
)
from rules.instruction import ASKED_AGAIN, Action
from rules.line_effects import (
    ChangeHours,
    CountWrongCodes,
    LinkByCodes,
    RefuseHours,
    RefusePeople,
    ShowPeople,
    ShowUndo,
)

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
                let_wait(self.connection, self.school, effect, self._spool_id, self.now)
            case TellTeacherHeld():
                let_wait_for_word(self.connection, effect, self._spool_id, self.now)
            case RedirectToOffice():
                self._redirect(effect)
            case HoldForOffice():
                self._hold(effect)
            case ShowLead():
                show_lead(self.connection, effect, self._spool_id, self.now)
            case AlertSafeguarding():
                open_case(self.connection, self.letters, effect, self._spool_id, self.now)
            case SendNotice():
                self._notice(effect)
            case RelayAnswer():
                replies.relay(
                    self.connection, self.school, self.letters, self.source, effect, self.now
                )
            case CarryOut():
                self._carry_out(effect)
            case ChangeHours():
                self._hours.change(effect)
            case ShowUndo():
                self._hours.show_undo(effect)
            case RefuseHours():
                self._refuse(effect)
            case ShowPeople():
                self._people.show(effect)
            case RefusePeople():
                self._refuse(effect)
            case LinkByCodes():
                link_by_codes(self.connection, self.letters, self.source, effect, self.now)
            case CountWrongCodes():
                self._count_wrong(effect)
            case MarkDuplicate():
                self._mark_duplicate(effect)
            case _:
                assert_never(effect)

    @property
    def _hours(self) -> HoursByMail:
        return HoursByMail(self.connection, self.school, self.letters, self.source, self.now)

    @property
    def _people(self) -> PeopleByMail:
        return PeopleByMail(self.connection, self.school, self.letters, self.source, self.now)

    @property
    def _spool_id(self) -> str:
        return self.source.spool_id

    def _redirect(self, effect: RedirectToOffice) -> None:
        if not frozenset(effect.topics).isdisjoint(SENIOR_MARKS):
            has_it = "senior staff have the conversation now"
            keep_back_answers(self.connection, self.letters, self._spool_id, self.now, has_it)
        told = self._parent_told()
        words = words_for_attendance(self.decision.reasons)
        given = (one for one in self.decision.effects if isinstance(one, AddToDigest))
        reader_id = next((one.staff_id for one in given if one.about is None), None)
        outcome = self.letters.redirect(
            self.connection, self.source, effect, told, self.now, words, reader_id
        )
        if outcome == "held":
            self._hold(HoldForOffice("its mail to the office could not be written"))

    def _parent_told(self) -> str:
        """Return, for the office, what our notice says to the parent."""
        notices = [one.kind for one in self.decision.effects if isinstance(one, SendNotice)]
        return _TOLD.get(notices[0], "") if notices else ""

    def _hold(self, effect: HoldForOffice) -> None:
        every = self.queue_every
        hold_for_office(self.connection, self.school, self.source, effect, self.now, every)

    def _ends_with_the_lead(self, about: str) -> None:
        messages = cases.messages_of(self.connection, about)
        promises.keep(
            self.connection, how="senior", now=self.now, spool_ids=messages, waiting_too=True
        )

    def _refuse(self, effect: RefuseHours | RefusePeople) -> None:
        writer = self.letters.staff(self.connection, effect.staff_id, self.now)
        if writer is not None and told_enough(self.connection, writer.address, self.now):
            self._hold_untold()
        elif isinstance(effect, RefusePeople):
            self._people.refuse(effect)
        else:
            self._hours.refuse(effect)

    def _hold_untold(self) -> None:
        if not any(isinstance(one, HoldForOffice) for one in self.decision.effects):
            self._hold(HoldForOffice("refused or asked for help again and again", quiet=True))

    def _notice(self, effect: SendNotice) -> None:
        if effect.kind in REFUSALS and told_enough(self.connection, effect.address, self.now):
            self._hold_untold()
            return
        key = f"{self._spool_id}/{effect.kind}" if effect.kind in REFUSALS else None
        if note_once(self.connection, self.school, self._spool_id, effect, self.now, key):
            source = self.source
            if effect.about is not None:
                source = self.letters.source(self.connection, effect.about, self.now)
            send_notice(self.connection, self.letters, source, effect, self.now)

    def _carry_out(self, effect: CarryOut) -> None:
        if effect.action is Action.BOUNCE:
            came_back(self.connection, self.school, effect.item_id, self.source.octets, self.now)
            return
        if effect.action is Action.READ_NEWS:
            news.acknowledge(self.connection, effect.item_id, effect.staff_id, self.now)
            return
        key = spent_key(effect.action, effect.item_id, effect.staff_id)
        if effect.action in ASKED_AGAIN:
            key = f"{key}/{self._spool_id}"
        spent = {"key": key, "spool_id": self._spool_id, "at": self.now}
        if not insert_once(self.connection, t.tokens_spent, spent):
            return
        if effect.action in (Action.CONFIRM_HOURS, Action.UNDO_HOURS):
            self._hours.carry_out(effect)
            return
        if effect.action in ABOUT_PEOPLE:
            linking = Linking(self.connection, self.school, self.letters, self.source, self.now)
            linking.carry_out(effect)
            return
        if effect.action in CHOICES or effect.action is Action.GIVE:
            told = self._parent_told()
            carry_out(self.connection, self.letters, self.source, effect, told, self.now)
            return
        if effect.action in _STATE_AFTER:
            cases.move(self.connection, effect.item_id, _STATE_AFTER[effect.action])
        if effect.action is Action.KEEP:
            for one in cases.messages_of(self.connection, effect.item_id):
                digests.withdraw(self.connection, one, self.now)
        if effect.action in (Action.KEEP, Action.REPORT):
            # Nobody is reminded of an answer that is no longer the teacher's to give.
            self._ends_with_the_lead(effect.item_id)
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

    def _count_wrong(self, effect: CountWrongCodes) -> None:
        invites.count_wrong(
            self.connection,
            spool_id=self._spool_id,
            school_id=self.school.school_id,
            address=effect.address,
            tried=effect.tried,
            # As `decide` counts: by when they came, so that a late settling counts the right day.
            now=self.source.arrived,
        )

    def _mark_duplicate(self, effect: MarkDuplicate) -> None:
        self.connection.execute(
            update(t.messages)
            .where(t.messages.c.spool_id == self._spool_id)
            .values(duplicate_of=effect.of)
        )
