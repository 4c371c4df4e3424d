"""Writes what was given to a teacher once more: for the office, or for the teacher, whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from gateway.mail.draft import Enclosure
from gateway.mail.render import render
from gateway.store.outbox import Priority
from gateway.work.letters import Letters, unshown
from gateway.work.phrases import contact_values
from gateway.work.post import Letter, Outcome
from gateway.work.source import Source, enclosures_of
from rules.instruction import Action
from rules.people import Staff
from rules.wording import moment_words

LONG_TEXT = 20_000  # characters; a digest may have held only the beginning of it
MOST_TEXT = 400_000  # characters in one mail
MOST_MAILS = 20  # for one request


def worth_sending(sources: tuple[Source, ...]) -> tuple[Source, ...]:
    """Return those that a digest may not have held whole; all, where it held each."""
    found = tuple(
        one for one in sources if one.content.attachments or len(one.content.body_text) > LONG_TEXT
    )
    return (found or sources)[-MOST_MAILS:]


def send_passed(
    connection: Connection,
    letters: Letters,
    sources: tuple[Source, ...],
    teacher: Staff,
    office: Staff,
    comment: str,
    parent_told: str,
    now: datetime,
) -> Outcome:
    """Give the office what a teacher passes on, with the parent's files and words."""
    school, newest = letters.school, sources[-1]
    values = contact_values(school) | {
        "teacher": teacher.name,
        "class_name": newest.class_name,
        "guardian": newest.writer,
        "originator": newest.claimed_address,
        "pupils": newest.pupils,
        "comment": comment,
        "parent_told": parent_told,
        "messages": [
            {
                "received": moment_words(one.arrived, school.zone),
                "subject": one.content.subject,
                "text": one.content.body_text,
                "attachments": one.attachment_names,
            }
            for one in sources
        ],
    }
    files = enclosures_of(sources)
    letter = Letter(
        key=f"passed/{newest.spool_id}/{teacher.staff_id}",
        kind="office",
        priority=Priority.OFFICE,
        sender_name=f"{newest.writer} (via {newest.class_name})",
        sender=newest.class_address,
        recipient=office.address,
        words=render("passed", values),
        about=newest.spool_id,
        reply_to=letters.post.token_address(
            Action.OFFICE_ANSWER, newest.spool_id, office.staff_id, now
        ),
        attachments=files,
        enclosed=newest.original(files) if len(sources) == 1 else None,
    )
    outcome = letters.post.send(connection, letter, now)
    if outcome != "held":
        return outcome
    bare = values | {
        "guardian": "a sender",
        "originator": "no address shown",
        "pupils": (),
        "comment": "",
        "messages": [
            {
                "received": moment_words(newest.arrived, school.zone),
                "subject": "not shown",
                "text": unshown(", ".join(one.spool_id for one in sources)),
                "attachments": (),
            }
        ],
    }
    plain = replace(letter, sender_name=school.name, attachments=(), enclosed=None)
    return letters.post.send(connection, replace(plain, words=render("passed", bare)), now)


def send_whole(
    connection: Connection,
    letters: Letters,
    source: Source,
    teacher: Staff,
    request_id: str,
    now: datetime,
) -> tuple[Outcome, bool]:
    """Give the teacher one message whole; return what came of it, and whether all of it went."""
    school = letters.school
    files = source.enclosures()
    safe = [part for part in source.content.attachments if not part.dangerous]
    too_big = _names_left(safe, files)
    text = source.content.body_text
    reply_to = letters.post.token_address(Action.ANSWER, source.spool_id, teacher.staff_id, now)
    values = contact_values(school) | {
        "guardian": source.writer,
        "class_name": source.class_name,
        "received": moment_words(source.arrived, school.zone),
        "subject": source.content.subject,
        "text": text[:MOST_TEXT],
        "attachments": tuple(one.name for one in files),
        "withheld": tuple(
            f"{part.name} (held: {part.dangerous})"
            for part in source.content.attachments
            if part.dangerous
        ),
        "too_big": (*too_big, *(("the end of the text",) if len(text) > MOST_TEXT else ())),
        "reply_to": reply_to,
    }
    letter = Letter(
        key=f"whole/{request_id}/{source.spool_id}",
        kind="whole",
        priority=Priority.DIGEST,
        sender_name=f"{source.class_name}, {school.name}",
        sender=source.class_address,
        recipient=teacher.address,
        words=render("whole", values),
        about=source.spool_id,
        reply_to=reply_to,
        attachments=files,
        hours_of=teacher.staff_id,
    )
    return letters.post.send(connection, letter, now), not values["too_big"]


def _names_left(parts: list[Any], files: tuple[Enclosure, ...]) -> tuple[str, ...]:
    sent = [one.name for one in files]
    left = []
    for part in parts:
        if part.name in sent:
            sent.remove(part.name)
        else:
            left.append(part.name)
    return tuple(left)
