"""What an import changes: who has left, how many may, classes with dates, one person twice."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from gateway.roster.records import EnrolmentRecord, Merge, Roster
from gateway.store.guardians import add_address, addresses_of
from gateway.store.schema import class_staff, enrolments, guardian_addresses, guardians, staff
from gateway.store.staffing import load_staffing
from rules.people import Role
from tests.roster_records import HERE, MONDAY, Office, contact, family, link, pupil, teacher

TUESDAY = MONDAY + timedelta(days=1)
LAST_SUMMER, NEXT_SUMMER = date(2026, 9, 1), date(2027, 9, 1)
YEARS_END = NEXT_SUMMER - timedelta(days=1)


@pytest.fixture
def office(store):
    return Office(store)


def school(*numbers, **more):
    """Return whole records: one family for each number."""
    families = [family(f"P{n}", f"G{n}") for n in numbers]
    return Roster(
        "mapped",
        tuple(one for found in families for one in found.pupils),
        tuple(one for found in families for one in found.contacts),
        tuple(one for found in families for one in found.links),
        **{"is_whole": True, **more},
    )


def test_a_plan_writes_nothing_and_says_all_that_an_import_then_does(office):
    plan = office.plan(family("P1", "G1"))
    assert office.rows(guardians) == []
    assert plan.counts == office.take(family("P1", "G1")).counts
    assert plan.told["pupils added"] == ("P1 ChildP1 Okoro",)


def test_the_same_records_again_change_nothing(office):
    office.take(school(1, 2))
    assert office.plan(school(1, 2), day=TUESDAY).changes == ()


def test_the_main_address_of_the_records_stands_first(office):
    def addresses():
        with office.store.read() as connection:
            [guardian_id] = connection.execute(select(guardians.c.guardian_id)).scalars()
            return addresses_of(connection, [guardian_id])[guardian_id]

    main, work, added = "zoe@parent.example", "anna@firm.example", "bea@parent.example"
    one = family("P1", "G1")
    office.take(replace(one, contacts=(contact("G1", main, work),)))
    with office.store.begin() as connection:
        [guardian_id] = connection.execute(select(guardians.c.guardian_id)).scalars()
        add_address(connection, office.school_id, guardian_id, added)
    assert addresses() == [main, work, added]
    office.take(replace(one, contacts=(contact("G1", work, main),)), day=TUESDAY)
    assert addresses() == [work, main, added]


def test_who_is_not_in_whole_records_ends_yesterday_and_is_not_deleted(office):
    office.take(school(1, 2))
    plan = office.take(school(1), day=TUESDAY)
    assert plan.told["pupils ended"] == ("P2 ChildP2 Okoro",)
    assert office.links()["G2", "P2"].ends == MONDAY
    assert len(office.rows(guardians)) == 2
    assert [last for _first, last in office.days()] == [None, MONDAY]


def test_who_is_not_in_a_part_of_the_records_stays(office):
    office.take(school(1, 2))
    assert office.plan(school(1, is_whole=False), day=TUESDAY).changes == ()


def test_who_comes_back_is_linked_again_as_before(office):
    office.take(school(1, 2))
    office.take(school(1), day=TUESDAY)
    office.take(school(1, 2), day=TUESDAY)
    row = office.links()["G2", "P2"]
    assert (row.ends, row.standing) == (None, "active")


def test_who_is_in_a_row_with_a_fault_has_not_left(office):
    office.take(school(1, 2))
    spared = school(1, spared=frozenset({"P2"}))
    assert office.plan(spared, day=TUESDAY).changes == ()


@pytest.mark.parametrize(("left", "too_many"), [(5, False), (6, True)])
def test_five_may_end_unasked_however_small_the_school(office, left, too_many):
    office.take(school(*range(10)))
    plan = office.plan(school(*range(left, 10)), day=TUESDAY)
    assert bool(plan.too_many_endings) is too_many
    assert not office.plan(
        school(*range(left, 10)), day=TUESDAY, allow_ending=left
    ).too_many_endings


def test_of_a_large_school_one_in_twenty_may_end_unasked(office):
    office.take(school(*range(200)))
    assert not office.plan(school(*range(10, 200)), day=TUESDAY).too_many_endings
    told = office.plan(school(*range(11, 200)), day=TUESDAY).too_many_endings
    assert [(one.what, one.number, one.of, one.allowed) for one in told] == [
        ("pupils", 11, 200, 10),
        ("links", 11, 200, 10),
    ]


def test_this_year_and_the_next_stand_side_by_side_and_september_needs_nobody(office):
    rooms = (
        EnrolmentRecord("3B", LAST_SUMMER, YEARS_END),
        EnrolmentRecord("4A", NEXT_SUMMER, date(2028, 8, 31)),
    )
    records = replace(family("P1", "G1"), pupils=(pupil("P1", *rooms),))
    office.take(records)
    assert office.days() == [(LAST_SUMMER, YEARS_END), (NEXT_SUMMER, date(2028, 8, 31))]
    assert office.plan(records, day=NEXT_SUMMER).changes == ()


def test_a_class_without_dates_becomes_one_with_dates_and_no_second(office):
    office.take(family("P1", "G1"))
    rooms = (EnrolmentRecord("3B", LAST_SUMMER, YEARS_END), EnrolmentRecord("4A", NEXT_SUMMER))
    office.take(Roster("sds-1", (pupil("P1", *rooms),)))
    assert [last for _first, last in office.days()] == [YEARS_END, None]
    # A plain list of today's classes says nothing of next year's.
    assert office.plan(family("P1", "G1")).changes == ()


def test_a_pupil_may_be_in_several_classes(office):
    office.take(Roster("sds-1", (pupil("P1", "3B", "Choir"),)))
    office.take(Roster("sds-1", (pupil("P1", "3B", "Band"),)), day=TUESDAY)
    assert len([last for _first, last in office.days() if last is None]) == 2


def test_a_place_that_never_began_goes_without_a_trace(office):
    later = EnrolmentRecord("4A", NEXT_SUMMER)
    office.take(Roster("sds-1", (pupil("P1", "3B", later),)))
    office.take(Roster("sds-1", (pupil("P1", "3B", replace(later, class_name="4B")),)), day=TUESDAY)
    assert len(office.rows(enrolments)) == 2


def test_a_teacher_reads_for_a_class_on_the_days_of_the_records(office):
    years = (
        EnrolmentRecord("3B", LAST_SUMMER, YEARS_END),
        EnrolmentRecord("4A", NEXT_SUMMER),
    )
    office.take(Roster("sds-1", staff=(replace(teacher("Khan", "3B"), teaching=years),)))
    for day, room in ((MONDAY, "3B"), (NEXT_SUMMER, "4A")):
        with office.store.read() as connection:
            staffing = load_staffing(connection, office.school_id, day)
        assert [one.name for one in staffing.rooms.values() if one.teachers] == [room]


def test_staff_who_are_not_in_whole_records_end_but_not_the_safeguarding_lead(office):
    people = (teacher("Khan", "3B"), teacher("Hughes"), teacher("Adeyemi", roles=(Role.DSL,)))
    office.take(Roster("staff", staff=people))
    plan = office.take(Roster("sds-1", staff=people[:1], is_whole=True), day=TUESDAY)
    assert plan.told["staff ended"] == ("Hughes, hughes@oakfield.example",)
    assert plan.told["staff not in the records, kept for their role"] == (
        "Adeyemi, adeyemi@oakfield.example",
    )
    assert sorted(str(row[-2]) for row in office.rows(staff)) == ["2026-11-23", "None", "None"]
    assert len(office.rows(class_staff)) == 1


def test_an_address_that_whole_records_name_no_longer_goes_and_one_by_hand_stays(office):
    office.take(replace(school(1), contacts=(contact("G1", "old@x.example", "hand@x.example"),)))
    by_hand = guardian_addresses.c.address == "hand@x.example"
    office.change(guardian_addresses, by_hand, came_by="person")
    office.take(replace(school(1), contacts=(contact("G1", "new@x.example"),)), day=TUESDAY)
    assert {row[1] for row in office.rows(guardian_addresses)} == {
        "new@x.example",
        "hand@x.example",
    }


def siblings(**more):
    """Return two children whose mother has a number for each, and one address."""
    mothers = [contact(f"G{n}", "amina@parent.example", name="Amina Okoro") for n in (1, 2)]
    return Roster(
        "mapped",
        (pupil("P1", "3B"), pupil("P2", "4A")),
        tuple(mothers),
        (link("G1", "P1"), link("G2", "P2")),
        merges=(Merge("G1", "G2", "the same address and name", HERE),),
        **more,
    )


def test_who_is_probably_one_person_is_two_until_somebody_says_so(office):
    plan = office.take(siblings())
    assert [one.merged for one in plan.to_review] == ["G2"]
    assert len(office.rows(guardians)) == 2
    plan = office.take(siblings(is_whole=True), day=TUESDAY, merge=True)
    assert plan.to_review == ()
    held = {both: row.ends for both, row in office.links().items()}
    assert held == {("G1", "P1"): None, ("G1", "P2"): None, ("G2", "P2"): MONDAY}


def test_a_merge_that_was_accepted_is_remembered(office):
    office.take(siblings(), merge=True)
    assert len(office.rows(guardians)) == 1
    plan = office.plan(siblings(is_whole=True), day=TUESDAY)
    assert (plan.changes, plan.to_review) == ((), ())


def test_a_bar_on_either_of_two_that_are_one_is_a_bar(office):
    barred = replace(siblings(), links=(link("G1", "P1"), link("G2", "P1", barred=True)))
    office.take(barred)
    office.take(barred, merge=True)
    assert office.links()["G1", "P1"].barred
