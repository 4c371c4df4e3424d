"""What did the writer of an answer have before them, and who stands in it?

The mails of ours that an answer may quote, and of each other family in them the words and
names that must not leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select, true

from gateway.mail.clean_reply import clean_answer
from gateway.mail.limits import TooMuch
from gateway.mail.read import read_message
from gateway.mail.signatures import without_footer, without_signature
from gateway.school import HELP, HOURS, PEOPLE
from gateway.store.schema import digest_items as items
from gateway.store.schema import outbox
from gateway.tokens import Token, read_token, token_in
from rules.hours_letter import line_in
from rules.hours_line import HoursLine, read_line
from rules.instruction import ANSWERS, Action
from rules.message import Content, Inbound, TextView
from rules.people_line import read_people_line

# Kinds whose text may be quoted. What was returned to its writer is their own words.
_QUOTABLE = ("digest", "whole", "office", "office-queue", "queue", "safeguarding", "report")
# Nobody need write a word to these: "Sent from my iPhone" is no remark of the writer's.
_BUTTONS = frozenset(
    {
        Action.DONE,
        Action.SNOOZE,
        Action.FILES,
        Action.CONFIRM_HOURS,
        Action.UNDO_HOURS,
        Action.READ_NEWS,
        Action.LINK,
        Action.ASK_CODE,
        Action.DROP,
        Action.APPROVE,
        Action.REMOVE,
        Action.RETURN,
    }
)
_MOST_MAILS = 12
_MOST_REFERENCES = 10


@dataclass(frozen=True, slots=True)
class Answered:
    """The texts that may be quoted; `said` are those in them that the writer wrote before."""

    sent: tuple[str, ...]
    said: tuple[str, ...]


def others_in_digests(
    connection: Connection, spool_id: str, staff_id: str | None
) -> tuple[list[str], list[Any]]:
    """Return the digests that gave `staff_id` a message, and all other messages in them."""
    digest_ids = list(
        connection.execute(
            select(items.c.digest_id)
            .where(
                items.c.spool_id == spool_id,
                items.c.staff_id == staff_id if staff_id is not None else true(),
                items.c.digest_id.is_not(None),
            )
            .distinct()
        ).scalars()
    )
    rows = list(
        connection.execute(
            select(items.c.spool_id, items.c.guardian_id, items.c.detail).where(
                items.c.digest_id.in_(digest_ids), items.c.spool_id != spool_id
            )
        )
    )
    return digest_ids, rows


def what_was_answered(
    connection: Connection, content: Content, spool_id: str, staff_id: str | None
) -> Answered:
    """Return what the writer of an answer, which is about the message `spool_id`, may quote.

    Without `staff_id`, in the mails to whoever the answer says that it is from.
    """
    digest_ids, rows = others_in_digests(connection, spool_id, staff_id)
    own = connection.execute(select(items.c.detail).where(items.c.spool_id == spool_id)).all()
    details = [row.detail for row in (*rows, *own)]
    said = tuple(text for one in details if (text := one.get("kept_back")))
    references = content.references[:_MOST_REFERENCES]
    o = outbox.c
    about: list[ColumnElement[bool]] = [o.message_id.in_(references)]
    about += [(o.spool_id == spool_id) & o.kind.in_(_QUOTABLE)]
    about += [o.key.startswith(f"digest/{one}/", autoescape=True) for one in digest_ids]
    mails = connection.execute(
        select(o.octets, o.recipient)
        .where(
            or_(*about),
            o.kind.in_(_QUOTABLE),
            o.recipient == (content.originator.mailbox or ""),
        )
        .order_by(o.queued.desc())
        .limit(_MOST_MAILS)
    )
    return Answered(tuple(_texts(row.octets for row in mails)), said)


def in_own_words(connection: Connection, message: Inbound) -> Inbound:
    """Return an answer with what it quotes from mail of ours taken out of the writer's words.

    What is cut stays among its texts as a quotation: a word of a parent in it that may mean a
    child at risk was dealt with when the parent wrote it. Any other message comes back as it is.
    """
    content = message.content
    token = _token(message)
    if message.envelope.recipient.partition("@")[0] in (HOURS, HELP):
        line = line_in(content.own_text, "")
        own = without_signature(content.own_text)
        is_line = isinstance(read_line(line, message.envelope.arrived), HoursLine)
        if is_line and line_in(own, "") != line:
            return message  # a line with an address in it is short, and no signature
        return replace(message, content=replace(content, own_text=own))
    if message.envelope.recipient.partition("@")[0] == PEOPLE:
        line = line_in(content.own_text, "")
        own = without_signature(content.own_text)
        if read_people_line(line) is not None and line_in(own, "") != line:
            return message  # it has an address in it, and is no signature
        return replace(message, content=replace(content, own_text=own))
    if token is not None and token.action in _BUTTONS:
        own = without_footer(content.own_text)
        return replace(message, content=replace(content, own_text=own))
    if token is None or token.action not in ANSWERS:
        return message
    answered = what_was_answered(connection, content, token.item_id, None)
    own = clean_answer(content, answered.sent, answered.said).text if answered.sent else ""
    if not own.strip() or own == content.own_text:
        return message
    kept = [view for view in content.views if view.text != content.own_text]
    views = (TextView("plain", own), TextView("quoted", content.own_text), *kept)
    return replace(message, content=replace(content, own_text=own, views=views))


def _token(message: Inbound) -> Token | None:
    """Return the token that a message was sent to, or that of the mail it says it answers."""
    found = token_in(message.envelope.recipient.partition("@")[0])
    for reference in message.content.references[:1]:
        local = reference.strip("<>").rpartition("@")[0]
        found = found or read_token(local.partition(".")[0])
    return found


def _texts(mails: Iterable[bytes]) -> Iterator[str]:
    for octets in mails:
        try:
            content = read_message(octets)
        except TooMuch:
            continue  # enclosed files of a redirect; its text is the family's own
        yield content.body_text
        yield from (view.text for view in content.views if view.kind == "html")
