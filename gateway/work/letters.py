"""Writes each kind of mail that the school's staff and parents get about one message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from gateway.mail.render import render
from gateway.school import School
from gateway.store import digests, removals
from gateway.store.outbox import Priority
from gateway.work.absence_cards import ATTENDANCE, card_values, read_card
from gateway.work.past import past_of
from gateway.work.phrases import (
    contact_values,
    topic_words,
)
from gateway.work.post import Letter, Outcome, Post
from gateway.work.reader import Reader
from gateway.work.source import Source, enclosures_of, load_source
from rules.concern import OUTSIDE, SENIOR_MARKS
from rules.effects import RedirectToOffice
from rules.hints import hides_the_words, names_a_child
from rules.instruction import PRESS_SEND, Action
from rules.linking import LEADERS
from rules.people import Staff
from rules.wording import day_words, moment_words


def unshown(spool_id: str) -> str:
    """Return what stands in the place of a text that cannot be sent as it is."""
    return f"We cannot show this message. Please ask the technician for its number: {spool_id}"


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of one school."""

    school: School
    post: Post
    reader: Reader
    at_hand: Mapping[str, Source] = field(default_factory=dict)  # read already, by spool id

    def source(self, connection: Connection, spool_id: str, now: datetime) -> Source:
        """Return a stored message to write about."""
        found = self.at_hand.get(spool_id)
        return found or load_source(connection, self.school, self.reader, spool_id, now)

    def staff(self, connection: Connection, staff_id: str | None, now: datetime) -> Staff | None:
        """Return a member of staff, even one who has left."""
        outside = self.school.policy.outside_contact
        if staff_id == OUTSIDE and outside is not None:
            return Staff(OUTSIDE, "The contact outside the school", outside)
        return self.school.staffing(connection, now).everybody.get(staff_id or "")

    def given_together(
        self, connection: Connection, spool_id: str, staff_id: str, now: datetime
    ) -> tuple[Source, ...]:
        """Return the messages that stood as one entry in a reader's digest, oldest first."""
        ids = digests.entry_with(connection, spool_id, staff_id)
        return tuple(self.source(connection, one, now) for one in ids)

    def redirect(
        self,
        connection: Connection,
        source: Source,
        effect: RedirectToOffice,
        parent_told: str,
        now: datetime,
        evidence: Sequence[str] = (),
        reader_id: str | None = None,
    ) -> Outcome:
        """Send the message to the office, with the parent's words and files and the original.

        `evidence` are the words for which it counts as one about attendance; `reader_id` is
        who gets the other part of it.
        """
        office = self.staff(connection, effect.staff_id, now)
        if office is None:
            return "held"
        reply_to = self.post.token_address(
            Action.OFFICE_ANSWER, source.spool_id, office.staff_id, now
        )
        files = source.enclosures()
        is_senior = not frozenset(effect.topics).isdisjoint(SENIOR_MARKS)
        reader = self.staff(connection, reader_id, now) if effect.teacher_told else None
        values = self.message_values(source) | {
            "urgent": effect.urgent,
            "topics": topic_words(effect.topics),
            "teacher": reader.name if reader else self._teacher_name(connection, source, now),
            "teacher_told": effect.teacher_told,
            "parent_told": parent_told,
            "can_reply": True,
            "hints": effect.hints,
            **self._hint_values(source, effect, office, now),
            "received_day": day_words(self.school.today(source.arrived)),
            "answer_by": day_words(effect.answer_by) if effect.answer_by else "",
            "senior": is_senior,
            "give_to": self._give_to(connection, source, effect, office, now),
            "card": self._card(connection, source, effect, evidence, now),
        }
        letter = Letter(
            # One message to two classes of a family is one message to the office.
            key=f"office/{source.row.raw_id}/{office.staff_id}",
            kind="office",
            priority=Priority.OFFICE,
            sender_name=f"{source.writer} (via {source.class_name})",
            sender=source.class_address,
            recipient=office.address,
            words=render("office", values),
            about=source.spool_id,
            reply_to=reply_to,
            attachments=files,
            enclosed=source.original(files),
        )
        return self.send_to_staff(connection, letter, "office", values, now)

    def _give_to(
        self,
        connection: Connection,
        source: Source,
        effect: RedirectToOffice,
        office: Staff,
        now: datetime,
    ) -> str:
        """Return by which address the office moves it to the teacher; "" where that may not be."""
        room = self.school.staffing(connection, now).rooms.get(source.row.class_id or "")
        senior = not frozenset(effect.topics).isdisjoint(SENIOR_MARKS)
        if effect.teacher_told or senior or room is None or not room.teachers:
            return ""
        return self.post.token_address(Action.GIVE, source.spool_id, office.staff_id, now)

    def _hint_values(
        self, source: Source, effect: RedirectToOffice, office: Staff, now: datetime
    ) -> dict[str, Any]:
        """Return whether the words stand behind a line, and what a hint lets the office do."""

        def address(action: Action, *, offered: bool) -> str:
            token = self.post.token_address
            return token(action, source.spool_id, office.staff_id, now) if offered else ""

        distress = hides_the_words(effect.hints)
        return {
            "distress": distress,
            "report_to": address(Action.REPORT, offered=distress),
            "security_to": address(Action.SECURITY, offered=names_a_child(effect.hints)),
        }

    def _card(
        self,
        connection: Connection,
        source: Source,
        effect: RedirectToOffice,
        evidence: Sequence[str],
        now: datetime,
    ) -> dict[str, Any] | None:
        """Return what stands above a message about attendance, or None for any other."""
        if ATTENDANCE not in effect.topics:
            return None
        staffing = self.school.staffing(connection, now)
        read = read_card(connection, self.school, staffing, source, evidence)
        return card_values(
            read, self.school.today(source.arrived), hidden=hides_the_words(effect.hints)
        )

    def report(
        self,
        connection: Connection,
        spool_id: str,
        staff_id: str,
        by: str,
        comment: str,
        now: datetime,
    ) -> Outcome:
        """Bring a message that a teacher reported to one of the leadership."""
        leader = self.staff(connection, staff_id, now)
        teacher = self.staff(connection, by, now)
        if leader is None or teacher is None:
            return "held"
        sources = self.given_together(connection, spool_id, by, now)
        source = sources[-1]
        values = self.message_values(*sources) | {
            "teacher": teacher.name,
            "reported": moment_words(now, self.school.zone),
            "comment": comment.replace(PRESS_SEND, "").strip(),
            "history": past_of(connection, self.school, source, now),
            "can_reply": source.verified,
            "remove_to": self._remove_to(connection, source, leader, now),
        }
        files = enclosures_of(sources)
        letter = Letter(
            key=f"report/{spool_id}/{by}/{staff_id}",
            kind="report",
            priority=Priority.SAFEGUARDING,
            sender_name=f"{self.school.name}: reports",
            sender=self.school.address("senior"),
            recipient=leader.address,
            words=render("report", values),
            about=spool_id,
            reply_to=self.post.token_address(Action.LEAD_ANSWER, spool_id, staff_id, now)
            if source.verified
            else None,
            attachments=files,
            enclosed=source.original(files),
        )
        return self.send_to_staff(connection, letter, "report", values, now)

    def send_to_staff(
        self,
        connection: Connection,
        letter: Letter,
        kind: str,
        values: dict[str, Any],
        now: datetime,
    ) -> Outcome:
        """Queue mail to staff; without the writer's words when those cannot be sent as they are.

        The mail must reach its reader whatever somebody managed to put into it.
        """
        outcome = self.post.send(connection, letter, now)
        if outcome != "held":
            return outcome
        plain = values | {
            "guardian": "a sender",
            "originator": "no address shown",
            "subject": "not shown",
            "text": unshown(letter.about or ""),
            "answer": "",
            "attachments": (),
            "card": None,
            "distress": False,
        }
        bare = replace(
            letter,
            sender_name=self.school.name,
            words=render(kind, plain),
            attachments=(),
            enclosed=None,
        )
        return self.post.send(connection, bare, now)

    def _remove_to(
        self, connection: Connection, source: Source, leader: Staff, now: datetime
    ) -> str:
        """Return by which address the leadership takes the writer off the channel; "" for none."""
        guardian_id = source.row.guardian_id
        today = self.school.today(now)
        if guardian_id is None or not leader.roles & LEADERS:
            return ""
        if removals.in_force(connection, guardian_id, today) is not None:
            return ""
        return self.post.token_address(Action.REMOVE, source.spool_id, leader.staff_id, now)

    def message_values(self, *sources: Source) -> dict[str, Any]:
        """Return what is said of the last of `sources`, with the words and files of them all."""
        source = sources[-1]
        return contact_values(self.school) | {
            "class_name": source.class_name,
            "guardian": source.writer,
            "originator": source.claimed_address,
            "verified": source.verified,
            "pupils": source.pupils,
            "received": moment_words(source.arrived, self.school.zone),
            "subject": source.content.subject or "No subject",
            "text": self._texts(sources),
            "attachments": tuple(name for one in sources for name in one.attachment_names),
        }

    def _texts(self, sources: tuple[Source, ...]) -> str:
        if len(sources) == 1:
            return sources[0].content.body_text
        zone = self.school.zone
        return "\n\n".join(
            f"{moment_words(one.arrived, zone)}:\n\n{one.content.body_text}" for one in sources
        )

    def _teacher_name(self, connection: Connection, source: Source, now: datetime) -> str:
        room = self.school.staffing(connection, now).rooms.get(source.row.class_id or "")
        teachers = room.teachers if room else ()
        return teachers[0].name if teachers else "The class teacher"
