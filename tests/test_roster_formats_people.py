"""Who is one person, who is two, and whose word counts where two rows differ."""

from __future__ import annotations

import pytest

from tests.test_roster_formats_mapping import MAPPING, ROW, rows


def test_a_contact_with_neither_number_nor_address_is_left_out_and_counted(tmp_path):
    for row, contacts, why in (
        (ROW.replace("d@home.example", ""), 1, "the first of 1 contacts without an e-mail"),
        (ROW.replace("d@home.example", "").replace("G1", ""), 0, "with neither id nor address"),
        (ROW.replace("Dana Price;d@home.example", ";").replace("G1", ""), 0, ""),
    ):
        roster = rows(tmp_path, row, mapping=MAPPING.replace("whole = true", ""))
        assert (len(roster.contacts), len(roster.pupils), roster.flaws) == (contacts, 1, ())
        assert [why in one.why for one in roster.notes] == [True] * bool(why)


def test_two_rows_that_differ_about_a_link_leave_the_stricter_and_a_note(tmp_path):
    other = ROW.replace(";ja;nein;;", ";nein;ja;see the order;")
    for lines in ((ROW, other), (other, ROW)):
        roster = rows(tmp_path, *lines)
        (link,) = roster.links
        assert (link.parental_responsibility, link.barred) == (False, True)
        assert link.restricted_reason == "see the order"
        assert "parental responsibility" in roster.notes[0].why
        assert roster.notes[0].where.line == 3


def test_a_bar_is_lifted_by_the_file_only_where_the_mapping_says_so(tmp_path):
    lifting = MAPPING.replace('no = ["nein"]', 'no = ["nein"]\nlift_bars = true')
    assert rows(tmp_path, ROW).links[0].barred is None
    assert rows(tmp_path, ROW, mapping=lifting).links[0].barred is False


def test_a_contact_without_a_number_and_an_address_of_two_people_is_nobody(tmp_path):
    mapping = MAPPING.replace('contact_ref = "Contact No"\n', "")
    other = ROW.replace("Dana Price", "Tom Price").replace("U1", "U2")
    roster = rows(tmp_path, ROW, other, mapping=mapping)
    assert roster.contacts == ()
    assert "give each person a reference of their own" in roster.flaws[0].why
    assert len(roster.pupils) == 2


def test_two_people_with_numbers_share_an_address_and_stay_two(tmp_path):
    other = ROW.replace("Dana Price", "Tom Price").replace("G1", "G2")
    roster = rows(tmp_path, ROW, other)
    assert [one.addresses for one in roster.contacts] == [("d@home.example",)] * 2
    assert roster.merges == ()


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("Mrs D. PRICE", True),
        ("Dana Price", True),
        ("Dana M Price", True),
        ("Tom Price", False),
        ("Dana Quinn", False),
        ("Price", False),
    ],
)
def test_one_address_and_a_name_that_can_be_the_same_is_shown_for_review(tmp_path, name, is_one):
    other = ROW.replace("Dana Price", name).replace("G1", "G2").replace("U1", "U2")
    merges = rows(tmp_path, ROW, other).merges
    assert [(one.kept, one.merged) for one in merges] == ([("G1", "G2")] if is_one else [])


def test_a_bar_comes_in_though_the_address_beside_it_cannot_be_read(tmp_path):
    roster = rows(tmp_path, ROW.replace("d@home.example", "d at home").replace("nein", "ja"))
    assert [one.addresses for one in roster.contacts] == [()]
    assert [one.barred for one in roster.links] == [True]
    assert (len(roster.flaws), "G1" in roster.spared) == (1, True)


def test_a_bad_second_address_leaves_the_good_one_and_the_child(tmp_path):
    roster = rows(tmp_path, ROW.replace("d@home.example;", "d@home.example;d at work"))
    assert [one.addresses for one in roster.contacts] == [("d@home.example",)]
    assert [one.why for one in roster.flaws] == ["Mail#2 is not one plain address: 'd at work'"]
