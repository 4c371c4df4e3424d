"""Looks up everything `decide` is told about one message besides the message itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from gateway.school import HELP, HOURS, LINK, PEOPLE, POSTMASTER, SENIOR, School
from gateway.store import cases, people
from gateway.store import schema as t
from gateway.tokens import Keys, Token
from gateway.work.codes_found import codes_sent
from gateway.work.hours_asked import hours_facts
from gateway.work.instructed import item_of, open_token, token_of
from gateway.work.people_asked import people_facts
from rules.automatic import AutomaticVerdict
from rules.facts import Facts, HoursFacts, RecipientKind
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
    token = token_of(connection, school, staffing, inbound, mailbox)
    about = item_of(connection, school, token.item_id, envelope.arrived) if token else None
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
        instruction=open_token(connection, school, keys, inbound, directory, token, about)
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


def _kind(recipient: str, token: Token | None) -> RecipientKind:
    if token is not None:
        return "signed"
    return _KINDS.get(recipient.partition("@")[0], "class")


def _readers(directory: Directory) -> list[Staff]:
    teachers = [person for room in directory.classes for person in room.teachers]
    return teachers + list(directory.staff)


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
