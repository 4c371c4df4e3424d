"""Several children or classes, shared mailboxes, wrong classes, pupils, staff who are parents.

One table, each line a message that really arrives and is really settled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select, update

from gateway.store import schema as t
from gateway.store.contacts import ids_named
from tests.people_world import DSL, OFFICE, QUESTION, ROOM_3B, ROOM_4A, message, school

FAMILY = "the.family@parent.example"  # of two guardians, one of them barred from Ben
COUPLE = "couple@parent.example"  # of two guardians, one of them removed
HALF = "half@parent.example"  # of two guardians, one of whom waits for an approval
HUGHES = "hughes@oakfield.example"  # teaches 4A
BELL, BELL_AT_HOME = "bell@oakfield.example", "bell@home.example"  # teaches 3B, child in 4A
YATES = "yates@oakfield.example"  # teaches 4A, child in 3B, one address for both
STAFF = (
    ("Mrs Bell", BELL, "teacher", "3B", 0),
    ("Mr Hughes", HUGHES, "teacher", "4A", 0),
    ("Ms Yates", YATES, "teacher", "4A", 1),
)
FAMILIES = (
    ("P1", "Ben", "Okoro", "3B", "Amina Okoro", "amina@parent.example"),
    ("P1", "Ben", "Okoro", "3B", "Daniel Okoro", FAMILY),
    ("P2", "Zoe", "Price", "3B", "Dana Price", "dana@parent.example"),
    ("P3", "Finn", "Price", "3B", "Dana Price", "dana@parent.example"),
    ("P4", "Kuba", "Kowalski", "4A", "Ewa Kowalska", "ewa@parent.example"),
    ("P5", "Ola", "Kowalska", "3B", "Ewa Kowalska", "ewa@parent.example"),
    ("P6", "Ida", "Nowak", "4A", "Nina Nowak", "nina@parent.example"),
    ("P7", "Max", "Lund", "3B", "Lena Lund", COUPLE),
    ("P7", "Max", "Lund", "3B", "Lars Lund", "lars@parent.example"),
    ("P8", "Mia", "Hart", "3B", "Hope Hart", HALF),
    ("P8", "Mia", "Hart", "3B", "Hal Hart", "hal@parent.example"),
    ("P9", "Leo", "Moss", "4A", "Mary Moss", "mary@parent.example"),  # was in 3B until August
    ("P10", "Sam", "Bell", "4A", "Joan Bell", BELL_AT_HOME),
    ("P11", "Una", "Yates", "3B", "Tess Yates", YATES),
    ("P12", "Kit", "Gone", "3B", "Greta Gone", "greta@parent.example"),  # left the school
)
PUPIL = "ben@pupils.oakfield.example"
HIT = "Ben says that his uncle hits him. He is afraid to go home."


@dataclass(frozen=True, slots=True)
class Case:
    """What arrives, and where it must end: the class whose teacher reads it, or none."""

    says: str
    sender: str
    to: str
    ending: str
    room: str = ""
    text: str = QUESTION


CASES = (
    Case("two children in one class", "dana@parent.example", ROOM_3B, "waiting", "3B"),
    Case("two children, two classes, the one", "ewa@parent.example", ROOM_4A, "waiting", "4A"),
    Case("two children, two classes, the other", "ewa@parent.example", ROOM_3B, "waiting", "3B"),
    Case("a class of none of several children", "dana@parent.example", ROOM_4A, "office queue"),
    Case("the wrong class, with one child", "amina@parent.example", ROOM_4A, "waiting", "3B"),
    Case("last year's class", "mary@parent.example", ROOM_3B, "waiting", "4A"),
    Case("shared, one barred from the child", FAMILY, ROOM_3B, "office queue"),
    Case("shared, one barred elsewhere", FAMILY, ROOM_4A, "waiting", "4A"),
    Case("shared, one removed", COUPLE, ROOM_3B, "waiting", "3B"),
    Case("shared, one not approved", HALF, ROOM_3B, "waiting", "3B"),
    Case("whose child left the school", "greta@parent.example", ROOM_3B, "office queue"),
    Case("a pupil", PUPIL, ROOM_3B, "office queue"),
    Case("a pupil in trouble", PUPIL, ROOM_3B, "with DSL or SLT", text=HIT),
    Case("staff, from school, where no parent", HUGHES, ROOM_3B, "office queue"),
    Case("staff, from school, about an own child", BELL, ROOM_4A, "office queue"),
    Case("staff, from home, about an own child", BELL_AT_HOME, ROOM_4A, "waiting", "4A"),
    Case("staff and parent at one address", YATES, ROOM_3B, "waiting", "3B"),
    Case("nobody we know", "nobody@else.example", ROOM_3B, "office queue"),
)


@pytest.fixture(scope="module")
def talk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("who")
    with school(folder, staff=STAFF, families=FAMILIES) as running:
        _arrange(running)
        yield running


def _arrange(talk) -> None:
    """Write what an import has no words for: a bar, a removal, a link that waits, last year."""
    with talk.gateway.store.begin() as connection:
        school_id = connection.execute(select(t.schools.c.school_id)).scalar_one()

        def guardian(name):
            return ids_named(connection, school_id, name)[0]

        def links(name, **values):
            connection.execute(
                update(t.links).where(t.links.c.guardian_id == guardian(name)).values(**values)
            )

        def child(reference):
            p = t.pupils.c
            query = select(p.pupil_id).where(p.reference == reference)
            return connection.execute(query).scalar_one()

        a = t.guardian_addresses.c
        for name, shared in (("Nina Nowak", FAMILY), ("Lars Lund", COUPLE), ("Hal Hart", HALF)):
            connection.execute(
                update(t.guardian_addresses)
                .where(a.guardian_id == guardian(name))
                .values(address=shared)
            )
        links("Daniel Okoro", barred=True)
        links("Hal Hart", standing="waiting")
        connection.execute(
            update(t.guardians)
            .where(t.guardians.c.guardian_id == guardian("Lars Lund"))
            .values(removed_from=date(2026, 9, 1))
        )
        connection.execute(
            update(t.pupils).where(t.pupils.c.reference == "P1").values(address=PUPIL)
        )
        e = t.enrolments.c
        rooms = dict(connection.execute(select(t.classes.c.name, t.classes.c.class_id)).all())
        connection.execute(
            update(t.enrolments).where(e.pupil_id == child("P9")).values(begins=date(2026, 9, 1))
        )
        connection.execute(
            t.enrolments.insert().values(
                enrolment_id="0000000000000009",
                pupil_id=child("P9"),
                class_id=rooms["3B"],
                begins=date(2025, 9, 1),
                ends=date(2026, 8, 31),
            )
        )
        connection.execute(
            update(t.enrolments)
            .where(e.pupil_id == child("P12"))
            .values(begins=date(2025, 9, 1), ends=date(2026, 7, 20))
        )


def _room_of(talk, row) -> str:
    with talk.gateway.store.read() as connection:
        query = select(t.classes.c.name).where(t.classes.c.class_id == row.class_id)
        return connection.execute(query).scalar() or ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_who_is_who(talk, case):
    talk.write(case.sender, case.to, case.text, subject=case.says)
    row = message(talk, case.sender)
    assert row.ending == case.ending
    if case.room:
        assert _room_of(talk, row) == case.room
    with talk.gateway.store.read() as connection:
        items = connection.execute(
            select(t.digest_items).where(t.digest_items.c.spool_id == row.spool_id)
        ).all()
    shown = {item.kind for item in items}
    assert ("message" in shown) == (case.ending == "waiting")


def test_a_pupil_is_never_written_to(talk):
    assert talk.mail_for(PUPIL) == []


def test_the_other_parents_in_to_and_cc_never_become_recipients(talk):
    before = len(talk.gateway.taken)
    others = ["amina@parent.example", "ewa@parent.example", FAMILY]
    named = {"Cc": ", ".join(others), "Reply_To": others[0]}
    talk.write("dana@parent.example", ROOM_3B, "A question for all", **named)
    sent = {mail.recipient for mail in talk.gateway.taken[before:]}
    assert sent <= {"dana@parent.example", OFFICE, DSL}
