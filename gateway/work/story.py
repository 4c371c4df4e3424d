"""The story of one message in plain words: what came, what was decided and why, what went out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, select

from gateway.store import journal, people
from gateway.store import schema as t
from gateway.store.staffing import load_staffing
from gateway.work.promise_story import promise_lines
from rules.people import Staff
from rules.policy import Policy
from rules.wording import day_words, moment_words

_KINDS = {
    "office": "mail to the office",
    "office-queue": "list to the office",
    "safeguarding": "safeguarding alert",
    "report": "report to the leadership",
    "digest": "mail to the teacher",
    "answer": "answer to the parent",
    "returned": "answer returned to its writer",
    "with-dsl": "note to the teacher",
    "whole": "the whole message, as the teacher asked",
    "welcome": "welcome to a member of staff",
    "hours-news": "news of changed hours",
    "policy-review": "reminder that the policy's review is due",
    "policy-change": "changes of the policy, to its owners",
    "approval-ends": "an approval ends",
    "people-review": "what would change, to be confirmed",
    "people-done": "what was done, or is on record",
    "people-refused": "why nothing was changed",
    "links-waiting": "adults who wait for an approval",
    "removed": "they were removed from messaging",
    "let-back": "they can write again",
    "new-address": "an address was linked to their name",
}
_NOTICES = {
    "held": "the teacher reads it later",
    "redirected": "the office has it",
    "divided": "the office has one part of it",
    "urgent": "it is for today",
    "senior": "a senior member of staff will see it",
    "received": "somebody will look at it",
    "not-linked": "how to be linked",
    "linked": "they are linked now",
    "code-refused": "the code could not be used",
    "action-refused": "it could not be done",
    "moved": "a new reading time",
    "security": "keep your account safe",
    "help": "the policy in short",
    "help-staff": "your hours, and what you may write",
}
_REMINDERS = {
    "snoozed": "put off by the teacher: ",
    "overdue": "reminder that the answer is late: ",
    "late": "line in the office's list that the answer is late: ",
}
_CHOICES = {
    "no-answer-needed": "said that no answer is needed",
    "passed-to-office": "passed it to the office",
    "given-to-teacher": "gave it to the teacher",
    "put-off": "put it off",
    "whole-sent": "asked for the whole message",
    "security-reminded": "had the parent reminded to keep their account safe",
}
_EVENTS = {
    "raised": "A safeguarding case was opened",
    "told": "It was brought to",
    "acknowledge": "It was acknowledged",
    "release": "It was released to the teacher",
    "keep": "It was kept from the teacher",
    "report": "It was reported to the leadership",
}


def mail_words(kind: str) -> str:
    """Return what a person calls a mail of ours of this kind."""
    notice = kind.removeprefix("notice-")
    if notice != kind:
        return f"notice “{_NOTICES.get(notice, notice)}”"
    return _KINDS.get(kind, kind)


def story_lines(connection: Connection, policy: Policy, spool_id: str) -> list[str]:
    """Return the story of a message that is in the store, a line each."""
    zone = ZoneInfo(policy.zone)
    row = connection.execute(select(t.messages).where(t.messages.c.spool_id == spool_id)).one()
    staff = load_staffing(connection, row.school_id, row.arrived.date()).everybody
    lines = [f"Message {spool_id}", *_arrival(connection, row, zone), ""]
    for entry in journal.entries(connection, spool_id):
        if entry["event"] in ("decided", journal.FIRST_DECIDED):
            lines += _decision(entry, policy, zone)
    lines += _register(connection, staff, spool_id, zone)
    lines += promise_lines(connection, spool_id, zone)
    lines += _choices(connection, staff, spool_id, zone)
    lines += _waiting(connection, staff, spool_id, zone)
    lines += _mails(connection, spool_id, zone)
    return lines


def _arrival(connection: Connection, row: Row[Any], zone: ZoneInfo) -> list[str]:
    names = people.guardian_names(connection, [row.guardian_id] if row.guardian_id else [])
    writer = names.get(row.guardian_id, row.originator or "a sender nobody could establish")
    proof = row.authenticity or "not looked at yet"
    lines = [
        f"  arrived   {moment_words(row.arrived, zone)}, by {row.transport.upper()}, "
        f"{row.size_bytes:,} bytes",
        f"  from      {writer} ({proof})",
        f"  to        {row.recipient}",
        f"  ended     {row.ending or 'not settled yet'}",
    ]
    if row.duplicate_of:
        lines.append(f"  repeats   {row.duplicate_of}")
    return lines


def _decision(entry: dict[str, Any], policy: Policy, zone: ZoneInfo) -> list[str]:
    detail = entry["detail"]
    about = ", ".join(detail["labels"]) or "nothing recognised"
    lines = [
        f"Decided {moment_words(entry['at'], zone)} under policy {entry['policy_version']}",
        f"  about     {about}",
    ]
    for reason in detail["reasons"]:
        lines.append(f"  because   {reason['rule'].replace('-', ' ')} ({reason['clause']})")
        if reason["words"]:
            lines.append(f"              the words: {', '.join(f'“{w}”' for w in reason['words'])}")
        if reason["facts"]:
            lines.append(f"              the facts: {reason['facts']}")
        clause = policy.clauses.get(reason["clause"])
        if clause:
            lines.append(f"              the policy: {clause}")
    return [*lines, ""]


def _register(
    connection: Connection, staff: Mapping[str, Staff], spool_id: str, zone: ZoneInfo
) -> list[str]:
    rows = connection.execute(
        select(t.register).where(t.register.c.spool_id == spool_id).order_by(t.register.c.number)
    ).all()
    lines = []
    for row in rows:
        person = staff.get(row.staff_id)
        who = f": {person.name}" if person else ""
        what = _EVENTS.get(row.event, row.event)
        lines.append(f"  {moment_words(row.at, zone)}  {what}{who}")
    return ["In the safeguarding register", *lines, ""] if lines else []


def _choices(
    connection: Connection, staff: Mapping[str, Staff], spool_id: str, zone: ZoneInfo
) -> list[str]:
    lines = []
    for entry in journal.entries(connection, spool_id):
        words = _CHOICES.get(entry["event"])
        if words is not None:
            person = staff.get(entry["detail"]["staff_id"])
            until = entry["detail"].get("until")
            words += f" until {day_words(date.fromisoformat(until))}" if until else ""
            who = person.name if person else "A teacher"
            lines.append(f"  {moment_words(entry['at'], zone)}  {who} {words}")
    return ["What staff chose", *lines, ""] if lines else []


def _waiting(
    connection: Connection, staff: Mapping[str, Staff], spool_id: str, zone: ZoneInfo
) -> list[str]:
    i = t.digest_items.c
    lines = []
    for item in connection.execute(select(t.digest_items).where(i.spool_id == spool_id)):
        reader = staff.get(item.staff_id)
        name = reader.name if reader else "nobody"
        verb = "waits for"
        if item.digest_id:
            verb = "given"
        elif item.withdrawn:
            verb = "taken back from"
        what = _REMINDERS.get(item.kind, "")
        words = f"{what}{verb} {name}, reading time {moment_words(item.reads_at, zone)}"
        if item.due:
            words += f", answer promised by {moment_words(item.due, zone)}"
        lines.append(f"  {words}")
    return ["For its readers", *lines, ""] if lines else []


def _mails(connection: Connection, spool_id: str, zone: ZoneInfo) -> list[str]:
    o, i = t.outbox.c, t.digest_items.c
    taken = select(i.digest_id).where(i.spool_id == spool_id, i.digest_id.is_not(None))
    keys = [
        f"{prefix}/{digest_id}"
        for digest_id in connection.execute(taken).scalars()
        for prefix in ("digest", "queue")
    ]
    condition = o.spool_id == spool_id
    for key in keys:
        condition = condition | o.key.startswith(key, autoescape=True)
    lines = []
    for row in connection.execute(select(t.outbox).where(condition).order_by(o.queued)):
        kind = mail_words(row.kind)
        moment = row.finished or row.not_before
        lines.append(
            f"  {moment_words(moment, zone)}  {kind} {'is ' if row.state == 'waiting' else ''}"
            f"{row.state} ({row.recipient})"
        )
    return ["What went out", *lines] if lines else []
