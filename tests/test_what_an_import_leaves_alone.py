"""What a roster file does not say, it does not change: a bar is lifted by the word "no" alone."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from gateway.roster.families import read_families
from gateway.roster.faults import RosterFaults
from gateway.roster.staff import read_staff
from gateway.store.engine import Store
from gateway.store.roster_write import RosterWriter, ensure_office, ensure_school
from gateway.store.schema import links, schools
from gateway.store.staffing import load_staffing
from rules.people import Role

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DOMAIN = "class.oakfield.example"
PLAIN = ("pupil_ref,given_name,family_name,class,guardian_name,guardian_email", "")
ROW = "P1,Ben,Okoro,3B,Amina Okoro,amina@parent.example"


def imported(store, tmp_path, columns, *cells):
    path = tmp_path / "families.csv"
    path.write_text(f"{PLAIN[0]}{columns}\n{ROW}{','.join(('', *cells))}\n", "utf-8")
    with store.begin() as connection:
        school_id = ensure_school(connection, "Oakfield", DOMAIN, NOW)
        writer = RosterWriter(connection, school_id, DOMAIN, NOW, NOW.date())
        writer.write_families(read_families(path))
    with store.read() as connection:
        return connection.execute(select(links.c.barred, links.c.may_receive)).one(), writer.counts


@pytest.mark.parametrize(("columns", "cells"), [("", ()), (",barred", ("",))])
def test_a_file_that_says_nothing_of_a_bar_leaves_it(store, tmp_path, columns, cells):
    imported(store, tmp_path, ",barred", "yes")
    (barred, _), counts = imported(store, tmp_path, columns, *cells)
    assert barred
    assert not counts


def test_the_word_no_lifts_a_bar_and_the_import_says_that_it_did(store, tmp_path):
    imported(store, tmp_path, ",barred", "yes")
    (barred, _), counts = imported(store, tmp_path, ",barred", "no")
    assert not barred
    assert counts == {"links changed": 1}


def test_a_new_link_without_flags_may_receive(sqlite_store, tmp_path):
    assert imported(sqlite_store, tmp_path, "")[0] == (False, True)


@pytest.mark.parametrize(("column", "near"), [("bared", "barred"), ("gardian_ref", "guardian_ref")])
def test_a_misspelt_column_is_refused_and_the_right_one_named(tmp_path, column, near):
    path = tmp_path / "families.csv"
    path.write_text(f"{PLAIN[0]},{column}\n{ROW},yes\n", "utf-8")
    with pytest.raises(RosterFaults, match=f"unknown column '{column}'; did you mean {near}"):
        read_families(path)


def test_a_school_without_an_office_has_the_address_of_its_policy(store, tmp_path):
    with store.begin() as connection:
        school_id = ensure_school(connection, "Oakfield", DOMAIN, NOW)
        ensure_office(connection, school_id, "office@oakfield.example", NOW)
        ensure_office(connection, school_id, "office@oakfield.example", NOW)
        [office] = load_staffing(connection, school_id, NOW.date()).leads
    assert (office.address, office.roles) == ("office@oakfield.example", {Role.OFFICE})


def test_an_office_on_the_roster_is_left_as_it_is(store, tmp_path):
    path = tmp_path / "staff.csv"
    path.write_text("name,email,roles\nFront desk,desk@oakfield.example,office\n", "utf-8")
    with store.begin() as connection:
        school_id = ensure_school(connection, "Oakfield", DOMAIN, NOW)
        writer = RosterWriter(connection, school_id, DOMAIN, NOW, NOW.date())
        writer.write_staff(read_staff(path))
        ensure_office(connection, school_id, "office@oakfield.example", NOW)
        leads = load_staffing(connection, school_id, NOW.date()).leads
    assert [person.address for person in leads] == ["desk@oakfield.example"]


def test_nobody_else_on_the_machine_can_read_the_store(tmp_path):
    path = tmp_path / "schoolgate.db"
    store = Store(f"sqlite:///{path}")
    with store.begin() as connection:
        schools.create(connection)
    for file in Path(tmp_path).iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
