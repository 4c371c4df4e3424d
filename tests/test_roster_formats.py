"""One school's people come out the same, whichever program wrote them down."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.roster.reading import read
from rules.people import Role
from tests.roster_makers import STYLES, of_one_address, write
from tests.roster_town import invent

TOWN = invent(400)
PUPIL_DOMAINS = ("pupils.oakfield.example",)


@pytest.fixture(scope="module")
def rosters(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exports")
    return {
        style: read(write(style, TOWN, folder), pupil_domains=PUPIL_DOMAINS) for style in STYLES
    }


@pytest.mark.parametrize("style", STYLES)
def test_every_pupil_comes_in_once_and_in_the_right_class(rosters, style):
    found = {
        one.reference: (
            one.given_name,
            one.family_name,
            [turn.class_name for turn in one.enrolments],
        )
        for one in rosters[style].pupils
    }
    assert found == {one.ref: (one.given, one.family, [one.room]) for one in TOWN.children}
    assert rosters[style].flaws == ()


@pytest.mark.parametrize("style", [style for style in STYLES if style != "sds-1"])
def test_every_contact_is_tied_to_their_children_and_to_no_others(rosters, style):
    found = {(link.contact, link.pupil) for link in rosters[style].links}
    assert found == {(tie.adult.ref, tie.child.ref) for tie in TOWN.ties}


def test_school_data_sync_v1_knows_contacts_by_their_address(rosters):
    found = {(link.contact, link.pupil) for link in rosters["sds-1"].links}
    assert found == {(t.adult.emails[0], t.child.ref) for t in TOWN.ties if t.adult.emails}
    assert {one.reference for one in rosters["sds-1"].contacts} == set(of_one_address(TOWN))


def test_a_contact_may_have_several_addresses_and_share_one_and_stay_a_person(rosters):
    for style in ("arbor-style", "sims-style"):
        found = {one.reference: one.addresses for one in rosters[style].contacts}
        assert found == {one.ref: one.emails for one in TOWN.adults}
    shared = [one.emails for one in TOWN.adults if one.emails]
    assert len(set(shared)) < len(shared)


@pytest.mark.parametrize("style", [style for style in STYLES if style != "sds-1"])
def test_who_stands_there_once_for_each_child_is_shown_and_never_merged_by_itself(rosters, style):
    doubled, first = set(), set()
    for one in TOWN.adults:
        for address in one.emails:
            who = (address, one.given, one.family)
            doubled |= {one.ref} if who in first else set()
            first.add(who)
    assert any("x" in one for one in doubled)
    assert {merge.merged for merge in rosters[style].merges} == doubled
    assert doubled <= {one.reference for one in rosters[style].contacts}
    assert {merge.kept for merge in rosters[style].merges}.isdisjoint(doubled)


@pytest.mark.parametrize("style", ["arbor-style", "sims-style"])
def test_flags_come_from_the_records_and_their_empty_cells_say_nothing(rosters, style):
    links = {(link.contact, link.pupil): link for link in rosters[style].links}
    for tie in TOWN.ties:
        link = links[tie.adult.ref, tie.child.ref]
        assert link.parental_responsibility is tie.pr
        assert link.kind == tie.kind
        if style == "sims-style":
            assert link.barred is (True if tie.barred else None)  # "F" lifts nobody's bar
            assert link.priority == tie.priority
        else:
            assert link.may_receive is tie.receives
    assert not rosters[style].no_flags


@pytest.mark.parametrize("style", [style for style in STYLES if not style.endswith("-style")])
def test_formats_without_parental_responsibility_say_so_and_are_whole(rosters, style):
    roster = rosters[style]
    assert (roster.source, roster.no_flags, roster.is_whole) == (style, True, True)
    assert {link.parental_responsibility for link in roster.links} == {None}


@pytest.mark.parametrize("style", [style for style in STYLES if not style.endswith("-style")])
def test_a_teacher_reads_for_the_class_they_teach(rosters, style):
    staff = {one.address: one for one in rosters[style].staff}
    for room, teacher in TOWN.teachers.items():
        assert staff[teacher.emails[0]].class_names == (room,)
        assert staff[teacher.emails[0]].roles == (Role.TEACHER,)


@pytest.mark.parametrize("style", STYLES)
def test_a_teacher_who_is_a_parent_is_both(rosters, style):
    teachers = {one.emails[0] for one in TOWN.teachers.values()}
    parents = {one for contact in rosters[style].contacts for one in contact.addresses}
    assert teachers & parents


def test_with_dates_next_years_class_waits_for_its_first_day(tmp_path):
    path = write("oneroster-1.1", TOWN, tmp_path)
    (turn,) = read(path).pupils[0].enrolments
    assert (turn.begins, turn.ends) == (date(2026, 9, 1), date(2027, 8, 31))
    before, during = (
        read(path, today=day).staff[0] for day in (date(2026, 8, 1), date(2026, 11, 24))
    )
    assert before.class_names is None
    assert during.class_names == (turn.class_name,)
    assert before.teaching == during.teaching == (turn,)


def test_a_staff_file_beside_an_export_adds_roles_and_a_rank(tmp_path):
    staff = tmp_path / "staff.csv"
    staff.write_text("name,email,roles\nMs Head,head@oakfield.example,head\n"
                     "Ms T,t0@oakfield.example,dsl\n")  # fmt: skip
    roster = read(write("sds-2.1", TOWN, tmp_path), staff=staff)
    found = {one.address: one for one in roster.staff}
    assert found["head@oakfield.example"].roles == (Role.HEAD,)
    assert set(found["t0@oakfield.example"].roles) == {Role.DSL, Role.TEACHER}
    assert found["t0@oakfield.example"].class_names == (TOWN.children[0].room,)
    assert "staff.csv" in {name for name, _digest in roster.files}
