"""What staff answer, cleaned and sent on to the parent as a new message in the school's voice."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from gateway.mail.clean_reply import clean_answer
from gateway.mail.render import render
from gateway.school import SENIOR, School
from gateway.store import schema as t
from gateway.store.outbox import Priority
from gateway.work.foreign import holds_another_family
from gateway.work.letters import Letters
from gateway.work.office_queue import put_on_list
from gateway.work.phrases import contact_values, usual_windows
from gateway.work.post import Letter
from gateway.work.source import Source
from rules.effects import RelayAnswer
from rules.instruction import Action

MOST_RETURNS = 4  # to one writer, in a day
_VOICES = {
    Action.OFFICE_ANSWER: "The school office",
    Action.LEAD_ANSWER: "Senior staff",
}


def relay(
    connection: Connection,
    school: School,
    letters: Letters,
    answer: Source,
    effect: RelayAnswer,
    now: datetime,
) -> None:
    """Queue the answer for the parent; one that must not go as it is comes back to its writer.

    Only cleaned text travels: no field, signature, quotation or file of the
    answer, and nobody's address but the school's.
    """
    original = letters.source(connection, effect.item_id, now)
    cleaned = clean_answer(answer.content)
    if not cleaned.text.strip() or cleaned.doubtful:
        why = "We could not find your own words in it."
        if cleaned.text.strip():
            why = "We could not tell your own words from the words around them."
        _return(connection, school, letters, answer, original, effect, why, now)
        return
    if effect.action is Action.ANSWER and holds_another_family(
        connection, letters, cleaned.text, original, effect.staff_id, now
    ):
        why = "It seems to hold words or a name of another family."
        _return(connection, school, letters, answer, original, effect, why, now)
        return
    contacts = contact_values(school)
    values = contacts | {
        "subject": original.content.subject or "your message",
        "text": cleaned.text,
    }
    if effect.action is Action.ANSWER:
        teacher = letters.staff(connection, effect.staff_id, now)
        name = teacher.name if teacher else "Your teacher"
        values |= {
            "teacher": name,
            "class_name": original.class_name,
            "windows": usual_windows(school.policy),
        }
        words = render("answer", values)
        sender, sender_name = original.class_address, f"{name} ({original.class_name})"
    else:
        voice = _VOICES[effect.action]
        words = render("office-answer", values | {"voice": f"{voice}, {school.name}"})
        sender = school.address(SENIOR)
        if effect.action is Action.OFFICE_ANSWER:
            sender = school.policy.contacts.office_address
        sender_name = f"{voice}, {school.name}"
    letter = Letter(
        # The same answer sent twice by a mail program is one answer.
        key=f"answer/{answer.row.content_key}",
        kind="answer",
        priority=Priority.ANSWER,
        sender_name=sender_name,
        sender=sender,
        recipient=effect.address,
        words=words,
        about=effect.item_id,
        in_reply_to=original.content.message_id,
        references=original.content.references,
        auto_submitted=None,
        forbidden=_staff_addresses(connection, school, effect.address, now),
        guardian_id=effect.guardian_id,
        not_before=effect.not_before,
    )
    if letters.post.send(connection, letter, now) == "held":
        why = "It holds an e-mail address of staff, or something else that must not go to a parent."
        _return(connection, school, letters, answer, original, effect, why, now)


def _return(
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
    is_teacher = effect.action is Action.ANSWER
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
        hours_of=writer.staff_id if is_teacher else None,
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


def _staff_addresses(
    connection: Connection, school: School, recipient: str, now: datetime
) -> tuple[str, ...]:
    """Return what must not be shown; a parent who is staff knows their own address."""
    shown = {school.policy.contacts.office_address.lower(), recipient}
    staff = school.staffing(connection, now).everybody.values()
    return tuple(person.address for person in staff if person.address not in shown)
