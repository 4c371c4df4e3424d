"""Writes each kind of mail that the school's staff and parents get about one message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from gateway.mail.render import render
from gateway.school import School
from gateway.store import cases, digests, journal, register
from gateway.store.outbox import Priority
from gateway.work.phrases import (
    contact_values,
    mark_words,
    topic_words,
)
from gateway.work.post import Letter, Outcome, Post
from gateway.work.reader import Reader
from gateway.work.source import Source, enclosures_of, load_source
from rules.effects import RedirectToOffice
from rules.instruction import PRESS_SEND, Action
from rules.people import Staff
from rules.wording import moment_words


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
    ) -> Outcome:
        """Send the message to the office, with the parent's words and files and the original."""
        office = self.staff(connection, effect.staff_id, now)
        if office is None:
            return "held"
        reply_to = self.post.token_address(
            Action.OFFICE_ANSWER, source.spool_id, office.staff_id, now
        )
        files = source.enclosures()
        values = self._message_values(source) | {
            "urgent": effect.urgent,
            "topics": topic_words(effect.topics),
            "teacher": self._teacher_name(connection, source, now),
            "teacher_told": effect.teacher_told,
            "parent_told": parent_told,
            "can_reply": True,
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
        return self._send(connection, letter, "office", values, now)

    def alert(self, connection: Connection, spool_id: str, staff_id: str, now: datetime) -> Outcome:
        """Bring a message to one of the safeguarding line, and say who else is told."""
        person = self.staff(connection, staff_id, now)
        case = cases.find(connection, spool_id)
        if person is None or case is None:
            return "held"
        source = self.source(connection, spool_id, now)
        raised_by = case.detail.get("raised_by")
        sources: tuple[Source, ...] = (source,)
        if raised_by is not None:  # about all that stood there together
            sources = self.given_together(connection, spool_id, raised_by, now)

        def address(action: Action) -> str:
            return self.post.token_address(action, spool_id, staff_id, now)

        has_teacher = bool(source.class_name) and "allegation" not in case.detail["marks"]
        can_reply = source.verified and source.content.originator.mailbox is not None
        values = self._message_values(*sources) | {
            "since": moment_words(case.raised, self.school.zone),
            "marks": mark_words(case.detail["marks"]),
            "decided": self._why(connection, spool_id, raised_by, now),
            "told_before": self._told_before(connection, case.line, staff_id, now),
            "told_next": self._told_next(connection, case.line, staff_id, now),
            "acknowledge": address(Action.ACKNOWLEDGE),
            "release": address(Action.RELEASE) if has_teacher else "",
            "keep": address(Action.KEEP) if has_teacher else "",
            "can_reply": can_reply,
            "answer": case.detail.get("kept_back", ""),
        }
        files = enclosures_of(sources)
        letter = Letter(
            # Once for each time the line is told; a step that runs again has the same time.
            key=f"alert/{spool_id}/{staff_id}/{now.isoformat()}",
            kind="safeguarding",
            priority=Priority.SAFEGUARDING,
            sender_name=f"{self.school.name}: safeguarding",
            sender=self.school.address("senior"),
            recipient=person.address,
            words=render("safeguarding", values),
            about=spool_id,
            reply_to=address(Action.LEAD_ANSWER) if can_reply else None,
            attachments=files,
            enclosed=source.original(files),
        )
        return self._send(connection, letter, "safeguarding", values, now)

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
        values = self._message_values(*sources) | {
            "teacher": teacher.name,
            "reported": moment_words(now, self.school.zone),
            "comment": comment.replace(PRESS_SEND, "").strip(),
            "history": self._reported_before(connection, source, now),
            "can_reply": source.verified,
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
        return self._send(connection, letter, "report", values, now)

    def _send(
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
        }
        bare = replace(
            letter,
            sender_name=self.school.name,
            words=render(kind, plain),
            attachments=(),
            enclosed=None,
        )
        return self.post.send(connection, bare, now)

    def _reported_before(self, connection: Connection, source: Source, now: datetime) -> list[str]:
        """Return a line for each earlier report of this guardian's messages."""
        if source.row.guardian_id is None:
            return []
        rows = register.reports_about(connection, source.row.guardian_id, source.spool_id)
        lines = []
        for at, staff_id in rows:
            person = self.staff(connection, staff_id, now)
            by = f" by {person.name}" if person else ""
            lines.append(f"{moment_words(at, self.school.zone)}: reported{by}")
        return lines

    def _message_values(self, *sources: Source) -> dict[str, Any]:
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

    def _why(
        self, connection: Connection, spool_id: str, raised_by: str | None, now: datetime
    ) -> list[str]:
        if raised_by is not None:
            person = self.staff(connection, raised_by, now)
            return [f"{person.name if person else 'A member of staff'} raised it."]
        lines = []
        for entry in journal.entries(connection, spool_id):
            for reason in entry["detail"].get("reasons", ()):
                if reason["rule"] == "may-mean-a-child-at-risk":
                    lines += [f"The words: “{word}”" for word in reason["words"]]
        return lines or ["It was written to an address that only senior staff read."]

    def _told_before(
        self, connection: Connection, line: list[str], staff_id: str, now: datetime
    ) -> list[str]:
        before = line[: line.index(staff_id)] if staff_id in line else []
        names = [person.name for one in before if (person := self.staff(connection, one, now))]
        return [f"{name} was told first and has not answered yet." for name in names]

    def _told_next(
        self, connection: Connection, line: list[str], staff_id: str, now: datetime
    ) -> list[str]:
        after = line[line.index(staff_id) + 1 :][:1] if staff_id in line else []
        minutes = int(self.school.policy.escalate_after.total_seconds() // 60)
        names = [person.name for one in after if (person := self.staff(connection, one, now))]
        return [
            f"If nobody says “I have it” in {minutes} minutes, {name} is told." for name in names
        ]
