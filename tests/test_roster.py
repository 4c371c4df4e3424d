"""The roster says on each day who may write about whom, on both databases."""

from datetime import date, timedelta

import pytest

from gateway.imports.classes import class_address
from gateway.imports.enrolments import BEFORE_WE_KNEW
from gateway.store.people import pupils_between
from gateway.store.roster_write import school_of
from gateway.store.schema import classes, enrolments, guardians, links, pupils, staff_roles
from gateway.store.staffing import load_staffing
from rules.people import Role
from tests.rosters import AMINA, DANIEL, DOMAIN, MONDAY, STAFF, Roster, families

TUESDAY = MONDAY + timedelta(days=1)
SEPTEMBER = date(2027, 9, 1)
DANA = {"pupil_ref": "P2", "given_name": "Poppy", "family_name": "Hill", "class": "4A"}


@pytest.fixture
def roster(store, tmp_path):
    found = Roster(store, tmp_path)
    found.take(families(), STAFF)
    return found


def test_a_linked_guardian_is_known_with_the_child_and_the_class(roster):
    known = roster.about()
    (amina,) = known.guardians
    (link,) = amina.links
    assert (amina.name, link.pupil_name, amina.removed) == ("Amina Okoro", "Ben Okoro", False)
    assert known.addressed_class is not None
    assert amina.links_into(known.addressed_class.class_id) == (link,)
    assert known.school_name == "Oakfield Primary School"


def test_a_class_is_read_by_its_teachers_in_their_order(roster):
    room = roster.about().addressed_class
    assert [person.name for person in room.teachers] == ["Miss Khan", "Mr Hughes"]


def test_an_address_that_is_no_class_of_ours_has_none(roster):
    known = roster.about(to="9z")
    assert known.addressed_class is None
    # The child's own class is still there: it may be the only one the message can be about.
    assert [room.name for room in known.classes] == ["3B"]


def test_a_stranger_is_told_apart_from_everybody(roster):
    known = roster.about("stranger@parent.example")
    assert (known.guardians, known.staff, known.pupil_id) == ((), (), None)
    assert roster.about(None).guardians == ()


def test_two_people_may_share_an_address_and_both_are_known(roster):
    roster.take(families({}, {"guardian_ref": "G2", "guardian_name": "Daniel Okoro"}))
    assert {person.name for person in roster.about().guardians} == {"Amina Okoro", "Daniel Okoro"}


def test_one_person_may_write_from_two_addresses(roster):
    roster.take(families({}, {"guardian_email": "a.okoro@clinic.example"}))
    (here,), (there,) = roster.about().guardians, roster.about("a.okoro@clinic.example").guardians
    assert here == there


def test_a_bar_is_known_and_wins_over_every_right(roster):
    roster.take(families({"barred": "yes"}))
    (link,) = roster.about().guardians[0].links
    assert link.barred
    assert not link.can_write


def test_a_bar_that_is_lifted_in_the_file_is_lifted(roster):
    roster.take(families({"barred": "yes"}))
    roster.take(families({"barred": "no"}))
    assert roster.about().guardians[0].links[0].can_write


@pytest.mark.parametrize(
    ("day", "removed"),
    [
        (MONDAY, False),
        (TUESDAY, True),
        (date(2027, 7, 21), True),
        (date(2027, 7, 22), False),
    ],
)
def test_a_guardian_is_removed_from_the_first_day_to_the_last_and_no_longer(roster, day, removed):
    roster.remove("G1", TUESDAY, date(2027, 7, 21))
    assert roster.about(day=day).guardians[0].removed is removed


def test_a_removal_without_an_end_goes_on(roster):
    roster.remove("G1", TUESDAY, None)
    assert roster.about(day=SEPTEMBER).guardians[0].removed


def test_a_link_counts_to_its_last_day(roster):
    roster.link_until(TUESDAY)
    assert roster.about(day=TUESDAY).guardians[0].links
    assert not roster.about(day=TUESDAY + timedelta(days=1)).guardians[0].links


def test_a_pupils_own_address_and_the_pupils_domain_are_a_childs(roster):
    roster.take(families({"pupil_email": "ben@home.example"}))
    ((pupil_id,),) = roster.rows(pupils, "pupil_id")
    assert roster.about("ben@home.example").pupil_id == pupil_id
    assert roster.about("anyone@pupils.oakfield.example").pupil_id == ""
    assert roster.about("anyone@other.pupils.oakfield.example").pupil_id is None


def test_a_pupil_who_moves_class_has_dated_enrolments_and_is_followed(roster):
    counts = roster.take(families({"class": "4A"}), day=SEPTEMBER)
    assert counts == {"enrolments": 1, "enrolments ended": 1}
    days = roster.rows(enrolments, "begins", "ends")
    assert sorted(days, key=lambda row: row[0]) == [
        (BEFORE_WE_KNEW, SEPTEMBER - timedelta(days=1)),
        (SEPTEMBER, None),
    ]
    for day, name in ((SEPTEMBER - timedelta(days=1), "3B"), (SEPTEMBER, "4A")):
        known = roster.about(day=day)
        (link,) = known.guardians[0].links
        assert [known.class_named(room).name for room in link.class_ids] == [name]


