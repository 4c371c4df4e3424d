"""Sends one of the fixed texts: what a guardian does not yet know, and nothing of the message."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from gateway.mail.render import Rendered
from gateway.school import LINK, SENIOR, School
from gateway.store import schema as t
from gateway.store.home_language import home_language
from gateway.store.once import insert_once
from gateway.store.outbox import Priority
from gateway.work.help import help_words
from gateway.work.letters import Letters
from gateway.work.notice_words import Told, notice_words
from gateway.work.phrases import Waiting, moved, waiting
from gateway.work.post import Letter
from gateway.work.reachable import teaches
from gateway.work.source import Source
from rules.effects import NoticeKind, SendNotice
from rules.instruction import Action
from rules.notices import notice_key

_ABOUT_THE_CLASS = {
    NoticeKind.HELD,
    NoticeKind.REDIRECTED,
    NoticeKind.DIVIDED,
    NoticeKind.URGENT,
    NoticeKind.MOVED,
}
# Our own mail to staff waits for a teacher's hours like any other.
_TO_STAFF = {NoticeKind.ACTION_REFUSED, NoticeKind.HELP_STAFF, NoticeKind.CODE_REFUSED}
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
    Action.DONE: "note that a message needs no answer",
    Action.PASS: "pass a message to the office",
    Action.GIVE: "give a message to the teacher",
    Action.SNOOZE: "show a message again later",
    Action.FILES: "send you the files of a message",
    Action.SECURITY: "remind the parent about their account",
    Action.CONFIRM_HOURS: "change the school's hours",
    Action.UNDO_HOURS: "undo a change of the hours",
    Action.READ_NEWS: "note that you have read it",
    Action.LINK: "link somebody",
    Action.ASK_CODE: "tell the sender how to be linked",
    Action.DROP: "note that nothing is to be done",
    Action.APPROVE: "let one more adult write about a child",
    Action.REMOVE: "remove a parent from messaging",
    Action.RETURN: "let a parent back",
}


def note_once(
    connection: Connection,
    school: School,
    spool_id: str,
    notice: SendNotice,
    now: datetime,
    key: str | None = None,
) -> bool:
    """Record that `notice` is sent because of a message; False when it was sent before.

    `key` says which notices are one and the same; by default what the policy says of its kind.
    """
    values = {
        "key": key or notice_key(notice, school.today(now)),
        "school_id": school.school_id,
        "kind": str(notice.kind),
        "address": notice.address,
        "guardian_id": notice.guardian_id,
        "spool_id": spool_id,
        "at": now,
    }
    return insert_once(connection, t.notices, values)


def send_notice(
    connection: Connection, letters: Letters, source: Source, effect: SendNotice, now: datetime
) -> None:
    """Send one of the fixed texts. Nothing of the message is in it."""
    school = letters.school
    staffing = school.staffing(connection, now)
    room = staffing.rooms.get(effect.class_id or "")
    class_name = room.name if room else source.class_name
    to_staff = staffing.staff_at(effect.address) if effect.kind in _TO_STAFF else ()
    reader = next((person for person in to_staff if teaches(staffing, person)), None)
    about_the_class = effect.kind in _ABOUT_THE_CLASS
    sender = source.class_address if about_the_class else source.row.recipient
    if "+" in sender:
        sender = school.address(SENIOR)
    # It must not stand below the message that it is about: that would tell which one it was.
    asked_for = effect.kind is NoticeKind.SECURITY
    key = f"notice/{source.spool_id}/{effect.kind}"
    if effect.kind is NoticeKind.MOVED and effect.reads_at is not None:
        key = f"{key}/{effect.reads_at.isoformat()}"  # what moved once may move again
    elif effect.kind is NoticeKind.NOT_LINKED and effect.about is not None:
        key = f"{key}/asked"  # by the office, though it may have gone by itself before
    elif effect.kind is NoticeKind.MOVED and effect.due is not None:
        key = f"{key}/due/{effect.due.isoformat()}"
    letter = Letter(
        key=key,
        kind=f"notice-{effect.kind}",
        priority=Priority.NOTICE,
        sender_name=f"{class_name}, {school.name}" if about_the_class else school.name,
        sender=sender,
        recipient=effect.address,
        words=_words(connection, letters, effect, class_name, now),
        about=source.spool_id,
        in_reply_to=None if asked_for else source.content.message_id,
        references=() if asked_for else source.content.references,
        auto_submitted="auto-generated" if asked_for else "auto-replied",
        guardian_id=effect.guardian_id if about_the_class or asked_for else None,
        hours_of=reader.staff_id if reader else None,
    )
    letters.post.send(connection, letter, now)


def _words(
    connection: Connection, letters: Letters, effect: SendNotice, class_name: str, now: datetime
) -> Rendered:
    school = letters.school
    if effect.kind in (NoticeKind.HELP, NoticeKind.HELP_STAFF):
        staff_address = effect.address if effect.kind is NoticeKind.HELP_STAFF else None
        return help_words(
            connection, school, now, guardian_id=effect.guardian_id, staff_address=staff_address
        )
    refused = effect.kind is NoticeKind.ACTION_REFUSED
    told = Told(
        kind=effect.kind,
        class_name=class_name,
        teacher=_teacher(connection, letters, effect, now),
        reads_at=effect.reads_at,
        due=effect.due,
        acknowledge_by=effect.acknowledge_by,
        old_reads_at=effect.old_reads_at,
        old_due=effect.old_due,
        waiting=_waiting(letters, effect, now),
        office_open=effect.office_open,
        office_opens_at=effect.office_opens_at,
        link_address=school.address(LINK),
        more=_refusal(*effect.topics) if refused else (),
    )
    return notice_words(school, told, home_language(connection, effect.guardian_id), now)


def _teacher(connection: Connection, letters: Letters, effect: SendNotice, now: datetime) -> str:
    found = letters.staff(connection, effect.staff_id, now)
    return found.name if found else ""


def _waiting(letters: Letters, effect: SendNotice, now: datetime) -> Waiting:
    # Always the school's calendar, never the teacher's: their own reasons are not a parent's.
    calendar = letters.school.calendar
    if effect.kind is NoticeKind.MOVED:
        # An answer may be due at the very end of a window, which is outside it.
        old_due = effect.old_due - timedelta(seconds=1) if effect.old_due else None
        old = effect.old_reads_at or old_due
        return moved(calendar, old) if old else Waiting()
    return waiting(calendar, now)


def _refusal(action: str, why: str) -> tuple[tuple[str, str], ...]:
    what_next = "Please ring the school office."
    if not action:
        what_next = "Use the reply address under each message, or ring the office."
    return (
        ("action", _ACTION_WORDS[action]),
        ("why", f"{why[0].upper()}{why[1:]}."),
        ("what_next", what_next),
    )
