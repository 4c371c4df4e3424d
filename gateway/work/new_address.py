"""Puts a new address on a contact's record, and tells their other addresses that one was added.

Whoever opened a letter with a code, or got into the office's mailbox, would otherwise be linked
without a word to the contact themselves. The new address is never named.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from gateway.mail.render import render
from gateway.store import cases, contacts, journal
from gateway.store import schema as t
from gateway.store.contacts import ContactOnRecord
from gateway.store.guardians import add_address
from gateway.store.outbox import Priority
from gateway.work.letters import Letters
from gateway.work.phrases import contact_values
from gateway.work.post import Letter
from gateway.work.reachable import whose_hours

UNTOLD = (
    "We told none of their other addresses, because others read them too. Please ring the contact."
)


def put_on_record(
    connection: Connection,
    letters: Letters,
    guardian_id: str,
    address: str,
    now: datetime,
    *,
    key: str,
    spool_id: str | None,
) -> str:
    """Add an address (folded); return what staff must know of how it was told, or "".

    `spool_id` is the message that brought the address. Nothing automatic goes out about one that
    the safeguarding lead has, or that a child may have written: somebody may be in danger of
    whoever reads the other addresses.
    """
    school = letters.school
    before = _contact(connection, letters, guardian_id, now)
    added = add_address(connection, school.school_id, guardian_id, address)
    if not added or before is None or not before.addresses:
        return ""
    if spool_id is not None and _may_endanger(connection, spool_id):
        return ""
    told = [
        one
        for one in before.addresses
        if not _is_shared(connection, school.school_id, one)
        and _tell(connection, letters, before, one, f"new-address/{key}/{one}", now)
    ]
    return "" if told else UNTOLD


def _contact(
    connection: Connection, letters: Letters, guardian_id: str, now: datetime
) -> ContactOnRecord | None:
    today = letters.school.today(now)
    return next(iter(contacts.contacts(connection, [guardian_id], today)), None)


def _may_endanger(connection: Connection, spool_id: str) -> bool:
    if cases.find(connection, spool_id) is not None:
        return True
    return not {"child_author", "safeguarding"}.isdisjoint(journal.labels(connection, spool_id))


def _is_shared(connection: Connection, school_id: str, address: str) -> bool:
    """Whether others read this mailbox: they need not learn of it from us."""
    a = t.guardian_addresses.c
    query = select(func.count()).where(a.school_id == school_id, a.address == address)
    return int(connection.execute(query).scalar_one()) > 1


def _tell(
    connection: Connection,
    letters: Letters,
    person: ContactOnRecord,
    address: str,
    key: str,
    now: datetime,
) -> bool:
    school = letters.school
    letter = Letter(
        key=key,
        kind="new-address",
        priority=Priority.NOTICE,
        sender_name=school.name,
        sender=school.address("postmaster"),
        recipient=address,
        words=render("new-address", contact_values(school) | {"guardian": person.name}),
        auto_submitted="auto-generated",
        hours_of=whose_hours(school.staffing(connection, now), address),
    )
    return letters.post.send(connection, letter, now) != "held"
