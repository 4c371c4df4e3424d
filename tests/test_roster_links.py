"""At most two adults a child, and no more than the records allow (G4, G5): rules and imports."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.roster.records import Roster
from gateway.store.links import link as link_them
from gateway.store.links import links_of_pupil, standing_for_new, unlink
from rules.links import Because, LinkOnRecord, LinkStanding, standings
from tests.roster_records import MONDAY, Office, contact, family, link, pupil

TUESDAY = MONDAY + timedelta(days=1)
ACTIVE, WAITING = LinkStanding.ACTIVE, LinkStanding.WAITING


@pytest.fixture
def office(store):
    return Office(store)


def stands(*links, invited=False):
    found = standings(links, MONDAY, invited=invited)
    return {who: (one.standing, one.because) for who, one in found.items()}


def test_the_first_two_of_the_records_are_active_and_the_third_waits():
    new = [LinkOnRecord(name, None, True, priority=place) for place, name in enumerate("cab")]
    assert stands(*new) == {
        "c": (ACTIVE, None),
        "a": (ACTIVE, None),
        "b": (WAITING, Because.MORE_THAN_TWO),
    }


def test_who_is_active_already_comes_before_who_is_first_in_the_records():
    found = stands(
        LinkOnRecord("new", None, True, priority=1),
        LinkOnRecord("other", None, True, priority=2),
        LinkOnRecord("old", ACTIVE, True, priority=9),
    )
    assert [who for who, (standing, _) in found.items() if standing is ACTIVE] == ["old", "new"]


@pytest.mark.parametrize(
    ("flags", "standing", "because"),
    [
        ({"responsible": False}, WAITING, Because.NOT_RESPONSIBLE),
        ({"responsible": None}, LinkStanding.UNVERIFIED, Because.NOT_SAID),
        ({"barred": True}, WAITING, Because.BARRED),
        ({"restricted": True}, WAITING, Because.RESTRICTED),
        ({"responsible": False, "approved": True}, ACTIVE, None),
        ({"barred": True, "approved": True}, WAITING, Because.BARRED),
        ({"restricted": True, "approved": True}, WAITING, Because.RESTRICTED),
        ({"standing": LinkStanding.REFUSED}, LinkStanding.REFUSED, Because.REFUSED),
        (
            {"standing": LinkStanding.REFUSED, "approved": True},
            LinkStanding.REFUSED,
            Because.REFUSED,
        ),
        ({"standing": LinkStanding.INVITED}, LinkStanding.INVITED, Because.NOT_INVITED),
        ({"standing": LinkStanding.UNVERIFIED}, ACTIVE, None),
    ],
)
def test_what_the_records_do_not_clearly_allow_is_not_active(flags, standing, because):
    one = LinkOnRecord(**{"guardian_id": "a", "standing": None, "responsible": True, **flags})
    assert stands(one) == {"a": (standing, because)}


@pytest.mark.parametrize("before", [None, WAITING, LinkStanding.UNVERIFIED, LinkStanding.INVITED])
def test_where_contacts_are_invited_no_import_makes_anybody_active(before):
    one = LinkOnRecord("a", before, True)
    assert stands(one, invited=True)["a"][0] is LinkStanding.INVITED
    assert stands(LinkOnRecord("a", ACTIVE, True), invited=True)["a"][0] is ACTIVE


LINKS = st.builds(
    LinkOnRecord,
    guardian_id=st.uuids().map(str),
    standing=st.sampled_from([None, *LinkStanding]).filter(lambda one: one is not ACTIVE),
    responsible=st.sampled_from([True, False, None]),
    barred=st.booleans(),
    restricted=st.booleans(),
    priority=st.none() | st.integers(0, 5),
)


@given(st.lists(LINKS, max_size=8), st.booleans())
def test_no_more_than_two_become_active_whatever_the_records_say(links, invited):
    found = standings(links, MONDAY, invited=invited)
    active = {who for who, one in found.items() if one.standing is ACTIVE}
    assert len(active) <= (0 if invited else 2)
    by_id = {one.guardian_id: one for one in links}
    assert all(
        by_id[who].responsible and not by_id[who].barred and not by_id[who].restricted
        for who in active
    )


def test_the_third_of_an_import_waits_and_is_told(office):
    plan = office.take(family("P1", "G1", "G2", "G3"))
    assert [office.standing(who) for who in ("G1", "G2", "G3")] == ["active", "active", "waiting"]
    assert plan.told["links waiting"] == (
        "Adult G3 (G3) and P1 ChildP1 Okoro: two others are linked already (G5)",
    )


def test_records_without_responsibility_come_in_unverified_until_records_say_so(office):
    office.take(
        Roster(
            "oneroster-1.1",
            (pupil("P1", "3B"),),
            (contact("G1"),),
            (link("G1", "P1", parental_responsibility=None),),
            no_flags=True,
        )
    )
    assert office.standing("G1") == "unverified"
    office.take(family("P1", "G1"))
    assert office.standing("G1") == "active"


def test_who_loses_responsibility_in_the_records_is_active_no_longer(office):
    office.take(family("P1", "G1"))
    changed = Roster("mapped", links=(link("G1", "P1", parental_responsibility=False),))
    plan = office.take(changed)
    assert office.standing("G1") == "waiting"
    assert "no parental responsibility (G4)" in plan.told["links waiting"][0]


def test_a_restriction_without_a_bar_shuts_the_link(office):
    reason = "contact through the court only"
    office.take(Roster("mapped", (pupil("P1", "3B"),), (contact("G1"),), (
        link("G1", "P1", barred=False, restricted_reason=reason),
    )))  # fmt: skip
    assert office.standing("G1") == "waiting"
    office.take(family("P1", "G1"))
    assert office.standing("G1") == "waiting"  # the file says nothing of it
    office.take(Roster("m", links=(link("G1", "P1", barred=False),)))
    assert office.standing("G1") == "active"


def test_no_import_lifts_a_bar_without_the_word_no(office):
    office.take(
        Roster("m", (pupil("P1", "3B"),), (contact("G1"),), (link("G1", "P1", barred=True),))
    )
    office.take(family("P1", "G1"))
    assert office.links()["G1", "P1"].barred
    office.take(Roster("m", links=(link("G1", "P1", barred=False),)))
    assert not office.links()["G1", "P1"].barred
    assert office.standing("G1") == "active"


def test_a_bar_that_is_lifted_does_not_make_a_third(office):
    office.take(family("P1", "G1", "G2"))
    office.take(Roster("m", links=(link("G1", "P1", barred=True),)))
    office.take(family("P1", "G3"))
    office.take(Roster("m", links=(link("G1", "P1", barred=False),)))
    assert [office.standing(who) for who in ("G1", "G2", "G3")] == ["waiting", "active", "active"]


def test_who_was_unlinked_by_the_office_is_not_linked_again_by_the_next_import(office):
    office.take(family("P1", "G1"))
    row = office.links()["G1", "P1"]
    with office.store.begin() as connection:
        assert unlink(connection, row.guardian_id, row.pupil_id, today=MONDAY)
        assert not unlink(connection, row.guardian_id, row.pupil_id, today=MONDAY)
    office.take(family("P1", "G1", is_whole=True), day=TUESDAY)
    assert (office.standing("G1"), office.links()["G1", "P1"].ends) == (
        "refused",
        MONDAY - timedelta(days=1),
    )


def test_links_of_before_the_limit_stay_active_and_are_told(office):
    office.take(family("P1", "G1", "G2", "G3"))
    office.change_link("G3", standing="active")  # as the migration leaves it
    plan = office.take(family("P1", "G1", "G2", "G3"))
    assert office.standing("G3") == "active"
    assert plan.told["more than two linked"] == ("P1 ChildP1 Okoro: 3 active",)


def test_a_link_made_by_hand_counts_and_no_whole_import_ends_it(office):
    office.take(family("P1", "G1"))
    office.take(Roster("m", contacts=(contact("G2"),)))
    with office.store.begin() as connection:
        child = office.links()["G1", "P1"].pupil_id
        other = next(row for row in office.rows_of_guardians() if row.reference == "G2")
        assert standing_for_new(connection, child, MONDAY) is ACTIVE
        link_them(
            connection,
            office.school_id,
            other.guardian_id,
            child,
            now=office.at(MONDAY),
            today=MONDAY,
            standing=ACTIVE,
        )
        assert standing_for_new(connection, child, MONDAY) is WAITING
        assert len(links_of_pupil(connection, child, MONDAY)) == 2
    plan = office.take(family("P1", "G1", is_whole=True), day=TUESDAY)
    assert office.links()["G2", "P1"].ends is None
    assert len(plan.told["links not in the records, kept"]) == 1
