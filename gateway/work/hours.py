"""What staff ask about the hours by mail: shown, put in force, undone or refused."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from gateway.hours.review import Review, preview, words_of
from gateway.mail.render import render
from gateway.school import HOURS, School
from gateway.store import hours, journal
from gateway.store.outbox import Priority
from gateway.work.hours_change import bring_in_force, take_back
from gateway.work.letters import Letters
from gateway.work.phrases import contact_values
from gateway.work.post import Letter
from gateway.work.reachable import teaches
from gateway.work.source import Source
from rules.effects import CarryOut
from rules.hours_allowed import LEADERS, NotCarriedOut
from rules.hours_entry import HoursEntry, is_beside
from rules.hours_line import EXAMPLES
from rules.instruction import Action
from rules.line_effects import ChangeHours, RefuseHours, ShowUndo
from rules.people import Staff
from rules.wording import moment_words

log = logging.getLogger(__name__)

MOST_DAYS_LISTED = 14
MOST_STILL_LISTED = 5
_SO_ALREADY = "It is so already, by an earlier change. To take that one back, write “undo”."
_OWN_EXAMPLES = tuple(one for one in EXAMPLES if one.startswith(("quiet", "training", "undo")))


@dataclass(frozen=True, slots=True)
class HoursByMail:
    """One mail about the hours, in the transaction that settles it."""

    connection: Connection
    school: School
    letters: Letters
    source: Source
    now: datetime

    def change(self, effect: ChangeHours) -> None:
        """Put what is asked for in force, or show what it would move and ask for a yes."""
        if self._stands(effect.entries):
            self.refuse(RefuseHours(effect.staff_id, _SO_ALREADY))
            return
        staffing = self.school.staffing(self.connection, self.now)
        words = " ".join(words_of(effect.entries, staffing))
        change_id = hours.propose(
            self.connection,
            school_id=self.school.school_id,
            source="mail",
            entries=effect.entries,
            words=words,
            now=self.now,
            asked_by=effect.staff_id,
            spool_id=self.source.spool_id,
        )
        self._record("hours-asked", change_id, effect.staff_id)
        if effect.at_once:
            self._put_in_force(self._row(change_id), effect.staff_id)
            return
        found = preview(self.connection, self.school, effect.entries, (), self.now)
        confirm = self.letters.post.token_address(
            Action.CONFIRM_HOURS, change_id, effect.staff_id, self.now
        )
        values = _review_values(found.review) | {"confirm": confirm}
        self._answer("hours-review", effect.staff_id, values, key=change_id)

    def carry_out(self, effect: CarryOut) -> None:
        """Confirm a change that was shown, or undo one that is in force."""
        row = self._row(effect.item_id)
        if effect.action is Action.CONFIRM_HOURS:
            if row.state != hours.PROPOSED:
                return
            if self._stands(hours.entries_of(row)):
                self.refuse(RefuseHours(effect.staff_id, _SO_ALREADY))
            else:
                self._put_in_force(row, effect.staff_id)
            return
        if row.state != hours.IN_FORCE:
            return
        self._record("hours-undone", row.change_id, effect.staff_id)
        review = take_back(self.connection, self.letters, row, self.now, effect.staff_id)
        values = _review_values(review) | {"words": row.words, "still": self._besides(row)}
        self._answer("hours-done", effect.staff_id, values, key=f"{row.change_id}/undone")

    def show_undo(self, effect: ShowUndo) -> None:
        """Show the change that an "undo" would take back, and ask for a yes."""
        row = self._row(effect.change_id)
        who = self.letters.staff(self.connection, row.asked_by, self.now)
        undo = self.letters.post.token_address(
            Action.UNDO_HOURS, row.change_id, effect.staff_id, self.now
        )
        values = {
            "words": row.words,
            "who": who.name if who is not None else "",
            "since": moment_words(row.decided, self.school.zone),
            "undo": undo,
        }
        key = f"{row.change_id}/{self.source.spool_id}"
        self._answer("hours-undo", effect.staff_id, values, key=key)

    def _stands(self, entries: tuple[HoursEntry, ...]) -> bool:
        """Whether all of it is in force by an earlier change."""
        known = {replace(one, change="") for one in self._in_force()}
        return all(replace(one, change="") in known for one in entries)

    def _besides(self, undone: Row[Any]) -> list[str]:
        """Return, in words, what still takes time of the same kind on the days of `undone`."""
        gone = hours.entries_of(undone)
        still = [one for one in self._in_force() if any(is_beside(one, other) for other in gone)]
        staffing = self.school.staffing(self.connection, self.now)
        return list(words_of(still[:MOST_STILL_LISTED], staffing))

    def _in_force(self) -> list[HoursEntry]:
        found = hours.entries_in_force(self.connection, self.school.school_id)
        return list(found.values())

    def refuse(self, effect: RefuseHours) -> None:
        """Say why the line changed nothing, and what may be written."""
        person = self.letters.staff(self.connection, effect.staff_id, self.now)
        leads = person is not None and bool(person.roles & LEADERS)
        values = {
            "why": effect.why,
            "clause": self.school.policy.clauses.get(effect.clause, ""),
            "examples": EXAMPLES if leads else _OWN_EXAMPLES,
            "hours_address": self.school.address(HOURS),
        }
        self._answer("hours-refused", effect.staff_id, values, key=self.source.spool_id)

    def _put_in_force(self, row: Row[Any], staff_id: str) -> None:
        try:
            review = bring_in_force(self.connection, self.letters, row, self.now, staff_id)
        except LookupError:
            self.refuse(RefuseHours(staff_id, "Somebody whom it names has left the school."))
            return
        except NotCarriedOut as fault:
            self.refuse(RefuseHours(staff_id, fault.why))
            return
        self._record("hours-in-force", row.change_id, staff_id)
        undo = self.letters.post.token_address(Action.UNDO_HOURS, row.change_id, staff_id, self.now)
        values = _review_values(review) | {"undo": undo}
        self._answer("hours-changed", staff_id, values, key=row.change_id)

    def _row(self, change_id: str) -> Row[Any]:
        row = hours.find(self.connection, self.school.school_id, change_id)
        if row is None:
            raise LookupError("a change of the hours is gone")
        return row

    def _record(self, event: str, change_id: str, staff_id: str) -> None:
        journal.record(
            self.connection,
            school_id=self.school.school_id,
            spool_id=self.source.spool_id,
            event=event,
            key=f"{event}/{change_id}",
            at=self.now,
            detail={"change_id": change_id, "staff_id": staff_id},
        )

    def _answer(self, kind: str, staff_id: str, values: dict[str, Any], *, key: str) -> None:
        person = self.letters.staff(self.connection, staff_id, self.now)
        if person is None:
            return
        letter = Letter(
            key=f"{kind}/{key}",
            kind=kind,
            priority=Priority.OFFICE if person.roles & LEADERS else Priority.NOTICE,
            sender_name=self.school.name,
            sender=self.school.address(HOURS),
            recipient=person.address,
            words=render(kind, contact_values(self.school) | values),
            about=self.source.spool_id,
            in_reply_to=self.source.content.message_id,
            references=self.source.content.references,
            auto_submitted="auto-replied",
            hours_of=self._hours_of(person),
        )
        self.letters.post.send(self.connection, letter, self.now)

    def _hours_of(self, person: Staff) -> str | None:
        """Return whose hours the answer waits for: a snow day at 6.40am waits for nobody's."""
        if person.roles & LEADERS:
            return None
        staffing = self.school.staffing(self.connection, self.now)
        return person.staff_id if teaches(staffing, person) else None


def _review_values(review: Review) -> dict[str, Any]:
    days = [one.words for one in review.days]
    return {
        "adds": review.adds,
        "ends": review.ends,
        "days": days[:MOST_DAYS_LISTED],
        "more_days": max(0, len(days) - MOST_DAYS_LISTED),
        "messages": review.messages,
        "families": review.families,
        "answers": review.answers,
        "next_reading": review.next_reading,
    }
