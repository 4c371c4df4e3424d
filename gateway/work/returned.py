"""An answer that must not go as it is comes back to its writer, with the reason."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from gateway.mail.render import render
from gateway.school import School
from gateway.store import schema as t
from gateway.store.outbox import Priority
from gateway.work.letters import Letters
from gateway.work.office_queue import put_on_list
from gateway.work.phrases import contact_values
from gateway.work.post import Letter
from gateway.work.source import Source
from rules.effects import RelayAnswer
from rules.instruction import Action

MOST_RETURNS = 4  # to one writer, in a day


def return_answer(
    connection: Connection,
    school: School,
    letters: Letters,
    answer: Source,
    original: Source,
    effect: RelayAnswer,
    why: str,
    now: datetime,
) -> None:
    """Give an answer back to its writer, with the reason; a teacher only inside the hours.

    A few times a day: a mail program that answers by itself, and says so in no field,
    would go on for ever. Then the office has it.
    """
    writer = letters.staff(connection, effect.staff_id, now)
    if writer is None or _returned_of_late(connection, writer.address, now) >= MOST_RETURNS:
        put_on_list(
            connection,
            school,
            answer.spool_id,
            f"an answer by staff could not be sent. {why}",
            now,
            key="held/answer",
            failed="answer",
        )
        return
    values = contact_values(school) | {
        "guardian": original.writer,
        "why": why,
        "what_next": "Please send a new mail to the same address, with your own words only.",
        "text": answer.content.own_text,
    }
    letter = Letter(
        key=f"returned/{answer.spool_id}",
        kind="returned",
        priority=Priority.NOTICE,
        sender_name=school.name,
        sender=original.class_address,
        recipient=writer.address,
        words=render("refused", values),
        about=answer.spool_id,
        reply_to=letters.post.token_address(effect.action, effect.item_id, writer.staff_id, now),
        hours_of=writer.staff_id if effect.action is Action.ANSWER else None,
    )
    letters.post.send(connection, letter, now)


def tell_of_files(
    connection: Connection,
    school: School,
    letters: Letters,
    answer: Source,
    original: Source,
    effect: RelayAnswer,
    staying: tuple[str, ...],
    now: datetime,
) -> None:
    """Tell the writer of an answer which files did not go with it; a teacher inside the hours."""
    writer = letters.staff(connection, effect.staff_id, now)
    if writer is None:
        return
    values = contact_values(school) | {"guardian": original.writer, "files": staying}
    letter = Letter(
        key=f"files-left/{answer.spool_id}",
        kind="files-left",
        priority=Priority.NOTICE,
        sender_name=school.name,
        sender=original.class_address,
        recipient=writer.address,
        words=render("files-left", values),
        about=answer.spool_id,
        hours_of=writer.staff_id if effect.action is Action.ANSWER else None,
    )
    letters.post.send(connection, letter, now)


def _returned_of_late(connection: Connection, address: str, now: datetime) -> int:
    o = t.outbox.c
    query = select(func.count()).where(
        o.kind == "returned",
        o.recipient == address,
        o.queued > now - timedelta(days=1),
    )
    return int(connection.execute(query).scalar_one())
