"""A removal among colleagues, in a teacher's hours, and when two contacts turn out to be one."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from sqlalchemy import select, update

from gateway.store import removals
from gateway.store import schema as t
from tests.people_world import (
    AMINA,
    FAMILIES,
    HEAD,
    HUGHES,
    ROOM_4A,
    later,
    rows,
    school,
)
from tests.roster_records import MONDAY, Office
from tests.test_office_links_by_line import asked
from tests.test_office_own_family import LEADERS, VANE
from tests.test_removal import guardian, removed, reported
from tests.test_roster_import import TUESDAY, siblings

LAST, LATER = date(2027, 3, 31), date(2027, 6, 30)


def test_who_is_let_back_from_one_removal_stays_removed_by_another(tmp_path):
    with school(tmp_path) as talk:
        back = talk.action(removed(talk, "until 31 January 2027 because of threats"), "Let them")
        row = guardian(talk)
        [head] = rows(talk, t.staff, address=HEAD)
        with talk.gateway.store.begin() as connection:
            removals.remove(
                connection, school_id=row.school_id, guardian_id=row.guardian_id,
                removed_by=head.staff_id, reason="again", begins=date(2026, 11, 24),
                ends=date(2027, 6, 30), spool_id=None, now=talk.gateway.clock.now(),
            )  # fmt: skip
        talk.write(HEAD, back, "")
        assert guardian(talk).removed_until == date(2027, 6, 30)


def test_another_of_the_leadership_lets_back_whom_a_colleague_removed(tmp_path):
    with school(tmp_path, staff=LEADERS) as talk:
        row = guardian(talk)
        [head] = rows(talk, t.staff, address=HEAD)
        with talk.gateway.store.begin() as connection:
            removals.remove(
                connection, school_id=row.school_id, guardian_id=row.guardian_id,
                removed_by=head.staff_id, reason="threats", begins=date(2026, 11, 24),
                ends=None, spool_id=None, now=talk.gateway.clock.now(),
            )  # fmt: skip
        assert "Let them back" not in asked(talk, f"show {AMINA}").text
        shown = asked(talk, f"show {AMINA}", sender=VANE)
        talk.write(VANE, talk.action(shown, "Let them back"), "")
        assert guardian(talk).removed_from is None


def test_a_teacher_who_is_a_parent_hears_of_a_removal_inside_their_hours_only(tmp_path):
    families = (
        *FAMILIES,
        ("P4", "Kuba", "Kowalski", "4A", "Hugh Hughes", HUGHES),
    )
    with school(tmp_path, families=families) as talk:
        row = guardian(talk, "Hugh Hughes")
        talk.write("ewa@parent.example", ROOM_4A, "Is there PE on Thursday?")
        with talk.gateway.store.begin() as connection:
            m = t.messages.c
            connection.execute(
                update(t.messages)
                .where(m.originator == "ewa@parent.example")
                .values(guardian_id=row.guardian_id)
            )
        talk.at(talk.gateway.clock.now().replace(hour=15, minute=31))
        digest = talk.mail_for(HUGHES)[-1]
        talk.write(HUGHES, talk.action(digest, "Report"), "")
        report = next(m for m in talk.mail_for(HEAD) if "reported" in m.message["Subject"])
        talk.at(talk.gateway.clock.now().replace(hour=18))
        had = len(talk.mail_for(HUGHES))
        talk.write(HEAD, talk.action(report, "Remove from messaging"), "because of threats")
        later(talk, minutes=30)
        assert guardian(talk, "Hugh Hughes").removed_from is not None
        assert len(talk.mail_for(HUGHES)) == had
        talk.at(talk.gateway.clock.now().replace(day=25, hour=8, minute=6))
        told = talk.mail_for(HUGHES)[had:]
        assert any("cannot write to teachers" in mail.text for mail in told)


@pytest.fixture
def office(store):
    return Office(store)


def dates_of(office, reference):
    query = select(t.guardians).where(t.guardians.c.reference == reference)
    with office.store.read() as connection:
        row = connection.execute(query).one()
    return row.removed_from, row.removed_until


@pytest.mark.parametrize(("kept", "other"), list(product((None, LAST, LATER), repeat=2)))
def test_two_contacts_that_become_one_are_removed_if_either_was(office, kept, other):
    office.take(siblings())
    with office.store.begin() as connection:
        for reference, until in (("G1", kept), ("G2", other)):
            if until is not None:
                query = update(t.guardians).where(t.guardians.c.reference == reference)
                connection.execute(query.values(removed_from=MONDAY, removed_until=until))
    office.take(siblings(is_whole=True), day=TUESDAY, merge=True)
    longest = max([one for one in (kept, other) if one is not None], default=None)
    assert dates_of(office, "G1") == (MONDAY if longest else None, longest)
    with office.store.read() as connection:
        ids = {row.reference: row.guardian_id for row in connection.execute(select(t.guardians))}
        assert removals.who_is_now(connection, ids["G2"]) == ids["G1"]
        assert removals.who_is_now(connection, ids["G1"]) == ids["G1"]


def test_who_shares_the_only_address_is_not_told_by_mail_and_the_head_knows_it(tmp_path):
    with school(tmp_path) as talk:
        report = reported(talk)
        daniel = guardian(talk, "Daniel Okoro").guardian_id
        with talk.gateway.store.begin() as connection:
            a = t.guardian_addresses
            connection.execute(update(a).where(a.c.guardian_id == daniel).values(address=AMINA))
        had = len(talk.mail_for(AMINA))
        talk.write(HEAD, talk.action(report, "Remove from messaging"), "because of threats")
        assert guardian(talk).removed_from is not None
        assert len(talk.mail_for(AMINA)) == had
        done = next(m for m in reversed(talk.mail_for(HEAD)) if "Removed" in m.message["Subject"])
        assert "they share their address" in " ".join(done.text.split())
