"""What a message to a signed address asks for, and whether it may be honoured: the token opened."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from gateway.school import School
from gateway.store import cases, journal, news, people
from gateway.store import schema as t
from gateway.store.removals import who_is_now
from gateway.store.staffing import Staffing
from gateway.tokens import Keys, Token, read_token, token_in
from gateway.work.hours_asked import change_asked
from gateway.work.own_family import staff_in_family
from gateway.work.people_asked import offer_asked, removal_asked, removal_of
from rules.concern import OUTSIDE
from rules.instruction import ANSWERS, ASKED_AGAIN, Action, Instruction, Item, TokenState
from rules.message import Authenticity, Inbound
from rules.people import Directory, Staff

_ABOUT_PEOPLE = (Action.LINK, Action.APPROVE, Action.REMOVE, Action.RETURN)


def token_of(
    connection: Connection,
    school: School,
    staffing: Staffing,
    inbound: Inbound,
    mailbox: str | None,
) -> Token | None:
    """Return the token the message was sent to, or the one it answers.

    Some programs ignore Reply-To and answer the From address, which is the class's. A
    reference counts there and nowhere else: what is written to another address, such as
    a teacher's concern to `senior`, is meant for that address and not for a parent.
    """
    recipient = inbound.envelope.recipient
    token = token_in(recipient.partition("@")[0])
    if token is not None or mailbox is None or not staffing.staff_at(mailbox):
        return token
    for reference in inbound.content.references[:1]:
        local, _at, domain = reference.strip("<>").rpartition("@")
        found = read_token(local.partition(".")[0]) if domain.lower() == school.domain else None
        if found is not None and found.action in (Action.ANSWER, Action.OFFICE_ANSWER):
            class_id = connection.execute(
                select(t.messages.c.class_id).where(t.messages.c.spool_id == found.item_id)
            ).scalar()
            room = staffing.rooms.get(class_id or "")
            return found if room is not None and room.address == recipient else None
    return None


def item_of(connection: Connection, school: School, spool_id: str, now: datetime) -> Item | None:
    row = connection.execute(
        select(t.messages).where(
            t.messages.c.spool_id == spool_id, t.messages.c.school_id == school.school_id
        )
    ).first()
    if row is None:
        return None
    case = cases.find(connection, spool_id)
    beside = _cases_beside(connection, row, case.state if case else "none")
    pupils: tuple[str, ...] = ()
    if row.guardian_id is not None and row.class_id is not None:
        pupils = people.pupils_between(connection, row.guardian_id, row.class_id, school.today(now))
    return Item(
        spool_id,
        row.guardian_id,
        row.originator,
        row.class_id,
        case.state if case else "none",
        pupils,
        is_perhaps_a_child="child_author" in journal.labels(connection, spool_id),
        is_beside_a_case=bool(beside),
        kept_from=cases.kept_from(connection, spool_id),
        kept_from_beside=frozenset.intersection(*map(cases.kept_from_of, beside))
        if beside
        else frozenset(),
        is_proven=row.authenticity == Authenticity.VERIFIED,
    )


def open_token(
    connection: Connection,
    school: School,
    keys: Keys,
    inbound: Inbound,
    directory: Directory,
    token: Token,
    item: Item | None,
) -> Instruction:
    """Open the token: it is honoured only from the verified address of whom it was signed for."""
    if token.action is Action.BOUNCE:
        state: TokenState = "valid" if keys.is_for(token, "") else "not-yours"
        return Instruction(token.action, state, item=item)
    holder = next(
        (person for person in directory.staff if keys.is_for(token, person.staff_id)), None
    )
    outside = school.policy.outside_contact
    is_outside = outside is not None and inbound.content.originator.mailbox == outside
    # Somebody outside the school can say that they have it, and nothing else.
    if is_outside and token.action is Action.ACKNOWLEDGE and keys.is_for(token, OUTSIDE):
        holder = Staff(OUTSIDE, "the contact outside the school", outside or "")
    verified = inbound.authenticity is Authenticity.VERIFIED
    if holder is None or not verified:
        return Instruction(token.action, "not-yours")
    if school.today(inbound.envelope.arrived) > token.last_day:
        return Instruction(token.action, "expired", holder, item)
    if token.action in (Action.CONFIRM_HOURS, Action.UNDO_HOURS):
        change = change_asked(connection, school, token.item_id)
        spent: TokenState = "spent" if _is_spent(connection, token, holder) else "valid"
        return Instruction(token.action, spent, holder, change=change)
    if token.action in _ABOUT_PEOPLE:
        spent = "spent" if _is_spent(connection, token, holder) else "valid"
        instruction = Instruction(token.action, spent, holder, item)
        return _about_people(connection, school, instruction, token.item_id, inbound)
    if token.action is Action.READ_NEWS:  # said twice, it is as true as said once
        theirs = news.is_theirs(connection, token.item_id, holder.staff_id)
        return Instruction(token.action, "valid", holder, news_id=token.item_id if theirs else None)
    if token.action is Action.REPORT:
        item = _with_family(connection, school, item, inbound.envelope.arrived)
    if token.action not in ANSWERS | ASKED_AGAIN and _is_spent(connection, token, holder):
        return Instruction(token.action, "spent", holder, item)
    return Instruction(token.action, "valid", holder, item)


def _about_people(
    connection: Connection,
    school: School,
    instruction: Instruction,
    item_id: str,
    inbound: Inbound,
) -> Instruction:
    """Add the offer or the removal that the instruction is about, as it stands now."""
    now = inbound.envelope.arrived
    if instruction.action in (Action.LINK, Action.APPROVE):
        offer, spool_id = offer_asked(connection, school, item_id, now)
        item = item_of(connection, school, spool_id, now) if spool_id else None
        return replace(instruction, offer=offer, item=item)
    if instruction.action is Action.RETURN:
        return replace(instruction, removal=removal_asked(connection, school, item_id, now))
    item = _with_family(connection, school, instruction.item, now)
    guardian_id = item.guardian_id if item else None
    removal = removal_of(connection, guardian_id, school.today(now))
    return replace(instruction, item=item, removal=removal)


def _with_family(
    connection: Connection, school: School, item: Item | None, now: datetime
) -> Item | None:
    """Add who of the staff is of the writer's family."""
    if item is None or item.guardian_id is None:
        return item
    guardian_id = who_is_now(connection, item.guardian_id)
    family = staff_in_family(connection, school, now, [guardian_id])
    return replace(item, guardian_id=guardian_id, family=family)


def spent_key(action: Action, item_id: str, staff_id: str) -> str:
    """Return the key under which a single-use action is recorded as done."""
    return f"{action}/{item_id}/{staff_id}"


def _is_spent(connection: Connection, token: Token, holder: Staff) -> bool:
    key = spent_key(token.action, token.item_id, holder.staff_id)
    query = select(t.tokens_spent.c.key).where(t.tokens_spent.c.key == key)
    return connection.execute(query).first() is not None


def _cases_beside(connection: Connection, row: Row[Any], own_case: str) -> list[Row[Any]]:
    """Return the other messages of the conversation that the lead has.

    What the lead has released may be answered, unless a later message is with them; and so may
    what came after a message that the lead has decided to keep.
    """
    others = cases.with_the_lead(connection, row.thread_id) if row.thread_id else []
    return [
        other
        for other in others
        if other.spool_id != row.spool_id
        and (other.arrived > row.arrived or (own_case != "released" and other.state != "kept"))
    ]
