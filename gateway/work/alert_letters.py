"""Writes the mail that brings a message to one of the safeguarding line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from gateway.mail.render import render
from gateway.store import cases, journal
from gateway.store.outbox import Priority
from gateway.work.letters import Letters
from gateway.work.phrases import mark_words
from gateway.work.post import Letter, Outcome
from gateway.work.source import Source, enclosures_of
from rules.concern import OUTSIDE
from rules.instruction import Action
from rules.wording import moment_words


def send_alert(
    letters: Letters, connection: Connection, spool_id: str, staff_id: str, now: datetime
) -> Outcome:
    """Bring a message to one of the safeguarding line, and say who else is told."""
    person = letters.staff(connection, staff_id, now)
    case = cases.find(connection, spool_id)
    if person is None or case is None:
        return "held"
    source = letters.source(connection, spool_id, now)
    raised_by = case.detail.get("raised_by")
    sources: tuple[Source, ...] = (source,)
    if raised_by is not None:  # about all that stood there together
        sources = letters.given_together(connection, spool_id, raised_by, now)

    def address(action: Action) -> str:
        return letters.post.token_address(action, spool_id, staff_id, now)

    kept_from = case.detail.get("kept_from", ())
    has_teacher = (
        bool(source.class_name) and not kept_from and "allegation" not in case.detail["marks"]
    )
    can_reply = (
        source.verified and source.content.originator.mailbox is not None and staff_id != OUTSIDE
    )
    values = letters.message_values(*sources) | {
        "since": moment_words(case.raised, letters.school.zone),
        "marks": mark_words(case.detail["marks"]),
        "kept_from": _names(letters, connection, kept_from, now),
        "subject_known": case.detail.get("subject_known", True),
        "decided": _why(letters, connection, spool_id, raised_by, now),
        "told_before": _told_before(letters, connection, case, staff_id, now),
        "told_next": _told_next(letters, connection, case, staff_id, now),
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
        sender_name=f"{letters.school.name}: safeguarding",
        sender=letters.school.address("senior"),
        recipient=person.address,
        words=render("safeguarding", values),
        about=spool_id,
        reply_to=address(Action.LEAD_ANSWER) if can_reply else None,
        attachments=files,
        enclosed=source.original(files),
    )
    return letters.send_to_staff(connection, letter, "safeguarding", values, now)


def _why(
    letters: Letters, connection: Connection, spool_id: str, raised_by: str | None, now: datetime
) -> list[str]:
    if raised_by is not None:
        person = letters.staff(connection, raised_by, now)
        return [f"{person.name if person else 'A member of staff'} raised it."]
    lines = []
    for entry in journal.entries(connection, spool_id):
        for reason in entry["detail"].get("reasons", ()):
            if reason["rule"] == "may-mean-a-child-at-risk":
                lines += [f"The words: “{word}”" for word in reason["words"]]
                if reason["facts"]:
                    lines.append(f"To our second reader, {reason['facts']}")
    return lines or ["It was written to an address that only senior staff read."]


def _names(
    letters: Letters, connection: Connection, staff_ids: Sequence[str], now: datetime
) -> list[str]:
    found = [letters.staff(connection, one, now) for one in staff_ids]
    return [person.name for person in found if person is not None]


def _told_before(
    letters: Letters, connection: Connection, case: Row[Any], staff_id: str, now: datetime
) -> list[str]:
    line, at_once = case.line, case.detail.get("at_once", 1)
    if staff_id in line[:at_once]:
        together = [one for one in line[:at_once] if one != staff_id]
        return [
            f"{name} is told at the same time."
            for name in _names(letters, connection, together, now)
        ]
    before = line[: line.index(staff_id)] if staff_id in line else []
    return [
        f"{name} was told first and has not answered yet."
        for name in _names(letters, connection, before, now)
    ]


def _told_next(
    letters: Letters, connection: Connection, case: Row[Any], staff_id: str, now: datetime
) -> list[str]:
    if staff_id not in case.line:
        return []
    place = max(case.line.index(staff_id) + 1, case.detail.get("at_once", 1))
    minutes = int(letters.school.policy.escalate_after.total_seconds() // 60)
    return [
        f"If nobody says “I have it” in {minutes} minutes, {name} is told."
        for name in _names(letters, connection, case.line[place : place + 1], now)
    ]
