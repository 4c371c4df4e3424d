"""An import can be taken back: every row as it was, where nobody has changed it since."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert

from gateway.roster.records import Roster
from gateway.store.import_undo import CannotUndo
from gateway.store.imports import imports_of, version_of
from gateway.store.schema import (
    classes,
    enrolments,
    guardian_addresses,
    guardians,
    links,
    pupils,
    staff,
    staff_roles,
    threads,
)
from tests.roster_records import MONDAY, Office, contact, family, link, teacher

TUESDAY = MONDAY + timedelta(days=1)
TABLES = (
    classes, enrolments, guardian_addresses, guardians, links, pupils, staff, staff_roles,
)  # fmt: skip


@pytest.fixture
def office(store):
    return Office(store)


def everything(office):
    return {table.name: office.rows(table) for table in TABLES}


def test_an_undone_import_leaves_every_row_as_it_was(office):
    office.take(replace(family("P1", "G1", "G2"), staff=(teacher("Khan", "3B"),)))
    before = everything(office)
    later = family("P2", "G1", "G3", is_whole=True)
    later = replace(
        later, contacts=(contact("G1", "new@x.example", name="New Name"), contact("G3"))
    )
    office.take(replace(later, staff=(teacher("Hughes", "4A"),)), day=TUESDAY)
    assert everything(office) != before
    undone = office.undo(TUESDAY)
    assert everything(office) == before
    assert (undone.kept, undone.rows > 5) == ((), True)


def test_the_first_import_can_be_taken_back_whole(office):
    office.take(replace(family("P1", "G1", "G2", "G3"), staff=(teacher("Khan", "3B"),)))
    office.undo()
    assert set(map(len, everything(office).values())) == {0}
    with office.store.read() as connection:
        (found,) = imports_of(connection, office.school_id)
    assert (found.state, found.undone_at) == ("undone", office.at(MONDAY))


def test_what_somebody_changed_since_stays_and_is_named(office):
    office.take(family("P1", "G1", "G2"))
    office.change_link("G1", may_receive=False)
    undone = office.undo()
    assert set(office.links()) == {("G1", "P1")}
    assert undone.kept[0].endswith("changed since (may_receive)")
    assert {row.reference for row in office.rows_of_guardians()} == {"G1"}


def test_a_bar_set_since_stays(office):
    office.take(family("P1", "G1"))
    office.take(Roster("m", links=(link("G1", "P1", may_message=False),)), day=TUESDAY)
    office.change_link("G1", barred=True)
    office.undo(TUESDAY)
    row = office.links()["G1", "P1"]
    assert (row.barred, row.may_message) == (True, True)


def test_a_bar_that_an_import_lifted_is_back(office):
    office.take(replace(family("P1", "G1"), links=(link("G1", "P1", barred=True),)))
    office.take(Roster("m", links=(link("G1", "P1", barred=False),)), day=TUESDAY)
    office.undo(TUESDAY)
    assert office.links()["G1", "P1"].barred


def test_no_undo_makes_a_third(office):
    office.take(family("P1", "G1", "G2", "G3"))
    without = Roster("m", links=(link("G1", "P1", parental_responsibility=False),))
    office.take(without, day=TUESDAY)
    office.change_link("G3", standing="active")  # by a code, since there was room
    undone = office.undo(TUESDAY)
    active = [who for (who, _), row in office.links().items() if row.standing == "active"]
    assert (sorted(active), len(undone.kept)) == (["G2", "G3"], 1)


def test_somebody_who_wrote_meanwhile_is_kept_on_record_without_a_link(office):
    office.take(family("P1", "G1"))
    (guardian,) = office.rows_of_guardians()
    with office.store.begin() as connection:
        room = connection.execute(classes.select()).one()
        connection.execute(
            insert(threads).values(
                thread_id="t",
                school_id=office.school_id,
                guardian_id=guardian.guardian_id,
                class_id=room.class_id,
                began=office.at(MONDAY),
            )
        )
    undone = office.undo()
    assert sorted(line.partition(":")[0] for line in undone.kept) == [
        "classes 3b@class.oakfield.example",
        "guardians G1",
    ]
    assert (office.links(), office.rows(guardian_addresses)) == ({}, [])


def test_only_the_newest_import_can_be_undone_and_each_once(office):
    office.take(family("P1", "G1"))
    office.take(family("P2", "G2"), day=TUESDAY)
    with office.store.read() as connection:
        newest, oldest = imports_of(connection, office.school_id)
    with pytest.raises(CannotUndo, match=newest.import_id):
        office.undo(import_id=oldest.import_id)
    office.undo(import_id=newest.import_id)
    office.undo(import_id=oldest.import_id)
    with pytest.raises(CannotUndo, match="no import"):
        office.undo()


def test_running_programs_read_the_roster_again_after_an_undo(office):
    office.take(family("P1", "G1"))
    with office.store.read() as connection:
        before = version_of(connection, office.school_id)
    office.undo()
    with office.store.read() as connection:
        assert version_of(connection, office.school_id) > before
