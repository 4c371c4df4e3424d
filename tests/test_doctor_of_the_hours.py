"""The doctor looks for people in the hours who are not there, and for those who never read."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update

from gateway.configuration import load_configuration, open_store
from gateway.doctor import examine_policy
from gateway.doctor_hours import examine_hours
from gateway.school import School
from gateway.store import hours
from gateway.store import schema as t
from gateway.store.roster_write import school_of
from rules.hours_entry import HoursEntry, hours_with
from rules.policy import ClosedDays, Leave
from tests.installation import DOMAIN, install
from tests.rosters import STAFF, written
from tests.settled import run

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
KHAN, HUGHES = "khan@oakfield.example", "hughes@oakfield.example"


@pytest.fixture
def installation(tmp_path):
    found = install(tmp_path, 9)
    people = written(tmp_path, "staff.csv", STAFF)
    assert run(tmp_path, "roster", "import", "--staff", str(people)).exit_code == 0
    return found


@pytest.fixture
def connection(installation):
    store = open_store(installation.configuration())
    with store.begin() as found:
        yield found
    store.close()


def findings(installation, connection, **changes):
    policy = load_configuration(installation.settings, {}).policy
    policy = replace(policy, hours=replace(policy.hours, **changes))
    school = School.of(school_of(connection, DOMAIN), DOMAIN, policy)
    school.refresh(connection)
    return [finding.what for finding in examine_hours(connection, school, NOW)]


def test_hours_of_people_who_are_there_are_fine(installation, connection):
    away = Leave(KHAN, date(2026, 11, 24), date(2026, 11, 25), cover=HUGHES)
    assert findings(installation, connection, leave=(away,)) == []


def test_a_person_in_the_policy_whom_the_roster_does_not_know_is_named(installation, connection):
    away = Leave("kahn@oakfield.example", date(2026, 11, 24), date(2026, 11, 25))
    [what] = findings(installation, connection, leave=(away,))
    assert what == "kahn@oakfield.example in hours.leave of policy.toml is nobody on the roster"


def test_a_teacher_who_never_reads_in_two_weeks_is_named(installation, connection):
    away = Leave(KHAN, date(2026, 11, 20), date(2026, 12, 20))
    [what] = findings(installation, connection, leave=(away,))
    assert what == f"{KHAN} has no reading window in the next 14 days"


def test_a_change_about_somebody_who_has_left_is_named(installation, connection):
    school_id = school_of(connection, DOMAIN)
    entry = HoursEntry("quiet", date(2026, 11, 23), None, HUGHES, weekday=4)
    change = hours.propose(
        connection, school_id=school_id, source="mail", entries=[entry], words="x", now=NOW
    )
    hours.put_in_force(connection, hours.find(connection, school_id, change), NOW)
    assert findings(installation, connection) == []
    left = update(t.staff).where(t.staff.c.address == HUGHES).values(ends=date(2026, 11, 1))
    connection.execute(left)
    connection.execute(update(t.schools).values(roster_version=99))
    assert findings(installation, connection) == [
        f"a change of the hours (quiet) names {HUGHES}, who has left"
    ]


def test_holidays_from_a_calendar_file_count_and_bank_holidays_alone_do_not(installation):
    policy = load_configuration(installation.settings, {}).policy
    days = (ClosedDays(date(2027, 8, 30), date(2027, 8, 30), "Summer bank holiday"),)
    policy = replace(policy, hours=replace(policy.hours, closed=days))
    assert len(list(examine_policy(policy, NOW))) == 1
    school = School.of("x", DOMAIN, policy)
    terms = HoursEntry("closed", date(2027, 4, 1), date(2027, 4, 11), why="Easter")
    in_force = school.with_entries([terms]).calendar
    assert in_force.hours == hours_with(policy.hours, [terms])
    assert list(examine_policy(policy, NOW, in_force)) == []
