"""What staff answer, cleaned and sent on to the parent as a new message in the school's voice."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from gateway.mail.clean_reply import clean_answer
from gateway.mail.read import read_message
from gateway.mail.render import Rendered, render
from gateway.school import RESERVED, SENIOR, School
from gateway.store import promises
from gateway.store import schema as t
from gateway.store.outbox import Priority
from gateway.work.answer_files import AnswerFiles, files_of
from gateway.work.answered import what_was_answered
from gateway.work.foreign import holds_another_family
from gateway.work.kept_back import remember_words, show_with, unread_in_conversation
from gateway.work.letters import Letters
from gateway.work.phrases import contact_values, usual_windows
from gateway.work.post import Letter
from gateway.work.returned import return_answer, tell_of_files
from gateway.work.source import Source
from rules.effects import Ending, RelayAnswer
from rules.instruction import Action
from rules.sendnow import sends_as_it_is, without_orders
from rules.unpublished import unpublished_addresses

DOUBLED_WITHIN = timedelta(hours=1)
_VOICES = {
    Action.OFFICE_ANSWER: "The school office",
    Action.LEAD_ANSWER: "Senior staff",
}
_UNPUBLISHED = (
    "It holds an e-mail address at the school that we do not know as a public one. "
    "If that is meant, write “Send as it is” alone on the first line."
)
_FOREIGN = {
    "words": "It seems to hold words of another family.",
    "a name": "It seems to name somebody of another family. If that is meant, "
    "write “Send as it is” alone on the first line.",
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

    Only cleaned text and small safe files travel: no field, signature or quotation of the
    answer, and nobody's address but the school's.
    """
    original = letters.source(connection, effect.item_id, now)
    text, files, why = _checked(connection, letters, answer, original, effect, now)
    if why:
        return_answer(connection, school, letters, answer, original, effect, why, now)
        return
    letter = _letter(connection, school, letters, answer, original, effect, text, files, now)
    earlier = _sent_before(connection, letter, now)
    if earlier is not None:
        _mark_doubled(connection, answer.spool_id, earlier)
        return
    if effect.not_before > now:
        newer = unread_in_conversation(connection, effect.item_id, effect.staff_id)
        if newer is not None:
            # The parent has written again, and the teacher could not know when answering.
            show_with(connection, newer, text)
            why = "The parent has written again. Both stand in your next digest."
            return_answer(connection, school, letters, answer, original, effect, why, now)
            return
    if letters.post.send(connection, letter, now) == "held":
        why = "It holds an e-mail address of staff, or something else that must not go to a parent."
        return_answer(connection, school, letters, answer, original, effect, why, now)
        return
    promises.keep_about(connection, effect.item_id, "answered", now)
    remember_words(connection, school, letter.key, effect, text, now)
    if files.staying:
        tell_of_files(connection, school, letters, answer, original, effect, files.staying, now)


def _checked(
    connection: Connection,
    letters: Letters,
    answer: Source,
    original: Source,
    effect: RelayAnswer,
    now: datetime,
) -> tuple[str, AnswerFiles, str]:
    """Return the text and the files that may go, or why nothing may."""
    answered = what_was_answered(connection, answer.content, effect.item_id, effect.staff_id)
    cleaned = clean_answer(answer.content, answered.sent, answered.said, original.content.body_text)
    text = without_orders(cleaned.text).strip()
    files = files_of(answer)
    if not text:
        return "", files, "We could not find your own words in it."
    if cleaned.doubtful:
        return "", files, "We could not tell your own words from the words around them."
    if effect.action is Action.ANSWER:
        names = (*(file.name for file in files.going), *files.staying)
        texts = (text, cleaned.above, *names, *_texts_in_files(answer, files))
        found = holds_another_family(connection, letters, texts, original, effect.staff_id, now)
        if found and not (found == "a name" and sends_as_it_is(cleaned.text)):
            return "", files, _FOREIGN[found]
        if not sends_as_it_is(cleaned.text) and _holds_unpublished(
            connection, letters.school, texts, original, effect.address, now
        ):
            return "", files, _UNPUBLISHED
    return text, files, ""


