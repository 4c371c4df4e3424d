"""Who may change the hours by mail, and who may not: messages in, decisions out."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from rules.automatic import AutomaticVerdict
from rules.effects import (
    AlertSafeguarding,
    CarryOut,
    Ending,
    HoldForOffice,
    NoticeKind,
    SendNotice,
)
from rules.facts import HoursFacts
from rules.instruction import Action, HoursChange, Instruction
from rules.line_effects import ChangeHours, RefuseHours, ShowUndo
from rules.message import Authenticity, Originator
from tests.policy_world import (
    ADDRESS,
    DSL,
    HEAD,
    KHAN,
    LLOYD,
    LONDON,
    OFFICE,
    directory,
    inbound,
    of,
    understood,
    when,
)

MORNING = datetime(2026, 11, 24, 6, 40, tzinfo=LONDON)
KNOWN = HoursFacts(
    frozenset({KHAN.address, LLOYD.address, OFFICE.address, HEAD.address}),
    frozenset({KHAN.address, LLOYD.address}),
)


def asking(
    staff, line, *, to="hours", trust=Authenticity.VERIFIED, subject="", written=None, **changes
):
    message = inbound(
        arrived=MORNING,
        originator=Originator("single", staff.address, staff.name),
        authenticity=trust,
        recipient=f"{to}@class.oakfield.example",
    )
    texts = {"own_text": line, "body_text": line, "subject": subject}
    content = replace(message.content, date_claimed=written, **texts)
    usual = {
        "recipient_kind": to,
        "hours": KNOWN,
        "directory": directory(guardians=(), staff=(staff,), addressed_class=None),
    }
    return when(replace(message, content=content), **(usual | changes))


def undoable(**changes):
    """Return what is known when Miss Khan has changed her own hours this morning."""
    decided = MORNING - timedelta(minutes=30)
    change = HoursChange("c1", "in-force", "khan", KHAN.address, decided)
    return replace(KNOWN, undoable=replace(change, **changes))


def writing(line, **changes):
    """Amina, a linked guardian, writes."""
    message = inbound(arrived=MORNING, recipient=f"{changes['recipient_kind']}@x.example")
    content = replace(message.content, own_text=line, body_text=line)
    found = directory(addressed_class=None)
    return when(replace(message, content=content), hours=KNOWN, directory=found, **changes)


@pytest.mark.parametrize("staff", [OFFICE, HEAD])
def test_what_the_office_asks_is_shown_first_and_changes_nothing_yet(staff):
    [change] = of(asking(staff, "closed today: snow"), ChangeHours)
    assert not change.at_once
    [change] = of(asking(staff, "", subject="closed today"), ChangeHours)
    assert change.entries[0].kind == "closed"


def test_a_teacher_narrows_their_own_hours_at_once():
    for line in ("quiet 16:30-17:00 Fri", f"training Wed 15:30-17:00 for {KHAN.address}"):
        [change] = of(asking(KHAN, line), ChangeHours)
        assert change.at_once
        assert {one.staff for one in change.entries} == {KHAN.address}


@pytest.mark.parametrize(
    "line",
    [
        "closed today",
        "early closing Fri 13:15",
        f"works mon-wed for {KHAN.address}",
        f"quiet Fri for {LLOYD.address}",
        "training Wed 15:30-17:00 for everyone",
        f"leave 30 Nov to 4 Dec, cover {LLOYD.address}",
        "leave 30 Nov to 30 Apr",
        "open until 19:00 Fri",
        "more hours on Fri",
    ],
)
def test_a_teacher_can_neither_widen_hours_nor_change_anybody_elses(line):
    decision = asking(KHAN, line)
    [refusal] = of(decision, RefuseHours)
    assert refusal.clause == "T4"
    assert decision.ending is Ending.REFUSED
    assert not of(decision, ChangeHours)


@pytest.mark.parametrize("trust", [Authenticity.UNVERIFIED, Authenticity.FAILED])
def test_a_forged_office_address_changes_nothing_and_is_not_answered(trust):
    decision = asking(OFFICE, "closed today", trust=trust)
    assert [type(one) for one in decision.effects] == [HoldForOffice]


def test_a_guardians_line_is_held_and_gets_the_ordinary_notice():
    decision = writing("closed today", recipient_kind="hours")
    assert not of(decision, ChangeHours)
    assert of(decision, HoldForOffice)
    [notice] = of(decision, SendNotice)
    assert notice.kind is NoticeKind.RECEIVED


def test_a_machine_at_the_office_changes_nothing():
    decision = asking(OFFICE, "closed today", verdict=AutomaticVerdict("automatic"))
    assert not of(decision, ChangeHours)
    assert not of(decision, SendNotice)


def test_a_change_that_would_end_all_reading_is_refused():
    weekly = "training every day 0:00-23:59 for everyone"
    [refusal] = of(asking(OFFICE, weekly), RefuseHours)
    assert "no reading hours" in refusal.why
    [refusal] = of(asking(KHAN, "quiet 00:00-23:59 every day"), RefuseHours)
    assert "no reading hours" in refusal.why


def test_a_line_about_somebody_unknown_is_refused():
    [refusal] = of(asking(OFFICE, "quiet Fri for nobody@oakfield.example"), RefuseHours)
    assert "Nobody on the staff" in refusal.why


def test_a_concern_in_the_line_reaches_the_lead_whatever_happens_to_the_hours():
    decision = asking(OFFICE, "closed today", understanding=understood("safeguarding"))
    assert of(decision, AlertSafeguarding)
    assert of(decision, ChangeHours)
    decision = writing("x", recipient_kind="help", understanding=understood("safeguarding"))
    assert of(decision, AlertSafeguarding)


def test_undo_takes_back_the_newest_change_or_says_that_there_is_none():
    [refusal] = of(asking(KHAN, "undo"), RefuseHours)
    assert "no change" in refusal.why
    [carried] = of(asking(KHAN, "undo", hours=undoable()), CarryOut)
    assert (carried.action, carried.item_id) == (Action.UNDO_HOURS, "c1")


@pytest.mark.parametrize(
    ("known", "written"),
    [
        ({"decided": MORNING - timedelta(days=1)}, None),
        ({"asked_by": "office"}, None),
        ({}, MORNING - timedelta(days=1)),
        ({}, MORNING - timedelta(hours=2)),
    ],
)
def test_undo_that_may_mean_another_change_is_shown_first(known, written):
    decision = asking(KHAN, "undo", hours=undoable(**known), written=written)
    assert not of(decision, CarryOut)
    [shown] = of(decision, ShowUndo)
    assert shown.change_id == "c1"


@pytest.mark.parametrize("how", ["line", "signed"])
def test_whoever_left_the_leadership_undoes_nothing_but_their_own_hours(how):
    change = HoursChange("c1", "in-force", "khan", only_for=None)
    instruction = Instruction(Action.UNDO_HOURS, "valid", KHAN, change=change)
    by_mail = {"hours": replace(KNOWN, undoable=change)}
    decision = (
        asking(KHAN, "undo", **by_mail)
        if how == "line"
        else asking(KHAN, "", to="signed", instruction=instruction)
    )
    assert not of(decision, CarryOut)
    assert decision.ending is Ending.REFUSED


@pytest.mark.parametrize(
    ("line", "is_taken"),
    [("quiet tomorrow", False), ("quiet today", False), ("quiet 26 Nov", True)],
)
def test_a_line_that_came_a_day_late_is_asked_for_its_date(line, is_taken):
    decision = asking(KHAN, line, written=MORNING - timedelta(days=1))
    assert bool(of(decision, ChangeHours)) == is_taken
    assert is_taken or "came late" in of(decision, RefuseHours)[0].why


def test_a_mail_that_says_more_than_its_line_changes_nothing():
    [refusal] = of(asking(KHAN, "quiet Fri\nActually no, please ignore this."), RefuseHours)
    assert "more in the mail" in refusal.why


@pytest.mark.parametrize(
    ("staff", "state", "change", "ending"),
    [
        (OFFICE, "valid", "proposed", Ending.CARRIED_OUT),
        (OFFICE, "valid", "in-force", Ending.REFUSED),
        (OFFICE, "valid", "undone", Ending.REFUSED),
        (OFFICE, "expired", "proposed", Ending.REFUSED),
        (OFFICE, "spent", "proposed", Ending.REFUSED),
        (KHAN, "valid", "proposed", Ending.REFUSED),  # no longer of the office
        (DSL, "valid", "proposed", Ending.REFUSED),
        (OFFICE, "not-yours", "proposed", Ending.OFFICE_QUEUE),
    ],
)
def test_a_change_is_confirmed_once_by_whom_it_was_shown_to(staff, state, change, ending):
    about = HoursChange("c1", change, staff.staff_id)
    holder = None if state == "not-yours" else staff
    instruction = Instruction(Action.CONFIRM_HOURS, state, holder, change=about)
    decision = asking(staff, "", to="signed", instruction=instruction)
    assert decision.ending is ending
    assert bool(of(decision, CarryOut)) == (ending is Ending.CARRIED_OUT)


def test_help_is_given_to_linked_guardians_and_to_staff_and_to_nobody_else():
    [notice] = of(writing("help", recipient_kind="help"), SendNotice)
    assert (notice.kind, notice.address) == (NoticeKind.HELP, ADDRESS)
    [notice] = of(asking(KHAN, "help", to="help"), SendNotice)
    assert (notice.kind, notice.staff_id) == (NoticeKind.HELP_STAFF, "khan")
    decision = asking(KHAN, "help", to="help", trust=Authenticity.UNVERIFIED)
    assert not of(decision, SendNotice)


def test_a_mail_for_help_that_says_more_is_on_the_offices_list_too():
    decision = writing(
        "Please help, when does the trip on Friday come back?", recipient_kind="help"
    )
    [held] = of(decision, HoldForOffice)
    assert held.quiet
    assert decision.ending is Ending.OFFICE_QUEUE
