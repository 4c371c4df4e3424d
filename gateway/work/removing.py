"""Takes a guardian off the channel, or lets them back, as the leadership has decided; tells whom.

What has arrived stays to be read. An answer that waits for them is kept back when it would
leave (`gateway.store.recipients`), and the office is told, as of any answer that does not go.
"""

from __future__ import annotations

from sqlalchemy import func, select

from gateway.mail.render import render
from gateway.store import contacts, journal, removals
from gateway.store import schema as t
from gateway.store.contacts import ContactOnRecord
from gateway.store.outbox import Priority
from gateway.work.office_queue import next_holder
from gateway.work.own_family import staff_in_family
from gateway.work.people_mail import PeopleByMail
from gateway.work.people_words import long_day
from gateway.work.phrases import contact_values
from gateway.work.post import Letter
from gateway.work.reachable import whose_hours
from rules.effects import CarryOut
from rules.instruction import Action


def remove(people: PeopleByMail, effect: CarryOut) -> None:
    """Take the writer of a message off the channel."""
    m = t.messages.c
    guardian_id = people.connection.execute(
        select(m.guardian_id).where(m.spool_id == effect.item_id)
    ).scalar()
    if guardian_id is None:
        return
    guardian_id = removals.who_is_now(people.connection, guardian_id)
    today = people.school.today(people.now)
    removal_id = removals.remove(
        people.connection,
        school_id=people.school.school_id,
        guardian_id=guardian_id,
        removed_by=effect.staff_id,
        reason=effect.why,
        begins=today,
        ends=effect.until,
        spool_id=people.source.spool_id,
        now=people.now,
    )
    [person] = contacts.contacts(people.connection, [guardian_id], today)
    until = long_day(effect.until) if effect.until else ""
    told = _tell(people, person, "removed", removal_id, {"until": until})
    _record(people, "guardian-removed", effect, removal_id)
    how_long = f" until {until}" if until else ""
    lines = [
        f"{person.name} cannot write to classes or get mail about them{how_long}.",
        "Their mail reaches the office. Nothing changes for other parents and carers.",
        "We told them, and whom to ring. Your reason is not in that mail."
        if told
        else "We did not tell them: they share their address, or have none. Please write to them.",
    ]
    back = people.letters.post.token_address(Action.RETURN, removal_id, effect.staff_id, people.now)
    people.done("Removed from messaging", lines, effect.staff_id, key=removal_id, return_to=back)
    _tell_the_office(people, "Removed from messaging", lines[:2], removal_id, effect, guardian_id)


def let_back(people: PeopleByMail, effect: CarryOut) -> None:
    """Let somebody back whom the leadership had removed."""
    today = people.school.today(people.now)
    row = removals.find(people.connection, people.school.school_id, effect.item_id)
    if row is None or not removals.let_back(
        people.connection,
        school_id=people.school.school_id,
        removal_id=effect.item_id,
        returned_by=effect.staff_id,
        today=today,
        now=people.now,
    ):
        return
    guardian_id = removals.who_is_now(people.connection, row.guardian_id)
    [person] = contacts.contacts(people.connection, [guardian_id], today)
    _tell(people, person, "let-back", row.removal_id, {})
    _record(people, "guardian-returned", effect, row.removal_id)
    lines = [f"{person.name} can write to classes again, as far as the links on record let them."]
    key = f"{row.removal_id}/back"
    people.done("Back in messaging", lines, effect.staff_id, key=key)
    _tell_the_office(people, "Back in messaging", lines, key, effect, guardian_id)


def _tell(
    people: PeopleByMail,
    person: ContactOnRecord,
    kind: str,
    removal_id: str,
    values: dict[str, str],
) -> bool:
    """Send the fixed text to each address that is theirs alone; False when there is none."""
    told = False
    for address in person.addresses:
        a = t.guardian_addresses.c
        readers = people.connection.execute(
            select(func.count()).where(a.school_id == people.school.school_id, a.address == address)
        ).scalar_one()
        if readers > 1:
            continue  # whoever shares the mailbox must not learn of it from us
        letter = Letter(
            key=f"{kind}/{removal_id}/{address}",
            kind=kind,
            priority=Priority.NOTICE,
            sender_name=people.school.name,
            sender=people.school.address("senior"),
            recipient=address,
            words=render(kind, contact_values(people.school) | values | {"guardian": person.name}),
            auto_submitted="auto-generated",
            hours_of=whose_hours(people.school.staffing(people.connection, people.now), address),
        )
        people.letters.post.send(people.connection, letter, people.now)
        told = True
    return told


def _tell_the_office(
    people: PeopleByMail,
    heading: str,
    lines: list[str],
    key: str,
    effect: CarryOut,
    guardian_id: str,
) -> None:
    staffing = people.school.staffing(people.connection, people.now)
    family = staff_in_family(people.connection, people.school, people.now, [guardian_id])
    office = next_holder(staffing, family | {effect.staff_id})
    if office is not None:
        people.done(heading, lines, office.staff_id, key=key)


def _record(people: PeopleByMail, event: str, effect: CarryOut, removal_id: str) -> None:
    journal.record(
        people.connection,
        school_id=people.school.school_id,
        spool_id=people.source.spool_id,
        event=event,
        key=f"{event}/{removal_id}",
        at=people.now,
        detail={
            "staff_id": effect.staff_id,
            "removal_id": removal_id,
            "until": effect.until.isoformat() if effect.until else None,
        },
    )
