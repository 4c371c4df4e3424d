"""Looks up what `decide` is told about the invite codes in one mail to `link`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from rules.look_alikes import mailbox_form
from rules.message import Inbound
from rules.people import Role

_NOBODY = ""
_TWO_CONTACTS = (
    "the mail holds the codes of two contacts: each sends their own, from their own address"
)
_HANDED_ON = "somebody of the school handed it on: the parent must send it, from their own address"


@dataclass(frozen=True, slots=True)
class _Sender:
    """Whose mailbox the codes came from."""

    mailbox: str
    is_office: bool
    is_staff: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """One code of ours, and what must be known of it beside the others of the mail."""

    sent: CodeSent
    guardian_id: str
    is_on_record: bool  # the mailbox, for the code's contact


def codes_sent(
    connection: Connection, school: School, keys: Keys, inbound: Inbound, mailbox: str
) -> CodeFacts | None:
    """Return what is known of the codes in a mail from `mailbox`; None when it holds none.

    The same is asked of the store for every code, whether it is one of ours or made up.
    """
    content = inbound.content
    in_own_words = f"{content.subject}\n\n\n\n\n\n\n{content.own_text}"
    own = codes_in(in_own_words)
    written = own or codes_in(content.body_text)  # what is quoted, where they wrote none
    if not written:
        return None
    now = inbound.envelope.arrived
    midnight = datetime.combine(school.today(now), time(), school.zone)
    sender = _sender(connection, school, mailbox, now)
    hashes = {code: keys.hashes(PURPOSE, code) for code in written.codes}
    # Of two mails about one child the second counts the links that the first has made.
    invites.hold_children(connection, school.school_id, [*hashes.values()])
    found = [
        _found(connection, school, hashes[code], sender, now, quoted=not own)
        for code in written.codes
    ]
    sent = _one_contact_only([one for one in found if one is not None])
    wrong, failed = invites.wrong_since(connection, school.school_id, mailbox, midnight)
    return CodeFacts(
        found=len(written.codes),
        mistyped=written.mistyped,
        sent=sent,
        wrong_today=wrong,
        failed_today=failed,
        wrong_of_all_today=invites.wrong_since(connection, school.school_id, None, midnight)[0],
    )


def _sender(connection: Connection, school: School, mailbox: str, now: datetime) -> _Sender:
    people = school.staffing(connection, now).staff_at(mailbox)
    is_office = any(Role.OFFICE in person.roles for person in people)
    return _Sender(mailbox, is_office, bool(people))


def _found(
    connection: Connection,
    school: School,
    hashes: Sequence[str],
    sender: _Sender,
    now: datetime,
    *,
    quoted: bool,
) -> _Found | None:
    row = invites.find_by_hash(connection, school.school_id, hashes)
    guardian_id, pupil_id = (row.guardian_id, row.pupil_id) if row else (_NOBODY, _NOBODY)
    contacts = contacts_of(connection, pupil_id, school.today(now))
    contact = next((one for one in contacts if one.link.guardian_id == guardian_id), None)
    elsewhere = _elsewhere(connection, school, contacts, guardian_id, sender.mailbox)
    if row is None:
        return None
    is_good = invites.state_of(row, now) == "open"
    if contact is None:
        trouble = "its contact is on record for the child no longer"
        return _Found(CodeSent(row.invite_id, is_good, trouble), guardian_id, is_on_record=False)
    known = contact.as_contact(active_besides(contacts, guardian_id))
    is_on_record = sender.mailbox in contact.addresses
    handed_on = not is_on_record and (sender.is_office or (sender.is_staff and quoted))
    trouble = why_not_linked(known) or elsewhere or (_HANDED_ON if handed_on else "")
    waits = not trouble and standing_by_code(known) is LinkStanding.WAITING
    return _Found(CodeSent(row.invite_id, is_good, trouble, waits), guardian_id, is_on_record)


def _one_contact_only(found: Sequence[_Found]) -> tuple[CodeSent, ...]:
    """Keep a new address from becoming that of two contacts, as it could not one by one."""
    first = next((one for one in found if one.sent.is_good and not one.sent.trouble), None)
    return tuple(
        replace(one.sent, trouble=one.sent.trouble or _TWO_CONTACTS, will_wait=False)
        if first is not None
        and one.guardian_id != first.guardian_id
        and not (one.is_on_record and first.is_on_record)
        else one.sent
        for one in found
    )


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
    form = mailbox_form(mailbox)
    alike = {
        one.link.guardian_id
        for one in contacts
        if form in {mailbox_form(address) for address in one.addresses}
    }
    others = (holders | alike) - {guardian_id}
    if any(one.link.guardian_id in others and one.link.barred for one in contacts):
        return "the address is also on record for somebody who is barred from the child"
    if others and guardian_id not in holders | alike:
        how = "on record for" if others & holders else "much like that of"
        return f"the address is {how} another contact than the code's"
    return ""
