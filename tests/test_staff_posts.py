"""Somebody leaves, or lays a role down; the school never loses its office or its lead so."""

from datetime import date

import pytest
from sqlalchemy import select

from gateway.store.engine import Store
from gateway.store.schema import journal, staff
from gateway.store.staffing import load_staffing
from tests.settled import run
from tests.test_roster_commands import folder, given

assert folder  # the fixture

STAFF = """name,email,roles,classes
Mr Khan,khan@oakfield.example,teacher,3B
Ms Hughes,hughes@oakfield.example,teacher;slt,4A
Ms Adeyemi,adeyemi@oakfield.example,dsl,
Office,desk@oakfield.example,office,
"""


@pytest.fixture
def school(folder):
    """An installation with four members of staff."""
    done = run(folder, "roster", "import", "--staff", given(folder, STAFF, "staff.csv"))
    assert done.exit_code == 0
    return folder


def staffing(school, day=date(2030, 1, 1)):
    store = Store(f"sqlite:///{school / 'schoolgate.db'}")
    with store.read() as connection:
        school_id = connection.execute(select(staff.c.school_id)).scalars().first()
        found = load_staffing(connection, school_id, day)
    store.close()
    return {one.address.partition("@")[0]: set(one.roles) for one in found.in_post}


def test_who_leaves_is_staff_until_the_last_day_and_no_longer(school):
    done = run(school, "staff", "end", "Khan@Oakfield.example", "--on", "2030-01-31")
    assert done.exit_code == 0
    assert "Mr Khan leaves after 2030-01-31." in done.output
    assert "Nobody else reads for 3B" in done.output
    assert "khan" in staffing(school, date(2030, 1, 31))
    assert "khan" not in staffing(school, date(2030, 2, 1))


def test_without_a_day_they_have_left(school):
    assert "Mr Khan has left." in run(school, "staff", "end", "khan@oakfield.example").output
    assert "khan" not in staffing(school)


def test_no_import_takes_on_again_whom_somebody_here_has_ended(school):
    run(school, "staff", "end", "khan@oakfield.example")
    done = run(school, "roster", "import", str(school / "staff.csv"))
    assert "1 staff in the records, ended here\n         Mr Khan" in done.output
    assert "khan" not in staffing(school)
    assert run(school, "staff", "end", "khan@oakfield.example", "--undo").exit_code == 0
    assert "khan" in staffing(school)


@pytest.mark.parametrize(("who", "role"), [("desk", "office"), ("adeyemi", "dsl")])
def test_the_last_office_and_the_last_lead_stay_until_another_is_named(school, who, role):
    address = f"{who}@oakfield.example"
    for words in (("end", address), ("role", address, role, "--take-away")):
        done = run(school, "staff", *words)
        assert done.exit_code == 1
        assert "nothing was changed: nobody else" in done.output
    assert role in staffing(school)[who]
    run(school, "staff", "role", "hughes@oakfield.example", role, "--give")
    assert run(school, "staff", "end", address).exit_code == 0
    assert role in staffing(school)["hughes"]


def test_two_leads_cannot_both_leave_the_first_before_the_second(school):
    run(school, "staff", "role", "hughes@oakfield.example", "deputy_dsl", "--give")
    assert run(school, "staff", "end", "adeyemi@oakfield.example", "--on", "2030-01-31")
    done = run(school, "staff", "end", "hughes@oakfield.example", "--on", "2029-12-31")
    assert done.exit_code == 1


def test_a_role_is_given_with_a_rank_and_taken_away(school):
    words = ("staff", "role", "hughes@oakfield.example", "slt")
    assert run(school, *words, "--take-away").exit_code == 0
    assert staffing(school)["hughes"] == {"teacher"}
    assert "does not hold" in run(school, *words, "--take-away").output
    assert run(school, *words, "--give", "--rank", "3").exit_code == 0
    assert run(school, *words, "--give", "--rank", "4").exit_code == 0
    assert staffing(school)["hughes"] == {"teacher", "slt"}


def test_nobody_and_those_who_have_left_are_told_apart(school):
    assert "no member of staff" in run(school, "staff", "end", "nobody@oakfield.example").output
    run(school, "staff", "end", "khan@oakfield.example")
    done = run(school, "staff", "role", "khan@oakfield.example", "office", "--give")
    assert done.exit_code == 1
    assert "staff end --undo" in done.output


def test_each_change_is_in_the_journal_without_a_name(school):
    run(school, "staff", "end", "khan@oakfield.example")
    run(school, "staff", "role", "hughes@oakfield.example", "dsl", "--give")
    store = Store(f"sqlite:///{school / 'schoolgate.db'}")
    with store.read() as connection:
        rows = connection.execute(select(journal.c.event, journal.c.detail)).all()
    store.close()
    assert {row.event for row in rows} >= {"staff-ended", "role-given"}
    assert "Khan" not in str(rows)
