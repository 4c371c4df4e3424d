"""A roster file is taken whole or not at all, and every bad row is named with its line."""

import pytest

from gateway.roster.families import read_families
from gateway.roster.faults import RosterFaults
from gateway.roster.staff import read_staff
from rules.people import Role
from tests.rosters import STAFF, families, written


def faults_of(read, folder, text):
    with pytest.raises(RosterFaults) as refused:
        read(written(folder, "file.csv", text))
    return refused.value.faults


def test_a_row_says_who_may_write_about_whom(tmp_path):
    (row,) = read_families(written(tmp_path, "f.csv", families({"barred": "Yes"})))
    assert (row.line, row.pupil_ref, row.class_name) == (2, "P1", "3B")
    assert (row.barred, row.may_message, row.may_receive) == (True, True, True)
    assert row.home_language == "en"


def test_staff_may_hold_several_roles_and_read_for_several_classes(tmp_path):
    rows = {row.address: row for row in read_staff(written(tmp_path, "s.csv", STAFF))}
    assert rows["hughes@oakfield.example"].class_names == ("4A", "3B")
    assert rows["fraser@oakfield.example"].roles == (Role.DEPUTY_DSL,)
    assert rows["fraser@oakfield.example"].rank == 1


def test_a_contact_without_a_number_of_its_own_is_known_by_the_address(tmp_path):
    (row,) = read_families(written(tmp_path, "f.csv", families({"guardian_ref": ""})))
    assert row.guardian_ref == row.guardian_address


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"pupil_ref": ""}, "pupil_ref is empty"),
        ({"class": ""}, "class is empty"),
        ({"guardian_name": " "}, "guardian_name is empty"),
        ({"guardian_email": "amina"}, "guardian_email is not one plain address: 'amina'"),
        ({"guardian_email": "a@b.example; c@d.example"}, "guardian_email is not one plain address"),
        ({"barred": "perhaps"}, "barred is 'perhaps'; write yes or no"),
        ({"pupil_email": "ben@"}, "pupil_email is not one plain address: 'ben@'"),
        ({"class": "…"}, "class '…' has no plain letter or digit to make an address of"),
        ({"class": "Senior"}, "class 'Senior' would have an address that is taken already"),
        ({"pupil_ref": "P" * 65}, "pupil_ref has 65 characters; at most 64 can be kept"),
        ({"may_message": "yes,no"}, "more cells than columns; put quotes around a value"),
    ],
)
def test_a_bad_row_of_a_family_is_named_with_its_line_and_the_reason(tmp_path, change, reason):
    (fault,) = faults_of(read_families, tmp_path, families({}, change))
    assert fault.startswith(f"file.csv, line 3: {reason}")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Mr X,x@oakfield.example,caretaker,,0", "unknown role 'caretaker'; the roles are teacher"),
        ("Mr X,x@oakfield.example,teacher,3B,first", "rank is 'first', not a whole number"),
        (",x@oakfield.example,teacher,3B,0", "name is empty"),
        ("Mr X,x at oakfield,teacher,3B,0", "email is not one plain address: 'x at oakfield'"),
    ],
)
def test_a_bad_row_of_the_staff_is_named_with_its_line_and_the_reason(tmp_path, row, reason):
    (fault,) = faults_of(read_staff, tmp_path, STAFF + row + "\n")
    assert fault.startswith(f"file.csv, line 7: {reason}")


def test_all_bad_rows_are_named_at_once(tmp_path):
    text = families({"class": ""}, {}, {"guardian_email": "x"})
    assert [fault.split(":")[0] for fault in faults_of(read_families, tmp_path, text)] == [
        "file.csv, line 2",
        "file.csv, line 4",
    ]


def test_a_pupil_in_two_classes_is_a_mistake_of_the_file(tmp_path):
    text = families({}, {"class": "4A", "guardian_email": "b@parent.example"})
    assert faults_of(read_families, tmp_path, text) == (
        "file.csv, line 3: pupil P1 is in 4A here and in 3B in line 2",
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "line 1: missing columns: name, email, roles"),
        ("name,email\n", "line 1: missing columns: roles"),
        ("name,email,roles,Email\n", "line 1: given twice: email"),
        ("name,email,roles\n", "there are no rows in it"),
        ('name,email,roles\n"Mr X"y,x@oakfield.example,teacher\n', "line 2: "),
        ('"name"x,email,roles\n', "line 1: "),
    ],
)
def test_a_file_that_cannot_be_a_roster_says_why(tmp_path, text, reason):
    (fault,) = faults_of(read_staff, tmp_path, text)
    assert reason in fault


def test_a_file_in_another_encoding_is_refused_whole(tmp_path):
    path = tmp_path / "staff.csv"
    path.write_bytes(STAFF.replace("Hughes", "Müller").encode("cp1252"))
    with pytest.raises(RosterFaults, match="cannot be read as UTF-8"):
        read_staff(path)


def test_what_excel_makes_of_a_file_is_read_as_well(tmp_path):
    path = tmp_path / "staff.csv"
    path.write_bytes(("\ufeff" + STAFF.replace("\n", "\r\n") + ",,,,\r\n").encode())
    assert len(read_staff(path)) == 5
