"""What is on record of a contact or a pupil, in lines that the office reads."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, Row, select

from gateway.school import School
from gateway.store import approvals, contacts, removals
from gateway.store import schema as t
from gateway.store.contacts import ChildOfContact, ContactOnRecord, PupilOnRecord
from rules.links import LinkStanding
from rules.wording import day_words, listed, moment_words

_STANDING = {
    LinkStanding.ACTIVE: "active",
    LinkStanding.WAITING: "waits for the leadership's approval",
    LinkStanding.UNVERIFIED: "not in use: your records do not say whether they are responsible",
    LinkStanding.INVITED: "waits for its code",
    LinkStanding.REFUSED: "was refused",
}


def long_day(day: date) -> str:
    """Return "Friday 31 August 2027"."""
    return f"{day_words(day)} {day.year}"


def link_words(child: ChildOfContact) -> str:
    """Return how a link stands: "active: may write and receive"."""
    if child.barred:
        return "your records bar them from this child"
    if child.has_ended and child.ends is not None:
        return f"linked until {long_day(child.ends)}"
    words = _STANDING[child.standing]
    if child.standing is not LinkStanding.ACTIVE:
        return words
    may = [
        word
        for word, allowed in (("write", child.may_message), ("receive", child.may_receive))
        if allowed
    ]
    return f"{words}: may {listed(may)}" if may else f"{words}, but may neither write nor receive"


def contact_lines(connection: Connection, school: School, person: ContactOnRecord) -> list[str]:
    """Return all that is on record of a contact, and of what the gateway did with them."""
    lines = [f"{person.name}, number {person.reference}"]
    lines.append(f"Addresses: {', '.join(person.addresses)}" if person.addresses else "No address")
    for child in person.children:
        names = ", ".join(name for _id, name in child.classes)
        where = f" ({names})" if names else ""
        lines.append(f"{child.name}{where}, number {child.reference}: {link_words(child)}")
    names_of = {child.pupil_id: child.name for child in person.children}
    for one in approvals.approvals_of(connection, person.guardian_id):
        who = _staff_name(connection, one.approved_by)
        about = names_of.get(one.pupil_id, "a child")
        lines.append(
            f"Approved for {about} by {who} until {long_day(one.ends)}"
            f"{' (ended)' if one.ended else ''}: {one.reason}"
        )
    lines += [_code_words(row, school, names_of) for row in _codes(connection, person.guardian_id)]
    for row in _acceptances(connection, person.guardian_id):
        at = moment_words(row.at, school.zone)
        lines.append(f"Accepted the expectations (policy {row.policy_version}): {at}")
    for row in removals.of_guardian(connection, person.guardian_id):
        lines.append(_removal_words(connection, row, school))
    return lines


def pupil_lines(connection: Connection, pupil: PupilOnRecord, today: date) -> list[str]:
    """Return a pupil's contacts, and how each is linked."""
    where = f" ({', '.join(pupil.class_names)})" if pupil.class_names else ""
    lines = [f"{pupil.name}{where}, number {pupil.reference}"]
    ids = contacts.ids_of_pupil(connection, pupil.pupil_id)
    for person in contacts.contacts(connection, ids, today):
        child = next(one for one in person.children if one.pupil_id == pupil.pupil_id)
        addresses = ", ".join(person.addresses) or "no address"
        gone = "; removed from messaging" if person.is_removed(today) else ""
        lines.append(
            f"{person.name}, number {person.reference}, {addresses}: {link_words(child)}{gone}"
        )
    return lines if len(lines) > 1 else [*lines, "No contact on record"]


def _code_words(row: Row[tuple[object, ...]], school: School, names_of: dict[str, str]) -> str:
    about = names_of.get(str(row.pupil_id), "a child")
    state = f"good until {moment_words(row.expires, school.zone)}"
    if row.used is not None:
        state = f"used {moment_words(row.used, school.zone)}"
    elif row.revoked is not None:
        state = f"revoked {moment_words(row.revoked, school.zone)}"
    return f"Code for {about}, by {row.how}, {moment_words(row.issued, school.zone)}: {state}"


def _removal_words(connection: Connection, row: Row[tuple[object, ...]], school: School) -> str:
    who = _staff_name(connection, str(row.removed_by))
    until = f" until {long_day(row.ends)}" if row.ends else ""
    back = f"; back since {moment_words(row.returned, school.zone)}" if row.returned else ""
    return f"Removed from messaging by {who} from {long_day(row.begins)}{until}{back}: {row.reason}"


def _codes(connection: Connection, guardian_id: str) -> list[Row[tuple[object, ...]]]:
    i = t.invites.c
    query = select(t.invites).where(i.guardian_id == guardian_id).order_by(i.issued.desc())
    return list(connection.execute(query))


def _acceptances(connection: Connection, guardian_id: str) -> list[Row[tuple[object, ...]]]:
    a = t.acceptances.c
    query = select(t.acceptances).where(a.guardian_id == guardian_id).order_by(a.at)
    return list(connection.execute(query))


def _staff_name(connection: Connection, staff_id: str) -> str:
    query = select(t.staff.c.name).where(t.staff.c.staff_id == staff_id)
    return str(connection.execute(query).scalar() or "somebody who has left")
