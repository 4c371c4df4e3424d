"""Careless hands and unlucky machines at an import: nothing is lost or opened by it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.roster.records import Roster
from gateway.store.import_undo import CannotUndo
from gateway.store.schema import guardian_addresses, guardians, pupils
from tests.roster_records import MONDAY, Office, contact, family, link, pupil, teacher
from tests.rosters import AMINA, families
from tests.settled import run
from tests.test_roster_commands import children, data, folder, given

assert folder  # the fixture
DOTTED = {"guardian_ref": "", "guardian_email": "a.b@gmail.example"}
TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)


@pytest.fixture
def office(sqlite_store):
    return Office(sqlite_store)


def test_two_columns_changed_places_and_nothing_comes_in(folder):
    text = families().replace("guardian_name,guardian_email", "guardian_email,guardian_name")
    assert run(folder, "roster", "import", given(folder, text)).exit_code == 1


def test_whose_children_changed_their_names_all_at_once_are_not_taken_for_the_old_ones(office):
    """The records number their pupils anew each year: the numbers now are other children's."""
    office.take(
        Roster(
            "m",
            tuple(pupil(f"P{n}", "3B") for n in range(20)),
            tuple(contact(f"G{n}") for n in range(20)),
            tuple(link(f"G{n}", f"P{n}") for n in range(20)),
        )
    )
    anew = Roster(
        "m",
        tuple(
            replace(pupil(f"P{n}", "1A"), given_name=f"Other{n}", family_name="Hughes")
            for n in range(20)
        ),
    )
    plan = office.plan(anew, TUESDAY)
    assert "pupils called otherwise" in {one.what for one in plan.too_many_endings}


def test_the_contacts_of_the_child_of_before_hear_nothing_of_another_with_its_number(office):
    office.take(family("P1", "G1", "G2"))
    office.change_link("G2", came_by="person")
    other = replace(pupil("P1", "1A"), given_name="Lea", family_name="Hughes")
    anew = Roster("m", (other,), (contact("G3"),), (link("G3", "P1"),))
    plan = office.take(anew, TUESDAY)
    assert plan.told["pupils called otherwise"] == ("P1 ChildP1 Okoro, now Lea Hughes",)
    ends = {who: row.ends for (who, _), row in office.links().items()}
    assert ends == {"G1": MONDAY, "G2": MONDAY, "G3": None}
    assert office.standing("G3") == "active"


def test_a_child_adopted_under_two_new_names_keeps_the_contacts_that_the_records_name(office):
    office.take(family("P1", "G1"))
    other = replace(pupil("P1", "3B"), given_name="Lea", family_name="Hughes")
    office.take(replace(family("P1", "G1"), pupils=(other,)), TUESDAY)
    assert office.links()["G1", "P1"].ends is None


def test_one_child_with_a_new_family_name_is_the_same_child(office):
    office.take(family("P1", "G1"))
    married = Roster("m", (replace(pupil("P1", "3B"), family_name="Hughes"),))
    assert not office.plan(married, TUESDAY).too_many_endings
    assert not office.plan(married, TUESDAY).told.get("pupils called otherwise")


def test_a_staff_file_whose_classes_are_empty_takes_no_reader_from_the_school(folder):
    rooms = [f"{n}A" for n in range(12)]
    rows = [{"pupil_ref": f"P{n}", "class": room} for n, room in enumerate(rooms)]
    staff = "name,email,roles,classes\n"
    full = staff + "".join(f"T{room},t{room}@x.example,teacher,{room}\n" for room in rooms)
    empty = staff + "".join(f"T{room},t{room}@x.example,teacher,\n" for room in rooms)
    words = ("--families", given(folder, families(*rows)))
    run(folder, "roster", "import", *words, "--staff", given(folder, full, "staff.csv"))
    done = run(folder, "roster", "import", "--staff", given(folder, empty, "empty.csv"))
    assert done.exit_code == 1
    assert "12 of 12 classes would be left without anybody" in done.output


def test_one_guardian_may_have_thirty_children(office):
    many = [f"P{n}" for n in range(30)]
    roster = Roster(
        "m",
        tuple(pupil(one, "3B") for one in many),
        (contact("G1"),),
        tuple(link("G1", one) for one in many),
    )
    office.take(roster)
    assert {row.standing for row in office.links().values()} == {"active"}
    assert not office.plan(roster, TUESDAY).changes
    office.undo(TUESDAY)
    assert office.links() == {}


