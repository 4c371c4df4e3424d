"""Two who import at one moment, and one who is stopped in the middle: each row once or none."""

from threading import Barrier, Thread

import pytest

from gateway.roster.records import Roster
from gateway.store.import_undo import CannotUndo
from gateway.store.imports import Choices, imports_of, plan_on, write_import
from gateway.store.roster_version import hold
from gateway.store.schema import enrolments, links, pupils
from tests.roster_records import DOMAIN, MONDAY, Office, contact, link, pupil

MANY = range(200)
TOWN = Roster(
    "m",
    tuple(pupil(f"P{n}", "3B") for n in MANY),
    tuple(contact(f"G{n}") for n in MANY),
    tuple(link(f"G{n}", f"P{n}") for n in MANY),
)


@pytest.fixture
def office(store):
    return Office(store)


def together(*tasks):
    """Run the tasks at once; return what they raised."""
    ready, raised = Barrier(len(tasks)), []

    def run(task):
        try:
            task(ready)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            raised.append(error)

    threads = [Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def numbers(office):
    return [len(office.rows(table)) for table in (pupils, links, enrolments)]


def test_two_imports_at_once_write_each_row_once(office):
    def take(ready):
        plan = office.plan(TOWN)
        ready.wait()
        with office.store.begin() as connection:
            now = office.at(MONDAY)
            if hold(connection, office.school_id) != plan.version:
                plan = plan_on(
                    connection, office.school_id, DOMAIN, TOWN,
                    now=now, today=MONDAY, choices=Choices(),
                )  # fmt: skip
            write_import(connection, office.school_id, plan, TOWN, now)

    assert together(take, take) == []
    assert numbers(office) == [200, 200, 200]
    with office.store.read() as connection:
        assert len(imports_of(connection, office.school_id)) == 1


def test_two_who_undo_at_once_take_one_import_back_each_or_none(office):
    office.take(TOWN)

    def undo(ready):
        ready.wait()
        office.undo()

    raised = together(undo, undo)
    assert [type(error) for error in raised] == [CannotUndo]
    assert numbers(office) == [0, 0, 0]


def test_an_import_that_stops_in_the_middle_leaves_nothing_behind(office):
    class Stopped(Exception):
        pass

    def stop(what, done, of):
        if what == "keeping what was":
            raise Stopped

    plan = office.plan(TOWN)
    with pytest.raises(Stopped), office.store.begin() as connection:
        write_import(connection, office.school_id, plan, TOWN, office.at(MONDAY), stop)
    assert numbers(office) == [0, 0, 0]
    office.take(TOWN)
    assert numbers(office) == [200, 200, 200]
