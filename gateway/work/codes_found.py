"""Looks up what `decide` is told about the invite codes in one mail to `link`."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import Connection, select

from gateway.invites.issuing import PURPOSE
from gateway.invites.on_record import OnRecord, active_besides, contacts_of
from gateway.school import School
from gateway.store import invites
from gateway.store import schema as t
from gateway.tokens import Keys
from rules.code_facts import CodeFacts, CodeSent
from rules.codes import codes_in
from rules.inviting import standing_by_code, why_not_linked
from rules.links import LinkStanding
from rules.message import Inbound

_NOBODY = ""


def codes_sent(
    connection: Connection, school: School, keys: Keys, inbound: Inbound, mailbox: str
) -> CodeFacts | None:
    """Return what is known of the codes in a mail from `mailbox`; None when it holds none.

    The same is asked of the store for every code, whether it is one of ours or made up.
    """
    content = inbound.content
    written = codes_in(f"{content.subject}\n\n\n\n\n\n\n{content.own_text}", content.body_text)
    if not written:
        return None
    now = inbound.envelope.arrived
    midnight = datetime.combine(school.today(now), time(), school.zone)
    sent = [_code_sent(connection, school, keys, code, mailbox, now) for code in written.codes]
    wrong, failed = invites.wrong_since(connection, school.school_id, mailbox, midnight)
    return CodeFacts(
        found=len(written.codes),
        mistyped=written.mistyped,
        sent=tuple(one for one in sent if one is not None),
        wrong_today=wrong,
        failed_today=failed,
        wrong_of_all_today=invites.wrong_since(connection, school.school_id, None, midnight)[0],
    )


def _code_sent(
    connection: Connection, school: School, keys: Keys, code: str, mailbox: str, now: datetime
) -> CodeSent | None:
    row = invites.find_by_hash(connection, school.school_id, keys.hashes(PURPOSE, code))
    guardian_id, pupil_id = (row.guardian_id, row.pupil_id) if row else (_NOBODY, _NOBODY)
    contacts = contacts_of(connection, pupil_id, school.today(now))
    contact = next((one for one in contacts if one.link.guardian_id == guardian_id), None)
    elsewhere = _elsewhere(connection, school, contacts, guardian_id, mailbox)
    if row is None:
        return None
    is_good = invites.state_of(row, now) == "open"
    if contact is None:
        return CodeSent(row.invite_id, is_good, "its contact is on record for the child no longer")
    known = contact.as_contact(active_besides(contacts, guardian_id))
    trouble = why_not_linked(known) or elsewhere
    waits = not trouble and standing_by_code(known) is LinkStanding.WAITING
    return CodeSent(row.invite_id, is_good, trouble, waits)


def _elsewhere(
    connection: Connection,
    school: School,
    contacts: tuple[OnRecord, ...],
    guardian_id: str,
    mailbox: str,
) -> str:
    """Return why this mailbox must not become the contact's; "" when it may.

    A letter may have been opened by the other parent: then the code came from an address that
    the records have for somebody else. A mailbox that two share on record is theirs.
    """
    a = t.guardian_addresses.c
    holders = set(
        connection.execute(
            select(a.guardian_id).where(a.school_id == school.school_id, a.address == mailbox)
        ).scalars()
    )
    others = holders - {guardian_id}
    if any(one.link.guardian_id in others and one.link.barred for one in contacts):
        return "the address is also on record for somebody who is barred from the child"
    if others and guardian_id not in holders:
        return "the address is on record for another contact than the code's"
    return ""
