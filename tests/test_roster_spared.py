"""A row that was not taken may have said anything: nothing ends because of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.roster.records import Roster
from gateway.store.schema import class_staff, guardian_addresses, staff
from tests.roster_records import MONDAY, Office, contact, family, pupil, teacher
from tests.rosters import families, written
from tests.settled import run
from tests.test_roster_commands import children, folder, given

assert folder  # the fixture

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def office(sqlite_store):
    return Office(sqlite_store)


def addresses(office):
    return {row[1] for row in office.rows(guardian_addresses)}


def test_a_lost_row_ends_nobody_even_where_the_user_says_whole(folder):
    run(folder, "roster", "import", given(folder, children(1, 2, 3)))
    text = children(1, 2, 3).replace("adult3@parent.example", "adult3")
    path = given(folder, text, "later.csv")
    done = run(folder, "roster", "import", path, "--whole", "--good-rows")
    assert done.exit_code == 0
    assert "ended" not in done.output
    assert "nobody ends, whatever --whole says" in done.output


def test_an_address_in_a_row_that_was_not_taken_stays(office):
    office.take(
        replace(family("P1", "G1"), contacts=(contact("G1", "a@x.example", "b@x.example"),))
    )
    later = replace(
        family("P1", "G1"),
        contacts=(contact("G1", "a@x.example"),),
        is_whole=True,
        spared=frozenset({"G1"}),
    )
    office.take(later, TUESDAY)
    assert addresses(office) == {"a@x.example", "b@x.example"}
    office.take(replace(later, spared=frozenset()), TUESDAY)
    assert addresses(office) == {"a@x.example"}


def test_the_class_of_a_pupil_whose_row_was_not_taken_does_not_end(office):
    roster = replace(family("P1", "G1"), pupils=(pupil("P1", "3B", "Choir"),))
    office.take(roster)
    later = replace(roster, pupils=(pupil("P1", "3B"),), spared=frozenset({"P1"}))
    office.take(later, TUESDAY)
    assert [ends for _, ends in office.days()] == [None, None]
    office.take(replace(later, spared=frozenset()), TUESDAY)
    assert sorted(map(str, (ends for _, ends in office.days()))) == ["2026-11-23", "None"]


def test_the_class_of_a_teacher_whose_row_was_not_taken_does_not_end(office):
    office.take(Roster("m", staff=(teacher("Khan", "3B", "4A"),)))
    spared = frozenset({"khan@oakfield.example"})
    office.take(Roster("m", staff=(teacher("Khan", "3B"),), spared=spared), TUESDAY)
    assert len(office.rows(class_staff)) == 2
    office.take(Roster("m", staff=(teacher("Khan", "3B"),)), TUESDAY)
    assert len(office.rows(class_staff)) == 1


def test_a_staff_file_beside_records_that_name_no_staff_ends_nobody(folder):
    everybody = "name,email,roles,classes\nMr Khan,khan@oakfield.example,teacher,3B\n"
    run(folder, "roster", "import", "--staff", given(folder, everybody, "staff.csv"))
    few = "name,email,roles,classes\nMs Hughes,hughes@oakfield.example,teacher,4A\n"
    beside = str(written(folder, "few.csv", few))
    done = run(folder, "roster", "diff", given(folder, families()), "--staff", beside, "--whole")
    assert "staff ended" not in done.output
    done = run(folder, "roster", "diff", beside, "--whole")
    assert "     1 staff ended\n" in done.output


def test_records_without_contacts_end_no_link_of_a_child_who_is_still_there(office):
    office.take(family("P1", "G1"))
    office.take(Roster("m", (pupil("P1", "3B"),), is_whole=True), TUESDAY)
    assert office.links()["G1", "P1"].ends is None
    assert not office.rows(staff)


def test_pairs_that_are_probably_one_person_are_counted_and_the_first_shown(folder):
    rows = [
        {"guardian_ref": f"G{n}", "guardian_name": "Mrs A Okoro", "pupil_ref": f"P{n}"}
        for n in range(31)
    ]
    path = given(folder, families(*rows))
    done = run(folder, "roster", "diff", path)
    assert "    30 probably one person" in done.output
    assert "         and 10 more (--all shows them)\n" in done.output
    assert done.output.count(" both have ") == 20
    assert run(folder, "roster", "diff", path, "--all").output.count(" both have ") == 30
