"""Issues invite codes for a child: to whom, in which place, and to whom not and why."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from gateway.invites.on_record import OnRecord, addresses_to_mail, contacts_of
from gateway.school import School
from gateway.store import invites, journal, links
from gateway.store import schema as t
from gateway.store.invites import How
from gateway.tokens import Keys
from rules.codes import NUMBER_OF_CODES, code_of
from rules.inviting import why_not_invited

PURPOSE = b"invite-code"
_NO_ADDRESS = "no mail address on record: print a letter"
_SHARED = "no mail address of their own: somebody barred from the child has it too; print a letter"
_USED = "has used a code for this child already (name them with --contact for another)"


@dataclass(frozen=True, slots=True)
class Child:
    """A child whose contacts are to be invited, in one of their classes."""

    pupil_id: str
    reference: str
    given_name: str
    family_name: str
    class_name: str
    class_address: str

    @property
    def name(self) -> str:
        """The full name."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code as it is handed out: the only place, besides the mail or letter, where it stands."""

    invite_id: str
    child: Child
    contact: OnRecord
    slot: int
    code: str  # plain
    last_day: date  # included
    address: str | None = None  # to which it may be mailed

    def __repr__(self) -> str:
        """Leave the code out: what is printed by mistake must not be one."""
        return f"Invitation({self.invite_id})"


@dataclass(frozen=True, slots=True)
class NotInvited:
    """A contact who gets no code, and why, in words for the office."""

    child: Child
    contact: OnRecord
    why: str


def children_of(
    connection: Connection,
    school: School,
    today: date,
    *,
    class_name: str | None = None,
    reference: str | None = None,
) -> tuple[Child, ...]:
    """Return the children of a class, or the one with this reference, by family name."""
    p, e, c = t.pupils.c, t.enrolments.c, t.classes.c
    query = (
        select(t.pupils, c.name.label("class_name"), c.address.label("class_address"))
        .join(t.enrolments, e.pupil_id == p.pupil_id)
        .join(t.classes, c.class_id == e.class_id)
        .where(
            p.school_id == school.school_id,
            e.begins <= today,
            or_(e.ends.is_(None), e.ends >= today),
        )
        .order_by(p.family_name, p.given_name, p.pupil_id, c.name)
    )
    if class_name is not None:
        query = query.where(func.lower(c.name) == class_name.strip().lower())
    if reference is not None:
        query = query.where(p.reference == reference)
    found: dict[str, Child] = {}
    for row in connection.execute(query):
        found.setdefault(row.pupil_id, _child(row))
    return tuple(found.values())


def issue(
    connection: Connection,
    school: School,
    keys: Keys,
    child: Child,
    *,
    how: How,
    now: datetime,
    contact: str | None = None,
    issued_by: str | None = None,
) -> tuple[list[Invitation], list[NotInvited]]:
    """Issue a code to each contact of `child` who may have one; return them, and who may not.

    `contact` is the reference of the only one meant. A code issued before and not used yet is
    revoked by the new one. Nobody has two places, and no more than two places of a child are
    given without an approval.
    """
    today = school.today(now)
    links.hold_child(connection, child.pupil_id)
    contacts = contacts_of(connection, child.pupil_id, today)
    before = invites.of_pupil(connection, child.pupil_id)
    placed = {one.link.guardian_id for one in contacts if one.link.is_active}
    placed |= {row.guardian_id for row in before if invites.state_of(row, now) == "open"}
    used = {row.guardian_id for row in before if row.used is not None}
    issued: list[Invitation] = []
    refused: list[NotInvited] = []
    for one in contacts:
        guardian_id = one.link.guardian_id
        if contact is not None and one.link.guardian_reference != contact:
            continue
        why = why_not_invited(one.as_contact(len(placed - {guardian_id})))
        if not why and contact is None and guardian_id in used:
            why = _USED
        addresses = addresses_to_mail(contacts, one)
        if not why and how == "mail" and not addresses:
            why = _NO_ADDRESS if not one.addresses else _SHARED
        if why:
            refused.append(NotInvited(child, one, why))
            continue
        slot = _slot(before, issued, placed, guardian_id)
        given = _write(connection, school, keys, child, one, slot, how=how, now=now, by=issued_by)
        issued.append(replace(given, address=next(iter(addresses), None)))
        placed.add(guardian_id)
    return issued, refused


def _write(
    connection: Connection,
    school: School,
    keys: Keys,
    child: Child,
    contact: OnRecord,
    slot: int,
    *,
    how: How,
    now: datetime,
    by: str | None,
) -> Invitation:
    code = code_of(secrets.randbelow(NUMBER_OF_CODES))
    last_day = school.today(now) + timedelta(days=school.policy.invite_days)
    midnight = datetime.combine(last_day + timedelta(days=1), time(), school.zone)
    guardian_id = contact.link.guardian_id
    invites.revoke_open(connection, guardian_id, child.pupil_id, now)
    invite_id = invites.add(
        connection,
        school_id=school.school_id,
        pupil_id=child.pupil_id,
        guardian_id=guardian_id,
        slot=slot,
        code_hash=keys.hashes(PURPOSE, code)[0],
        how=how,
        now=now,
        expires=midnight,
        issued_by=by,
    )
    journal.record(
        connection,
        school_id=school.school_id,
        spool_id=None,
        event="invite-issued",
        key=f"invite-issued/{invite_id}",
        at=now,
        detail={"invite_id": invite_id, "how": how, "slot": slot, "staff_id": by},
    )
    return Invitation(invite_id, child, contact, slot, code, last_day)


def _slot(
    before: Iterable[Row[Any]], issued: Iterable[Invitation], placed: set[str], guardian_id: str
) -> int:
    """Return the place of a contact: their own from before, or the first that is free."""
    known = {row.guardian_id: row.slot for row in before if row.guardian_id in placed}
    known |= {one.contact.link.guardian_id: one.slot for one in issued}
    if guardian_id in known:
        return int(known[guardian_id])
    taken = set(known.values())
    return next(number for number in range(1, len(taken) + 2) if number not in taken)


def _child(row: Row[Any]) -> Child:
    return Child(
        row.pupil_id,
        row.reference,
        row.given_name,
        row.family_name,
        row.class_name,
        row.class_address,
    )
