"""Who may be given an invite code, and whom one that comes back may link."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from gateway.store import schema as t
from gateway.store.approvals import approve
from rules.inviting import Contact, standing_by_code, why_not_invited, why_not_linked
from rules.links import LinkStanding
from tests.invited import WORKED, School, inviting

MOTHER = Contact(
    parental_responsibility=True,
    may_take_part=True,
    barred=False,
    restricted=False,
    removed=False,
    standing=LinkStanding.INVITED,
    approved=False,
    others=0,
)
THREE = (
    ("P2", "Poppy", "Hill", "3B", "Dana Hill", "dana.hill@parent.example"),
    ("P2", "Poppy", "Hill", "3B", "Rob Hill", "rob.hill@parent.example"),
    ("P2", "Poppy", "Hill", "3B", "Gran Hill", "gran.hill@parent.example"),
)


def test_a_contact_with_parental_responsibility_is_invited():
    assert why_not_invited(MOTHER) == ""


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"parental_responsibility": False}, "no parental responsibility"),
        ({"barred": True}, "barred"),
        ({"barred": True, "approved": True}, "barred"),
        ({"restricted": True}, "restriction"),
        ({"restricted": True, "approved": True}, "restriction"),
        ({"removed": True}, "removed"),
        ({"may_take_part": False}, "neither write nor receive"),
        ({"standing": LinkStanding.REFUSED}, "refused"),
        ({"standing": LinkStanding.UNVERIFIED}, "do not say"),
        ({"others": 2}, "2 others"),
    ],
)
def test_whoever_is_not_invited_is_refused_with_a_reason(change: dict[str, object], why: str):
    assert why in why_not_invited(replace(MOTHER, **change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"parental_responsibility": False},
        {"standing": LinkStanding.UNVERIFIED},
        {"others": 2},
    ],
)
def test_an_approval_overrides_what_people_may_decide(change: dict[str, object]):
    assert why_not_invited(replace(MOTHER, **change, approved=True)) == ""  # type: ignore[arg-type]


def test_a_third_code_that_comes_back_links_nobody_before_an_approval():
    third = replace(MOTHER, others=2)
    assert why_not_linked(third) == ""
    assert standing_by_code(third) is LinkStanding.WAITING
    assert standing_by_code(replace(third, others=1)) is LinkStanding.ACTIVE


def all_but_one_leave(school: School) -> None:
    """Take the places of a child back: nobody is linked, everybody is on record."""
    school.change(t.links, standing="invited")


def test_two_contacts_of_a_child_get_codes_and_the_third_needs_an_approval(tmp_path: Path):
    with inviting(tmp_path, THREE) as school:
        all_but_one_leave(school)
        issued, refused = school.invite("P2")
        assert [one.slot for one in issued] == [1, 2]
        (third,) = refused
        assert "2 others of this child are linked or invited" in third.why
        head = school.gateway.stage.program.school
        with school.gateway.store.begin() as connection:
            leader = connection.execute(
                select(t.staff.c.staff_id).where(t.staff.c.name == "Mr Lloyd")
            ).scalar_one()
            approve(
                connection,
                third.contact.link.guardian_id,
                third.child.pupil_id,
                approved_by=leader,
                reason="She collects Poppy every day.",
                begins=date(2026, 11, 24),
                ends=date(2027, 3, 31),
                today=head.today(school.gateway.clock.now()),
                now=school.gateway.clock.now(),
            )
        (now_invited,), _ = school.invite("P2", third.contact.link.guardian_reference)
        assert now_invited.slot == 3


def test_a_new_code_makes_the_older_one_useless_and_keeps_its_place(tmp_path: Path):
    with inviting(tmp_path) as school:
        (first,), _ = school.invite("P2")
        (second,), _ = school.invite("P2")
        assert (first.slot, second.slot) == (1, 1)
        states = [row.revoked is None for row in school.rows(t.invites)]
        assert states == [False, True]


def test_whoever_has_used_a_code_gets_no_second_one_with_the_class(tmp_path: Path):
    with inviting(tmp_path) as school:
        assert school.send(school.code("P2")) == [WORKED]
        issued, (refused,) = school.invite("P2")
        assert issued == []
        assert "has used a code" in refused.why
        issued, _ = school.invite("P2", refused.contact.link.guardian_reference)
        assert len(issued) == 1


def test_the_last_day_of_a_code_is_the_policys(tmp_path: Path):
    with inviting(tmp_path, swap=("[invites]\ndays = 30", "[invites]\ndays = 7")) as school:
        (issued,), _ = school.invite("P2")
        assert issued.last_day == date(2026, 11, 24) + timedelta(days=7)