def _holds_unpublished(
    connection: Connection,
    school: School,
    texts: tuple[str, ...],
    original: Source,
    recipient: str,
    now: datetime,
) -> bool:
    """Whether an answer shows an address of the staff's domains that is on no list of ours.

    One that is on the roster stops the letter in any case.
    """
    staffing = school.staffing(connection, now)
    staff = [person.address for person in staffing.everybody.values()]
    office = school.policy.contacts.office_address
    domains = {one.rpartition("@")[2].lower() for one in (*staff, office)}
    rooms = (room.address for room in staffing.rooms.values())
    ours = (school.address(local) for local in RESERVED)
    theirs = (original.content.body_text, original.content.subject, recipient)
    return bool(unpublished_addresses(texts, domains, (*staff, office, *rooms, *ours, *theirs)))


def _texts_in_files(answer: Source, files: AnswerFiles) -> tuple[str, ...]:
    if not files.going:
        return ()
    return tuple(view.text for view in answer.content.views if view.kind == "attached")


def _letter(
    connection: Connection,
    school: School,
    letters: Letters,
    answer: Source,
    original: Source,
    effect: RelayAnswer,
    text: str,
    files: AnswerFiles,
    now: datetime,
) -> Letter:
    sender, sender_name, words = _words(connection, school, letters, original, effect, text, now)
    return Letter(
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
        attachments=files.going,
        forbidden=_staff_addresses(connection, school, effect.address, now),
        guardian_id=effect.guardian_id,
        # What waits for the opening leaves in the hours in force by then.
        hours_of=effect.staff_id if effect.not_before > now else None,
        not_before=effect.not_before,
    )


def _words(
    connection: Connection,
    school: School,
    letters: Letters,
    original: Source,
    effect: RelayAnswer,
    text: str,
    now: datetime,
) -> tuple[str, str, Rendered]:
    """Return the address, the name and the words in which an answer leaves."""
    values = contact_values(school) | {
        "subject": original.content.subject or "your message",
        "text": text,
    }
    if effect.action is Action.ANSWER:
        teacher = letters.staff(connection, effect.staff_id, now)
        name = teacher.name if teacher else "Your teacher"
        values |= {
            "teacher": name,
            "class_name": original.class_name,
            "windows": usual_windows(school.policy),
        }
        sender_name = f"{name} ({original.class_name})"
        return original.class_address, sender_name, render("answer", values)
    voice = f"{_VOICES[effect.action]}, {school.name}"
    sender = school.address(SENIOR)
    if effect.action is Action.OFFICE_ANSWER:
        sender = school.policy.contacts.office_address
    return sender, voice, render("office-answer", values | {"voice": voice})


def _sent_before(connection: Connection, letter: Letter, now: datetime) -> str | None:
    """Return the message whose answer, within the hour, said the same to the same person."""
    o = t.outbox.c
    rows = connection.execute(
        select(o.key, o.octets).where(
            o.kind == "answer",
            o.spool_id == letter.about,
            o.recipient == letter.recipient,
            o.queued > now - DOUBLED_WITHIN,
            o.state.in_(("waiting", "leased", "sent")),
        )
    )
    for row in rows:
        earlier = read_message(row.octets)
        same_files = len(earlier.attachments) == len(letter.attachments)
        if same_files and earlier.body_text.split() == letter.words.text.split():
            content_key = row.key.removeprefix("answer/")
            query = select(t.messages.c.spool_id).where(t.messages.c.content_key == content_key)
            return connection.execute(query.order_by(t.messages.c.spool_id)).scalars().first()
    return None


def _mark_doubled(connection: Connection, spool_id: str, earlier: str) -> None:
    connection.execute(
        update(t.messages)
        .where(t.messages.c.spool_id == spool_id)
        .values(ending=str(Ending.DUPLICATE), duplicate_of=earlier)
    )


def _staff_addresses(
    connection: Connection, school: School, recipient: str, now: datetime
) -> tuple[str, ...]:
    """Return what must not be shown; a parent who is staff knows their own address."""
    shown = {school.policy.contacts.office_address.lower(), recipient}
    staff = school.staffing(connection, now).everybody.values()
    return tuple(person.address for person in staff if person.address not in shown)