def test_a_child_was_in_the_class_before_we_were_told_of_it(roster):
    (link,) = roster.about(day=MONDAY - timedelta(days=3)).guardians[0].links
    assert len(link.class_ids) == 1


def test_a_wrong_class_put_right_on_the_same_day_leaves_no_trace(roster):
    roster.take(families({"class": "4A"}))
    assert len(roster.rows(enrolments, "begins", "ends")) == 1
    roster.take(families())
    known = roster.about()
    (link,) = known.guardians[0].links
    assert [known.class_named(room).name for room in link.class_ids] == ["3B"]


def test_the_same_files_again_add_nothing(roster):
    def sizes():
        tables = (classes, enrolments, guardians, links, pupils, staff_roles)
        return [len(roster.rows(table, *table.primary_key.columns.keys())) for table in tables]

    before = sizes()
    assert roster.take(families(), STAFF) == {}
    assert sizes() == before


def test_what_changed_is_changed_and_counted(roster):
    counts = roster.take(families({"guardian_name": "Amina Okoro-Bell"}))
    assert counts == {"guardians changed": 1}
    assert roster.about().guardians[0].name == "Amina Okoro-Bell"


def test_whoever_is_not_in_the_file_stays(roster):
    roster.take(families({**DANA, "guardian_ref": "G3", "guardian_email": DANIEL}))
    assert roster.about(AMINA).guardians
    assert roster.about(DANIEL, to="4a").guardians


def test_a_teacher_who_takes_another_class_no_longer_reads_for_the_old_one(roster):
    counts = roster.take(staff_text=STAFF.replace("teacher,4A;3B", "teacher,5C"))
    assert counts == {"classes": 1, "class_staff": 1, "class staff ended": 2}
    assert [person.name for person in roster.about().addressed_class.teachers] == ["Miss Khan"]


def test_a_file_that_does_not_speak_of_classes_changes_none(roster):
    assert roster.take(staff_text="name,email,roles\nMiss Khan,khan@oakfield.example,\n") == {}
    assert next(person.name for person in roster.about().addressed_class.teachers) == "Miss Khan"


def test_a_role_that_a_file_forgets_is_kept(roster):
    roster.take(staff_text=STAFF.replace(",DSL,", ",teacher,"))
    assert [person.name for person in roster.about().holders(Role.DSL)] == ["Mrs Adeyemi"]


def test_staff_read_to_their_last_day(roster):
    roster.leaves("khan@oakfield.example", MONDAY)
    assert "Miss Khan" in [person.name for person in roster.about().addressed_class.teachers]
    tomorrow = roster.about(day=TUESDAY).addressed_class
    assert [person.name for person in tomorrow.teachers] == ["Mr Hughes"]
    assert roster.about("khan@oakfield.example", day=TUESDAY).staff == ()


def test_whoever_has_left_is_still_named_where_they_acted(roster):
    (khan,) = roster.about("khan@oakfield.example").staff
    roster.leaves("khan@oakfield.example", MONDAY)
    with roster.store.read() as connection:
        known = load_staffing(connection, school_of(connection, DOMAIN), TUESDAY)
    assert known.everybody[khan.staff_id].name == "Miss Khan"
    assert khan.staff_id not in known.current


def test_the_leads_are_those_with_a_role_beyond_teaching(roster):
    with roster.store.read() as connection:
        found = load_staffing(connection, school_of(connection, DOMAIN), MONDAY).leads
    assert {role for person in found for role in person.roles} == {
        Role.OFFICE,
        Role.DSL,
        Role.DEPUTY_DSL,
    }
    assert [p.name for p in roster.about().holders(Role.DSL)] == ["Mrs Adeyemi"]


def test_a_guardian_of_two_children_is_asked_about_class_by_class(roster):
    roster.take(families({}, DANA))
    known = roster.about()
    (amina,) = known.guardians
    with roster.store.read() as connection:
        for name, child in (("3B", "Ben Okoro"), ("4A", "Poppy Hill")):
            room = next(room for room in known.classes if room.name == name)
            found = pupils_between(connection, amina.guardian_id, room.class_id, MONDAY)
            names = [link.pupil_name for link in amina.links if link.pupil_id in found]
            assert names == [child]


@pytest.mark.parametrize(
    ("name", "local"), [("3B", "3b"), ("Class 3 – Oak", "class-3-oak"), ("Élan", "elan")]
)
def test_a_class_has_an_address_in_plain_letters(name, local):
    assert class_address(name, DOMAIN) == f"{local}@{DOMAIN}"