def test_a_bar_that_the_next_file_does_not_mention_stays(office):
    office.take(replace(family("P1", "G1"), links=(link("G1", "P1", barred=True),)))
    office.take(replace(family("P1", "G1"), is_whole=True), TUESDAY)
    office.take(Roster("m", (pupil("P2", "3B"),), (contact("G2"),), is_whole=True), WEDNESDAY)
    row = office.links()["G1", "P1"]
    assert (row.barred, row.ends) == (True, None)


def test_an_undo_after_an_undo_takes_the_import_before_it_and_never_one_twice(office):
    office.take(family("P1", "G1"))
    office.take(family("P2", "G2"), TUESDAY)
    first = office.undo(WEDNESDAY)
    second = office.undo(WEDNESDAY)
    assert first.import_id != second.import_id
    with pytest.raises(CannotUndo):
        office.undo(WEDNESDAY)
    office.take(family("P1", "G1"), WEDNESDAY)
    assert set(office.links()) == {("G1", "P1")}


def test_an_undo_leaves_what_a_person_added_since(office):
    office.take(family("P1", "G1"))
    office.take(family("P2", "G1"), TUESDAY)
    office.change_link("G1", "P2", came_by="person", kind="carer")
    done = office.undo(WEDNESDAY)
    assert ("G1", "P2") in office.links()
    assert done.kept


def test_an_address_in_another_case_is_the_same_address(folder):
    run(folder, "roster", "import", given(folder, families()))
    text = families({"guardian_email": AMINA.upper()})
    assert data(folder, "import", given(folder, text, "upper.csv"))["written"] is False


def test_dots_in_an_address_are_never_guessed_away(folder):
    run(folder, "roster", "import", given(folder, families(DOTTED)))
    dotless = families(DOTTED | {"guardian_email": "ab@gmail.example"})
    told = data(folder, "diff", given(folder, dotless, "dotless.csv"))["told"]
    assert "contacts added" in told


def test_the_reference_of_a_contact_in_another_case_is_no_second_person(folder):
    text = families({"guardian_email": AMINA}, {"guardian_email": AMINA.upper(), "pupil_ref": "P2"})
    told = data(folder, "diff", given(folder, text))["told"]
    assert len(told["contacts added"]) == 1


def test_two_pupils_with_one_address_are_named(folder):
    rows = [
        {"pupil_ref": f"P{n}", "given_name": f"C{n}", "pupil_email": "kids@pupils.example"}
        for n in (1, 2)
    ]
    done = run(folder, "roster", "import", given(folder, families(*rows)))
    assert "line 3: pupil P2 has the address of pupil P1" in done.output


def test_a_header_alone_and_a_file_of_nothing_end_nobody(folder):
    run(folder, "roster", "import", given(folder, children(1)))
    for text in ("", "\n\n", families().splitlines()[0] + "\n"):
        done = run(folder, "roster", "import", given(folder, text, "empty.csv"), "--whole")
        assert done.exit_code == 1


def test_a_truncated_last_line_is_a_fault_and_nothing_comes_in(folder):
    text = children(*range(10))
    done = run(folder, "roster", "import", given(folder, text[:-25], "cut.csv"), "--whole")
    assert done.exit_code == 1


def test_a_teacher_who_left_and_comes_back_in_the_records_is_staff_again(office):
    office.take(replace(family("P1", "G1"), staff=(teacher("Khan", "3B"), teacher("Hughes", "4A"))))
    later = replace(family("P1", "G1"), staff=(teacher("Hughes", "4A"),), is_whole=True)
    office.take(later, TUESDAY)
    plan = office.take(Roster("m", staff=(teacher("Khan", "3B"),)), WEDNESDAY)
    assert plan.told["staff changed"]


def test_no_row_is_left_of_people_whose_import_was_undone(office):
    office.take(family("P1", "G1", "G2"))
    office.undo()
    assert [office.rows(table) for table in (pupils, guardians, guardian_addresses)] == [[], [], []]
