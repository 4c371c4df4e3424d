"""What a teacher may choose for a message of a digest, besides answering it."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from rules.automatic import AutomaticVerdict
from rules.effects import (
    AlertSafeguarding,
    CarryOut,
    Ending,
    HoldForOffice,
    NoticeKind,
    RelayAnswer,
    SendNotice,
)
from rules.instruction import PRESS_SEND, Action
from rules.message import Originator
from tests.policy_world import (
    ADDRESS,
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

IN_WINDOW = datetime(2026, 11, 24, 15, 45, tzinfo=LONDON)  # a Tuesday
CHOICES = [Action.DONE, Action.PASS, Action.SNOOZE, Action.FILES]


def by_khan(
    action, subject="Show it again on Thursday 26 November", text=PRESS_SEND, at=IN_WINDOW, **item
):
    message = inbound(
        arrived=at,
        originator=Originator("single", KHAN.address, KHAN.name),
        recipient="a+token@class.oakfield.example",
    )
    content = replace(message.content, subject=subject, own_text=text)
    facts = {key: item.pop(key) for key in ("verdict", "understanding") if key in item}
    return when(
        replace(message, content=content),
        instruction=asks(action, KHAN, item.pop("state", "valid"), **item),
        recipient_kind="signed",
        directory=directory(guardians=(), staff=(KHAN,), addressed_class=None),
        **facts,
    )


def carried(decision):
    [done] = of(decision, CarryOut)
    return done


def test_that_no_answer_is_needed_is_told_to_nobody():
    decision = by_khan(Action.DONE)
    assert carried(decision).item_id == "0000000000000009"
    assert not of(decision, SendNotice)
    assert decision.ending is Ending.CARRIED_OUT


def test_what_is_passed_to_the_office_is_told_to_the_parent_as_any_message_the_office_has():
    decision = by_khan(Action.PASS)
    assert carried(decision).to == (OFFICE.staff_id,)
    [notice] = of(decision, SendNotice)
    assert (notice.kind, notice.address) == (NoticeKind.REDIRECTED, ADDRESS)
    assert notice.about == "0000000000000009"


def test_passing_on_what_a_child_may_have_written_sends_no_automatic_mail():
    decision = by_khan(Action.PASS, is_perhaps_a_child=True)
    assert carried(decision).action is Action.PASS
    assert not of(decision, SendNotice)


@pytest.mark.parametrize(
    ("subject", "text", "day"),
    [
        ("Show it again on Thursday 26 November", PRESS_SEND, date(2026, 11, 26)),
        ("Show it again on Thursday 26 November", f"until Monday\n\n{PRESS_SEND}", "30"),
        ("Friday", PRESS_SEND, date(2026, 11, 27)),
        ("", "26 Nov", date(2026, 11, 26)),
        ("Show it again on Thursday 26 November", "Miss Khan", date(2026, 11, 26)),
        ("", "", date(2026, 11, 25)),
        ("today", "", date(2026, 11, 24)),
        ("Saturday", "", date(2026, 11, 28)),
    ],
)
def test_a_message_is_shown_again_on_the_day_in_the_first_line_or_else_the_subject(
    subject, text, day
):
    wanted = date(2026, 11, 30) if day == "30" else day
    assert carried(by_khan(Action.SNOOZE, subject, text)).until == wanted


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("next Friday", PRESS_SEND),
        ("Show it again on Thursday 26 November", f"after half term\n{PRESS_SEND}"),
        ("", "when the trip is over"),
        ("25 February 2027", PRESS_SEND),
        ("23 November 2026", PRESS_SEND),
    ],
)
def test_a_day_that_is_unclear_past_or_far_away_is_refused_kindly_and_only_the_teacher_hears(
    subject, text
):
    decision = by_khan(Action.SNOOZE, subject, text)
    assert not of(decision, CarryOut)
    assert not of(decision, HoldForOffice)
    [notice] = of(decision, SendNotice)
    assert (notice.kind, notice.address) == (NoticeKind.ACTION_REFUSED, KHAN.address)
    assert decision.ending is Ending.REFUSED


def test_today_is_refused_once_there_is_no_reading_time_left_in_it():
    at = datetime(2026, 11, 24, 16, 55, tzinfo=LONDON)
    assert of(by_khan(Action.SNOOZE, "today", "", at=at), SendNotice)


@pytest.mark.parametrize("action", CHOICES)
@pytest.mark.parametrize("case", ["open", "acknowledged", "kept"])
def test_while_the_lead_has_a_message_nothing_else_is_done_with_it(action, case):
    decision = by_khan(action, case=case)
    assert not of(decision, CarryOut)
    assert of(decision, SendNotice)[0].kind is NoticeKind.ACTION_REFUSED


@pytest.mark.parametrize("action", CHOICES)
def test_a_concern_written_beside_a_choice_reaches_the_lead(action):
    decision = by_khan(action, understanding=understood("safeguarding"))
    assert of(decision, AlertSafeguarding)


@pytest.mark.parametrize("action", CHOICES)
def test_an_automatic_reply_chooses_nothing(action):
    assert not of(by_khan(action, verdict=AutomaticVerdict("automatic", ("x",))), CarryOut)


@pytest.mark.parametrize("action", [Action.DONE, Action.FILES])
def test_an_answer_written_to_the_wrong_address_reaches_no_parent_but_a_person_sees_it(action):
    decision = by_khan(action, text=f"Yes, the blue book please, on Monday.\n{PRESS_SEND}")
    assert not of(decision, RelayAnswer)
    assert of(decision, HoldForOffice)
    assert not of(by_khan(action, text=f"Miss Khan\n{PRESS_SEND}"), HoldForOffice)
