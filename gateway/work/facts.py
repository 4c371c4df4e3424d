"""Looks up everything `decide` is told about one message besides the message itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select

from gateway.school import HELP, HOURS, LINK, PEOPLE, POSTMASTER, SENIOR, School
from gateway.store import cases, journal, news, people
from gateway.store import schema as t
from gateway.store.staffing import Staffing
from gateway.tokens import Keys, Token, read_token, token_in
from gateway.work.codes_found import codes_sent
from gateway.work.hours_asked import change_asked, hours_facts
from gateway.work.people_asked import offer_asked, people_facts, removal_asked, removal_of
from rules.automatic import AutomaticVerdict
from rules.concern import OUTSIDE
from rules.facts import Facts, HoursFacts, RecipientKind
from rules.instruction import ANSWERS, ASKED_AGAIN, Action, Instruction, Item, TokenState
from rules.message import Authenticity, Inbound
from rules.notices import Told
from rules.people import Directory, Staff
from rules.topics import Understanding

DUPLICATES_REMEMBERED = timedelta(days=30)  # RELIABILITY §7
# What a parent writes in these weeks may be about the same, without saying of whom.
ALLEGATIONS_REMEMBERED = timedelta(days=28)
NOTICES_REMEMBERED = timedelta(days=30)
_KINDS: dict[str, RecipientKind] = {
    SENIOR: "senior",
    POSTMASTER: "postmaster",
    HOURS: "hours",
    HELP: "help",
    PEOPLE: "people",
    LINK: "link",
}
_ABOUT_PEOPLE = (Action.LINK, Action.APPROVE, Action.REMOVE, Action.RETURN)
# A time that we moved takes nothing from what a parent may be told of their own messages, nor
# does a code that did not work.
_NOT_COUNTED = ("moved", "code-refused")
_TRUST = {Authenticity.FAILED: 0, Authenticity.UNVERIFIED: 1, Authenticity.VERIFIED: 2}


@dataclass(frozen=True, slots=True)
class Understood:
    """What was found in the text, before anyone asked who wrote it."""

    understanding: Understanding
    verdict: AutomaticVerdict
    content_key: str


def look_up(
    connection: Connection, school: School, keys: Keys, inbound: Inbound, found: Understood
) -> Facts:
    """Return the facts for `inbound` as the store holds them now."""
    envelope = inbound.envelope
    originator = inbound.content.originator
    mailbox = originator.mailbox if originator.outcome == "single" else None
    staffing = school.staffing(connection, envelope.arrived)
    token = _token(connection, school, staffing, inbound, mailbox)
    about = _item(connection, school, token.item_id, envelope.arrived) if token else None
    directory = people.directory_for(
        connection,
        staffing,
        school.school_id,
        envelope.recipient,
        mailbox,
        school.policy.pupil_domains,
        (about.class_id,) if about and about.class_id else (),
    )
    return Facts(
        directory=directory,
        policy=school.policy,
        calendar=school.calendar,
        understanding=found.understanding,
        verdict=found.verdict,
        recipient_kind=_kind(envelope.recipient, token),
        calendars=school.calendars(
            (person.staff_id, person.address) for person in _readers(directory)
        ),
        instruction=_instruction(connection, school, keys, inbound, directory, token, about)
        if token
        else None,
        duplicate_of=_duplicate_of(connection, inbound, found.content_key),
        told=_told(connection, school, directory, mailbox, staffing.guardians, envelope.arrived),
        kept_from=cases.kept_from_by(
            connection, school.school_id, mailbox, envelope.arrived - ALLEGATIONS_REMEMBERED
        )
        if mailbox is not None
        else frozenset(),
        codes=codes_sent(connection, school, keys, inbound, mailbox)
        if mailbox is not None and envelope.recipient == school.address(LINK)
        else None,
        hours=hours_facts(connection, school, staffing, directory.staff)
        if token is None and envelope.recipient == school.address(HOURS)
        else HoursFacts(),
        people=people_facts(connection, school, inbound, directory),
    )


def _token(
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


def _kind(recipient: str, token: Token | None) -> RecipientKind:
    if token is not None:
        return "signed"
    return _KINDS.get(recipient.partition("@")[0], "class")


def _readers(directory: Directory) -> list[Staff]:
    teachers = [person for room in directory.classes for person in room.teachers]
    return teachers + list(directory.staff)


def _instruction(
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
        item = _item(connection, school, spool_id, now) if spool_id else None
        return replace(instruction, offer=offer, item=item)
    if instruction.action is Action.RETURN:
        return replace(instruction, removal=removal_asked(connection, school, item_id, now))
    guardian_id = instruction.item.guardian_id if instruction.item else None
    removal = removal_of(connection, guardian_id, school.today(now))
    return replace(instruction, removal=removal)


def spent_key(action: Action, item_id: str, staff_id: str) -> str:
    """Return the key under which a single-use action is recorded as done."""
    return f"{action}/{item_id}/{staff_id}"


def _is_spent(connection: Connection, token: Token, holder: Staff) -> bool:
    key = spent_key(token.action, token.item_id, holder.staff_id)
    query = select(t.tokens_spent.c.key).where(t.tokens_spent.c.key == key)
    return connection.execute(query).first() is not None


def _item(connection: Connection, school: School, spool_id: str, now: datetime) -> Item | None:
    row = connection.execute(
        select(t.messages).where(
            t.messages.c.spool_id == spool_id, t.messages.c.school_id == school.school_id
        )
    ).first()
    if row is None:
        return None
    case = cases.find(connection, spool_id)
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
        is_beside_a_case=_is_beside_a_case(connection, row, case.state if case else "none"),
        is_proven=row.authenticity == Authenticity.VERIFIED,
    )


def _is_beside_a_case(connection: Connection, row: Row[Any], own_case: str) -> bool:
    """Whether the lead has another message of the conversation.

    What the lead has released may be answered, unless a later message is with them; and so may
    what came after a message that the lead has decided to keep.
    """
    others = cases.with_the_lead(connection, row.thread_id) if row.thread_id else []
    return any(
        other.spool_id != row.spool_id
        and (other.arrived > row.arrived or (own_case != "released" and other.state != "kept"))
        for other in others
    )


def _duplicate_of(connection: Connection, inbound: Inbound, content_key: str) -> str | None:
    """Return the earlier message this one repeats: same content, and verified at least as well."""
    m = t.messages.c
    rows = connection.execute(
        select(m.spool_id, m.authenticity)
        .where(
            m.content_key == content_key,
            m.state == "settled",
            m.duplicate_of.is_(None),
            m.spool_id != inbound.envelope.spool_id,
            m.arrived > inbound.envelope.arrived - DUPLICATES_REMEMBERED,
        )
        .order_by(m.spool_id)
    )
    for row in rows:
        if _TRUST[Authenticity(row.authenticity)] >= _TRUST[inbound.authenticity]:
            return str(row.spool_id)
    return None


def _told(
    connection: Connection,
    school: School,
    directory: Directory,
    mailbox: str | None,
    linked: int,
    now: datetime,
) -> Told:
    if mailbox is None:
        return Told()
    n = t.notices.c
    mine = n.address == mailbox
    if directory.guardians:
        mine = mine | n.guardian_id.in_([person.guardian_id for person in directory.guardians])
    rows = connection.execute(
        select(n.key, n.kind, n.at).where(
            n.school_id == school.school_id, mine, n.at > now - NOTICES_REMEMBERED
        )
    ).all()
    last_hour = connection.execute(
        select(func.count()).where(n.school_id == school.school_id, n.at > now - timedelta(hours=1))
    ).scalar_one()
    today = school.today(now)
    return Told(
        keys=frozenset(row.key for row in rows),
        today=sum(
            1 for row in rows if row.kind not in _NOT_COUNTED and school.today(row.at) == today
        ),
        last_not_linked=max((row.at for row in rows if row.kind == "not-linked"), default=None),
        school_last_hour=last_hour,
        linked_guardians=linked,
    )
