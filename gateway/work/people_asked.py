"""Looks up what `decide` is told about mail that links, unlinks, removes or shows somebody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Connection, exists, select

from gateway.school import PEOPLE, School
from gateway.store import contacts, journal, offers, removals
from gateway.store import schema as t
from gateway.store.contacts import ChildOfContact, ContactOnRecord, PupilOnRecord
from gateway.work.own_family import own_pupils, staff_in_family
from rules.links import LinkStanding
from rules.message import Inbound
from rules.offers import Offer, Removal
from rules.people import Directory
from rules.people_asked import line_to_people, verified_office
from rules.people_facts import ContactFound, PeopleFacts, PupilFound
from rules.people_line import read_people_line


def offer_asked(
    connection: Connection, school: School, offer_id: str, now: datetime
) -> tuple[Offer | None, str | None]:
    """Return the offer that a signed address is about, as it stands now, and its message."""
    row = offers.find(connection, school.school_id, offer_id)
    if row is None:
        return None, None
    today = school.today(now)
    ids = [row.guardian_id] if row.guardian_id else []
    person = next(iter(contacts.contacts(connection, ids, today)), None)
    children = [
        child
        for child in (person.children if person else ())
        if row.pupil_id is None or child.pupil_id == row.pupil_id
    ]
    return (
        Offer(
            row.offer_id,
            row.kind,
            row.detail.get("verb", "link"),
            row.guardian_id,
            row.pupil_id,
            is_decided=row.decided is not None,
            is_barred=any(child.barred for child in children),
            is_removed=person is not None and person.is_removed(today),
            is_proven=row.kind != "address" or _is_proven(connection, row.spool_id),
            is_a_pupils=row.address is not None and is_a_pupils(connection, school, row.address),
            is_ours=row.address is not None and is_ours(school, row.address),
            is_anothers=row.address is not None
            and is_anothers(connection, school, row.address, row.guardian_id),
            is_gone=_is_gone(row.kind, person, children),
            is_active=any(child.standing is LinkStanding.ACTIVE for child in children),
            is_with_a_child=row.kind == "address"
            and "child_author" in journal.labels(connection, row.spool_id),
            # An address lets them write about each of their children.
            family=staff_in_family(
                connection,
                school,
                now,
                ids,
                row.pupil_id if row.address is None else None,
            ),
            asked_by=row.asked_by,
        ),
        row.spool_id if row.kind == "address" else None,
    )


def removal_asked(
    connection: Connection, school: School, removal_id: str, now: datetime
) -> Removal | None:
    """Return the removal that a signed address is about."""
    row = removals.find(connection, school.school_id, removal_id)
    if row is None:
        return None
    over = removals.is_over(row, school.today(now))
    family = staff_in_family(connection, school, now, [row.guardian_id])
    return Removal(row.removal_id, row.guardian_id, row.begins, row.ends, over, family)


def removal_of(connection: Connection, guardian_id: str | None, today: date) -> Removal | None:
    """Return the removal of a guardian that is in force, if one is."""
    row = removals.in_force(connection, guardian_id, today) if guardian_id else None
    return Removal(row.removal_id, row.guardian_id, row.begins, row.ends) if row else None


def people_facts(
    connection: Connection, school: School, inbound: Inbound, directory: Directory
) -> PeopleFacts:
    """Return whom a line to `people@` may mean; nothing for mail that no such line is in."""
    if inbound.envelope.recipient != school.address(PEOPLE):
        return PeopleFacts()
    staff = verified_office(inbound, directory.staff, directory.pupil_id)
    line = read_people_line(line_to_people(inbound, staff.name)) if staff else None
    if line is None:
        return PeopleFacts()
    today = school.today(inbound.envelope.arrived)
    address = line.address
    ids: list[str] = []
    if address is not None:
        ids = contacts.ids_at(connection, school.school_id, address)
    elif line.who:
        ids = contacts.ids_named(connection, school.school_id, line.who)
    named = contacts.ids_named(connection, school.school_id, line.name) if line.name else []
    pupil = line.pupil or (line.who if line.verb == "show" and address is None else "")
    return PeopleFacts(
        tuple(_found(one, today) for one in contacts.contacts(connection, ids, today)),
        tuple(_found(one, today) for one in contacts.contacts(connection, named, today)),
        tuple(
            _pupil(one) for one in contacts.pupils_named(connection, school.school_id, pupil, today)
        )
        if pupil
        else (),
        is_a_pupils=address is not None and is_a_pupils(connection, school, address),
        is_ours=address is not None and is_ours(school, address),
        own_pupils=own_pupils(connection, school, staff) if staff else frozenset(),
    )


def is_ours(school: School, address: str) -> bool:
    """Whether an address (folded) is of the domain that the gateway itself is written to at."""
    return address.rpartition("@")[2] == school.domain


def is_anothers(
    connection: Connection, school: School, address: str, guardian_id: str | None
) -> bool:
    """Whether an address (folded) stands on record for some other contact."""
    return bool(set(contacts.ids_at(connection, school.school_id, address)) - {guardian_id})


def is_a_pupils(connection: Connection, school: School, address: str) -> bool:
    """Whether an address (folded) is a pupil's, or of the pupils' own domain."""
    if address.rpartition("@")[2] in school.policy.pupil_domains:
        return True
    p = t.pupils.c
    query = select(exists().where(p.school_id == school.school_id, p.address == address))
    return bool(connection.execute(query).scalar())


def child_words(child: ChildOfContact) -> str:
    """Return "Ben Okoro (3B)"."""
    names = ", ".join(name for _id, name in child.classes)
    return f"{child.name} ({names})" if names else child.name


def _is_gone(kind: str, person: ContactOnRecord | None, children: Iterable[ChildOfContact]) -> bool:
    if kind == "people":  # to invite names no contact, and to link may begin what is not there
        return False
    if person is None:
        return True
    theirs = [child for child in children if not child.has_ended]
    return not (theirs if kind == "third" else any(child.classes for child in theirs))


def _found(person: ContactOnRecord, today: date) -> ContactFound:
    return ContactFound(
        person.guardian_id,
        person.reference,
        person.name,
        person.addresses,
        tuple(_words(person.children)),
        frozenset(one.pupil_id for one in person.children if not one.has_ended),
        frozenset(one.pupil_id for one in person.children if one.barred),
        person.is_removed(today),
    )


def _words(children: Iterable[ChildOfContact]) -> list[str]:
    return [child_words(child) for child in children if not child.has_ended]


def _pupil(one: PupilOnRecord) -> PupilFound:
    return PupilFound(one.pupil_id, one.reference, one.name, one.class_names)


def _is_proven(connection: Connection, spool_id: str | None) -> bool:
    m = t.messages.c
    query = select(exists().where(m.spool_id == spool_id, m.authenticity == "verified"))
    return bool(connection.execute(query).scalar())
