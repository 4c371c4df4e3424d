"""The class of a child around 1 September and on a leap day, whenever the records came in."""

from dataclasses import replace
from datetime import date

import pytest

from gateway.roster.records import EnrolmentRecord
from gateway.store.schema import classes, enrolments
from tests.roster_records import Office, family, pupil


@pytest.fixture
def office(sqlite_store):
    return Office(sqlite_store)


SUMMER = [date(2026, 8, day) for day in (30, 31)] + [date(2026, 9, day) for day in (1, 2)]


@pytest.mark.parametrize(
    ("imported", "day"),
    [(imported, day) for imported in SUMMER[:3] for day in SUMMER[1:] if imported <= day],
)
def test_the_year_turns_on_the_first_of_september_whenever_it_is_imported(office, imported, day):
    old = EnrolmentRecord("3B", date(2025, 9, 1), date(2026, 8, 31))
    new = EnrolmentRecord("4A", date(2026, 9, 1), date(2027, 8, 31))
    office.take(replace(family("P1", "G1"), pupils=(pupil("P1", old),)), date(2026, 6, 1))
    office.take(replace(family("P1", "G1"), pupils=(pupil("P1", old, new),)), imported)
    assert rooms_on(office, day) == ["4A" if day >= date(2026, 9, 1) else "3B"]


def test_a_new_year_without_the_old_one_begins_on_its_first_day(office):
    old = EnrolmentRecord("3B", date(2025, 9, 1), date(2026, 8, 31))
    new = EnrolmentRecord("4A", date(2026, 9, 1))
    office.take(replace(family("P1", "G1"), pupils=(pupil("P1", old),)), date(2026, 6, 1))
    office.take(replace(family("P1", "G1"), pupils=(pupil("P1", new),)), date(2026, 8, 20))
    assert rooms_on(office, date(2026, 8, 31)) == ["3B"]
    assert rooms_on(office, date(2026, 9, 1)) == ["4A"]


def test_a_leap_day_is_a_day_like_any_other(office):
    office.take(family("P1", "G1"), date(2028, 2, 28))
    moved = replace(family("P1", "G1"), pupils=(pupil("P1", "4A"),))
    office.take(moved, date(2028, 3, 1))
    assert rooms_on(office, date(2028, 2, 29)) == ["3B"]
    assert rooms_on(office, date(2028, 3, 1)) == ["4A"]


def rooms_on(office, day):
    names = {row[0]: row[2] for row in office.rows(classes)}
    rows = office.rows(enrolments)
    return sorted(names[row[2]] for row in rows if row[3] <= day and (row[4] or day) >= day)
