"""Sends one of the fixed texts: what a guardian does not yet know, and nothing of the message."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from gateway.mail.render import render
from gateway.school import SENIOR
from gateway.store.outbox import Priority
from gateway.work.letters import Letters
from gateway.work.phrases import contact_values, office_topics, waiting_reason
from gateway.work.post import Letter
from gateway.work.source import Source
from rules.effects import NoticeKind, SendNotice
from rules.instruction import Action
from rules.wording import when

_ABOUT_THE_CLASS = {NoticeKind.HELD, NoticeKind.REDIRECTED, NoticeKind.DIVIDED, NoticeKind.URGENT}
_ACTION_WORDS: dict[str, str] = {
    "": "send your mail",
    Action.ANSWER: "send your answer",
    Action.OFFICE_ANSWER: "send your answer",
    Action.LEAD_ANSWER: "send your answer",
    Action.ACKNOWLEDGE: "note that you have a message",
    Action.RELEASE: "release a message to the teacher",
    Action.KEEP: "keep a message from the teacher",
    Action.REPORT: "report a message",
    Action.RAISE: "raise a safeguarding concern",
}


def send_notice(
    connection: Connection, letters: Letters, source: Source, effect: SendNotice, now: datetime
) -> None:
    """Send one of the fixed texts. Nothing of the message is in it."""
    school = letters.school
    staffing = school.staffing(connection, now)
    teacher = staffing.everybody.get(effect.staff_id or "")
    room = staffing.rooms.get(effect.class_id or "")
    zone = school.zone
    opens = effect.office_opens_at
    values: dict[str, Any] = contact_values(school) | {
        "class_name": room.name if room else source.class_name,
        "teacher": teacher.name if teacher else "The teacher",
        "reads": when(effect.reads_at, now, zone) if effect.reads_at else "",
        "answers_by": when(effect.due, now, zone) if effect.due else "",
        "reason": waiting_reason(school.calendar, now),
        "office_topics": office_topics(school.policy),
        "office_open": effect.office_open,
        "office_opens": when(opens, now, zone) if opens else "",
        "link_address": "",
    }
    hours_of: str | None = None
    if effect.kind is NoticeKind.ACTION_REFUSED:
        values |= _refusal(*effect.topics)
        # Even our own refusal waits for a teacher's hours.
        reader = staffing.teacher_at(effect.address)
        hours_of = reader.staff_id if reader else None
    about_the_class = effect.kind in _ABOUT_THE_CLASS
    sender = source.class_address if about_the_class else source.row.recipient
    if "+" in sender:
        sender = school.address(SENIOR)
    letter = Letter(
        key=f"notice/{source.spool_id}/{effect.kind}",
        kind=f"notice-{effect.kind}",
        priority=Priority.NOTICE,
        sender_name=f"{values['class_name']}, {school.name}" if about_the_class else school.name,
        sender=sender,
        recipient=effect.address,
        words=render(str(effect.kind), values),
        about=source.spool_id,
        in_reply_to=source.content.message_id,
        references=source.content.references,
        auto_submitted="auto-replied",
        guardian_id=effect.guardian_id if about_the_class else None,
        hours_of=hours_of,
    )
    letters.post.send(connection, letter, now)


def _refusal(action: str, why: str) -> dict[str, str]:
    what_next = "Please ring the school office."
    if not action:
        what_next = "Use the reply address under each message, or ring the office."
    return {
        "action": _ACTION_WORDS[action],
        "why": f"{why[0].upper()}{why[1:]}.",
        "what_next": what_next,
    }
