"""Answers and actions by signed address."""

from dataclasses import replace
from datetime import datetime

import pytest

from rules.automatic import AutomaticVerdict
from rules.effects import (
    AddToDigest,
    AlertSafeguarding,
    CarryOut,
    Ending,
    HoldForOffice,
    NoticeKind,
    RelayAnswer,
    SendNotice,
)
from rules.instruction import Action, Instruction
from rules.message import Originator
from tests.policy_world import (
    ADDRESS,
    DSL,
    HEAD,
    KHAN,
    LONDON,
    OFFICE,
    asks,
    directory,
    inbound,
    of,
    understood,
    when,
)

NIGHT = datetime(2026, 11, 20, 22, 0, tzinfo=LONDON)  # a Friday
IN_WINDOW = datetime(2026, 11, 24, 15, 45, tzinfo=LONDON)


def by(staff, instruction, arrived=IN_WINDOW, **changes):
    message = inbound(
        arrived=arrived,
        originator=Originator("single", staff.address, staff.name),
        recipient="r+token@class.oakfield.example",
    )
    return when(
        message,
        instruction=instruction,
        recipient_kind="signed",
        directory=directory(guardians=(), staff=(staff,), addressed_class=None),
        **changes,
    )


def test_a_teachers_answer_leaves_at_once_inside_the_hours():
    [answer] = of(by(KHAN, asks(Action.ANSWER, KHAN)), RelayAnswer)
    assert (answer.address, answer.not_before) == (ADDRESS, IN_WINDOW)


def test_a_teachers_answer_written_on_friday_night_leaves_on_monday_at_eight():
    [answer] = of(by(KHAN, asks(Action.ANSWER, KHAN), NIGHT), RelayAnswer)
    assert answer.not_before == datetime(2026, 11, 23, 8, 0, tzinfo=LONDON)


def test_the_office_answers_at_any_hour():
    [answer] = of(by(OFFICE, asks(Action.OFFICE_ANSWER, OFFICE), NIGHT), RelayAnswer)
    assert answer.not_before == NIGHT


@pytest.mark.parametrize("kind", ["automatic", "loop", "suspected"])
def test_an_automatic_answer_of_staff_never_reaches_a_parent(kind):
    decision = by(KHAN, asks(Action.ANSWER, KHAN), verdict=AutomaticVerdict(kind, ("subject",)))
    assert not of(decision, RelayAnswer)
    assert of(decision, HoldForOffice)[0].quiet


def test_a_teacher_cannot_answer_while_the_lead_has_the_message():
    decision = by(KHAN, asks(Action.ANSWER, KHAN, case="open"))
    assert not of(decision, RelayAnswer)
    assert of(decision, SendNotice)[0].kind is NoticeKind.ACTION_REFUSED


def test_nobody_answers_a_guardian_who_may_no_longer_be_written_to():
    assert not of(by(KHAN, asks(Action.ANSWER, KHAN, guardian_address=None)), RelayAnswer)


@pytest.mark.parametrize("state", ["expired", "spent"])
def test_an_old_address_is_refused_kindly_and_the_office_has_a_copy(state):
    decision = by(KHAN, asks(Action.REPORT, KHAN, state))
    assert of(decision, SendNotice)[0].kind is NoticeKind.ACTION_REFUSED
    assert of(decision, HoldForOffice)
    assert decision.ending is Ending.REFUSED


def test_a_token_in_other_hands_does_nothing_and_the_office_looks_at_it():
    decision = by(KHAN, Instruction(Action.ANSWER, "not-yours"))
    assert not of(decision, RelayAnswer)
    assert not of(decision, CarryOut)
    assert of(decision, HoldForOffice)


def test_a_concern_sent_with_a_token_in_other_hands_still_reaches_the_lead():
    decision = by(
        KHAN, Instruction(Action.ANSWER, "not-yours"), understanding=understood("safeguarding")
    )
    assert of(decision, AlertSafeguarding)


@pytest.mark.parametrize("action", [Action.ACKNOWLEDGE, Action.KEEP])
def test_the_lead_acknowledges_and_keeps(action):
    [done] = of(by(DSL, asks(action, DSL)), CarryOut)
    assert (done.action, done.item_id, done.staff_id) == (action, "0000000000000009", "dsl")


def test_the_lead_releases_a_message_to_the_teacher_for_the_next_window():
    decision = by(DSL, asks(Action.RELEASE, DSL, case="open"), NIGHT)
    [item] = of(decision, AddToDigest)
    assert item.about == "0000000000000009"
    assert item.reads_at == datetime(2026, 11, 23, 8, 0, tzinfo=LONDON)


def test_a_report_goes_to_the_leadership_at_any_hour():
    [report] = of(by(KHAN, asks(Action.REPORT, KHAN), NIGHT), CarryOut)
    assert report.to == (HEAD.staff_id,)


def test_a_teacher_can_raise_what_the_gateway_missed():
    decision = by(KHAN, asks(Action.RAISE, KHAN))
    [raised] = of(decision, AlertSafeguarding)
    assert (raised.about, raised.raised_by) == ("0000000000000009", "khan")
    assert raised.line[0] == "dsl"


@pytest.mark.parametrize("action", [Action.ANSWER, Action.OFFICE_ANSWER])
def test_a_disclosure_in_an_answer_goes_to_the_lead_and_to_no_parent(action):
    staff = KHAN if action is Action.ANSWER else OFFICE
    decision = by(staff, asks(action, staff), understanding=understood("safeguarding"))
    assert of(decision, AlertSafeguarding)[0].line[0] == "dsl"
    assert not of(decision, RelayAnswer)
    assert of(decision, SendNotice)[0].kind is NoticeKind.ACTION_REFUSED


def test_a_disclosure_in_a_report_goes_to_the_leadership_and_to_the_lead():
    decision = by(KHAN, asks(Action.REPORT, KHAN), understanding=understood("safeguarding"))
    assert of(decision, CarryOut)
    assert of(decision, AlertSafeguarding)


def test_an_answer_about_a_released_concern_reaches_the_parent():
    answer = asks(Action.ANSWER, KHAN, case="released")
    assert of(by(KHAN, answer, understanding=understood("safeguarding")), RelayAnswer)


def test_a_concern_that_an_answer_only_quotes_does_not_hold_it():
    quoted = understood("safeguarding")
    quoted = replace(quoted, evidence=tuple(replace(one, start=-1) for one in quoted.evidence))
    assert of(by(KHAN, asks(Action.ANSWER, KHAN), understanding=quoted), RelayAnswer)


def test_a_concern_in_mail_that_came_back_reaches_the_lead():
    bounce = Instruction(Action.BOUNCE, "valid")
    decision = by(KHAN, bounce, understanding=understood("safeguarding"))
    assert of(decision, AlertSafeguarding)
