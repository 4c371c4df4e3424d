"""What is only perhaps so is shown as perhaps so; and who gets complaints and requests."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from rules.automatic import AutomaticVerdict
from rules.effects import (
    AddToDigest,
    HoldForOffice,
    NoticeKind,
    RedirectToOffice,
    SendNotice,
    ShowLead,
)
from rules.message import Authenticity
from rules.month import a_month_after
from tests.policy_world import (
    HEAD,
    LEADS,
    LONDON,
    OFFICE,
    POLICY,
    directory,
    inbound,
    of,
    understood,
    when,
)
from tests.test_allegations import CHAIR, WITH_CHAIR, written

DOUBT = understood("classroom", perhaps=("safeguarding",))


def test_what_is_perhaps_a_concern_is_shown_to_the_lead_and_still_goes_to_the_teacher():
    decision = when(understanding=DOUBT)
    assert [one.staff_id for one in of(decision, ShowLead)] == ["dsl"]
    [item] = of(decision, AddToDigest)
    assert "perhaps safeguarding" in item.hints


def test_the_office_sees_the_doubt_on_what_it_is_given():
    perhaps = understood("attendance", perhaps=("safeguarding", "send"))
    decision = when(understanding=perhaps)
    [redirect] = of(decision, RedirectToOffice)
    assert redirect.hints == ("perhaps safeguarding", "perhaps special needs (SEND)")
    assert of(decision, ShowLead)


def test_a_strangers_doubtful_message_is_shown_to_the_office_and_the_lead():
    decision = when(inbound(authenticity=Authenticity.UNVERIFIED), understanding=DOUBT)
    assert "perhaps safeguarding" in of(decision, HoldForOffice)[0].why
    assert of(decision, ShowLead)


def test_a_robots_doubtful_message_is_shown_whole_to_the_office():
    decision = when(understanding=DOUBT, verdict=AutomaticVerdict("automatic"))
    [held] = of(decision, HoldForOffice)
    assert not held.quiet
    assert "perhaps safeguarding" in held.why


def test_without_doubt_nothing_is_shown_to_the_lead():
    assert not of(when(), ShowLead)
    assert not of(when(understanding=understood(perhaps=("attendance",))), ShowLead)
    assert not of(when(understanding=understood("safeguarding")), ShowLead)


@pytest.mark.parametrize("labels", [("automatic",), ("automatic", "classroom")])
def test_what_only_reads_like_a_robots_is_delivered_all_the_same(labels):
    decision = when(understanding=understood(*labels))
    [item] = of(decision, AddToDigest)
    assert "may be an automatic reply" in item.hints
    assert not of(decision, SendNotice)


def test_what_only_reads_like_a_robots_may_still_be_a_concern():
    decision = when(understanding=understood("automatic", "safeguarding"))
    assert not of(decision, AddToDigest)
    assert decision.effects[0].line


def test_a_complaint_goes_to_the_office_and_never_to_the_teacher():
    decision = when(understanding=understood("classroom", extra=("complaint",)))
    assert [one.staff_id for one in of(decision, RedirectToOffice)] == [OFFICE.staff_id]
    assert not of(decision, AddToDigest)
    assert of(decision, SendNotice)[0].kind is NoticeKind.SENIOR


def test_each_mark_goes_to_its_own_post_and_an_absence_beside_it_to_the_office():
    where = {**POLICY.where, "complaint": "head"}
    decision = when(
        understanding=understood("attendance", extra=("complaint",)),
        policy=replace(POLICY, where=where),
    )
    assert {one.staff_id: one.topics for one in of(decision, RedirectToOffice)} == {
        HEAD.staff_id: ("complaint",),
        OFFICE.staff_id: ("attendance",),
    }


def test_a_complaint_about_the_head_goes_past_the_head():
    policy = replace(POLICY, where={**POLICY.where, "complaint": "head"})
    about = written("The head has not answered my letters. This is a formal complaint.")
    complaint = understood("classroom", extra=("complaint",))
    with_chair = when(about, understanding=complaint, directory=WITH_CHAIR, policy=policy)
    assert of(with_chair, RedirectToOffice)[0].staff_id == CHAIR.staff_id
    without = when(about, understanding=complaint, policy=policy)
    assert of(without, RedirectToOffice)[0].staff_id == OFFICE.staff_id
    to_head = written("Dear Mrs Castellan,\nThis is a formal complaint about the homework.")
    usual = when(to_head, understanding=complaint, policy=policy)
    assert of(usual, RedirectToOffice)[0].staff_id == HEAD.staff_id


RIGHTS = understood("classroom", extra=("rights_request",))


def test_a_request_for_records_names_the_day_of_the_law():
    late = inbound(arrived=datetime(2026, 11, 24, 23, 30, tzinfo=LONDON))
    decision = when(late, understanding=RIGHTS)
    assert of(decision, RedirectToOffice)[0].answer_by == date(2026, 12, 24)
    [reason] = [one for one in decision.reasons if one.rule == "records-asked-for"]
    assert reason.facts == (
        "one calendar month from Tuesday 24 November: by Thursday 24 December 2026"
    )


def test_a_strangers_request_for_records_names_the_day_too():
    decision = when(directory=directory(guardians=()), understanding=RIGHTS)
    [held] = of(decision, HoldForOffice)
    assert "asks for records (one calendar month from Tuesday 24 November" in held.why


def test_a_complaint_where_nobody_is_in_the_office_is_held():
    leads = tuple(one for one in LEADS if one.staff_id == "dsl")
    decision = when(
        understanding=understood("classroom", extra=("complaint",)),
        directory=directory(leads=leads),
    )
    assert of(decision, HoldForOffice)


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2026, 11, 24), date(2026, 12, 24)),
        (date(2026, 12, 31), date(2027, 1, 31)),
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2028, 1, 30), date(2028, 2, 29)),
        (date(2027, 2, 28), date(2027, 3, 28)),
    ],
)
def test_a_month_ends_on_the_same_date_or_on_the_last_of_a_shorter_month(day, last):
    assert a_month_after(day) == last
