"""Whom an allegation is about learns of it neither by what they do themselves nor by any list."""

import pytest
from sqlalchemy import select, update

from gateway.store import schema as t
from rules.effects import CarryOut, Ending, SendNotice
from rules.instruction import Action
from tests.installation import DSL, HEAD, OFFICE
from tests.policy_world import DSL as LEAD
from tests.policy_world import KHAN as TEACHER
from tests.policy_world import asks, of, when
from tests.staged import staged
from tests.talk import Talk
from tests.test_a_conversation import AMINA, DEPUTY, FAMILIES, KHAN, LLOYD, ROOM, STAFF, on

ABOUT = "{} slapped Ben in class today and he has a bruise on his arm."
SENIOR = "senior@class.oakfield.example"
PRESS = "Just press Send. You may add a line above this one.\n"


@pytest.fixture
def talk(tmp_path):
    with staged(tmp_path, on(24, 9), STAFF, FAMILIES) as gateway:
        yield Talk(gateway)
        assert gateway.audit().faults == ()


def state(talk):
    with talk.gateway.store.read() as connection:
        return [row.state for row in connection.execute(select(t.safeguarding_cases)).all()]


def words_for(talk, address):
    return "\n".join(mail.text for mail in talk.mail_for(address)).lower()


def asked_then_alleged(talk, whom):
    """Let a parent ask something of the class, then allege something in the same thread."""
    talk.write(AMINA, ROOM, "Which book should Ben bring?", subject="Reading book")
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    held = talk.mail_for(AMINA)[0]
    talk.write(AMINA, ROOM, ABOUT.format(whom), subject="Re: Reading book", answering=held)
    return digest


def test_a_teachers_answer_is_not_refused_for_what_is_alleged_of_them(talk):
    digest = asked_then_alleged(talk, "Miss Khan")
    talk.write(KHAN, talk.reply_address(digest), "The blue one, please.")
    assert "the blue one" in words_for(talk, AMINA)
    talk.at(on(25, 9))
    assert talk.mail_for(KHAN) == [digest]


def test_another_teachers_answer_is_refused_as_before(talk):
    digest = asked_then_alleged(talk, "Mr Hughes")
    talk.write(KHAN, talk.reply_address(digest), "The blue one, please.")
    assert "the blue one" not in words_for(talk, AMINA)
    assert "safeguarding lead" in words_for(talk, KHAN)


def test_an_answer_kept_back_stands_in_no_list_of_whom_the_allegation_is_about(talk):
    talk.write(AMINA, ROOM, "Which book should Ben bring?", subject="Reading book")
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    talk.at(on(24, 18))
    talk.write(KHAN, talk.reply_address(digest), "The blue one, please.")
    held = talk.mail_for(AMINA)[0]
    text = ABOUT.format("The receptionist")
    talk.write(AMINA, ROOM, text, subject="Re: Reading book", answering=held)
    talk.at(on(25, 12))
    assert "the blue one" not in words_for(talk, AMINA)
    assert not talk.mail_for(OFFICE)
    assert "kept back" in words_for(talk, HEAD)


@pytest.mark.parametrize("action", [Action.ACKNOWLEDGE, Action.RELEASE, Action.KEEP])
def test_a_lead_of_whom_something_is_alleged_later_cannot_end_the_case(action):
    later = asks(action, LEAD, case="open", kept_from=frozenset({LEAD.staff_id}))
    decision = when(instruction=later)
    assert decision.ending is Ending.REFUSED
    assert not of(decision, CarryOut)
    assert "safeguarding" not in str(of(decision, SendNotice))


def test_a_teacher_passes_on_to_no_office_of_which_something_is_alleged():
    released = asks(Action.PASS, TEACHER, case="released", kept_from=frozenset({"office"}))
    [carried] = of(when(instruction=released), CarryOut)
    assert carried.to == ("head",)


@pytest.mark.parametrize("words", ["Any news of the reading book?", "Ben is ill today."])
def test_a_later_mail_that_quotes_the_allegation_does_not_reach_its_subject(talk, words):
    for whom in ("Miss Khan", "The receptionist"):
        talk.write(AMINA, ROOM, ABOUT.format(whom), subject=f"About {whom}")
        quoted = f"{words}\n\nOn 24 November 2026, Amina Okoro wrote:\n> {ABOUT.format(whom)}\n"
        talk.write(AMINA, ROOM, quoted, subject=f"Re: About {whom}")
    talk.at(on(25, 12))
    assert "slapped" not in words_for(talk, KHAN)
    assert "slapped" not in words_for(talk, OFFICE)


def test_a_weak_allegation_quoted_later_does_not_reach_its_subject(talk):
    text = "Miss Khan grabbed him by the arm and shouted in his face, he came home in tears."
    talk.write(AMINA, ROOM, text, subject="Ben")
    assert state(talk) == ["open"]
    quoted = f"Is it PE tomorrow?\n\nOn 24 November 2026, Amina Okoro wrote:\n> {text}\n"
    talk.write(AMINA, ROOM, quoted, subject="Re: Ben")
    forwarded = (
        "Is it PE tomorrow?\n\n---------- Forwarded message ----------\n"
        f"From: Amina Okoro <{AMINA}>\nSubject: Ben\n\n{text}\n"
    )
    talk.write(AMINA, ROOM, forwarded, subject="Fwd: Ben")
    talk.at(on(25, 12))
    assert "grabbed" not in words_for(talk, KHAN)


def test_what_is_perhaps_a_concern_about_the_lead_is_shown_to_the_next(talk):
    text = "Mrs Adeyemi was a bit rough with Ben at lunch and he was very upset and scared of her."
    talk.write(AMINA, ROOM, text, subject="Lunch")
    talk.at(on(24, 13))
    assert "a bit rough" not in words_for(talk, DSL)
    assert "a bit rough" in words_for(talk, DEPUTY) + words_for(talk, HEAD)


def test_staff_who_allege_something_of_the_head_are_not_reported_to_the_head(talk):
    talk.write(AMINA, ROOM, "You are all useless idiots, go to hell. Where is Ben's coat?")
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    raise_to = talk.action(digest, "Raise a safeguarding concern")
    talk.write(KHAN, raise_to, "I saw that the head slapped Ben in the hall. Miss Khan")
    talk.write(KHAN, talk.action(digest, "Report it"), PRESS)
    talk.at(on(25, 12))
    assert "idiots" in words_for(talk, DSL)
    assert not talk.mail_for(HEAD)


def test_what_the_lead_released_is_not_handed_over_to_whom_it_is_kept_from(talk):
    talk.write(AMINA, ROOM, "Ben says his uncle hits him and he is scared to go home.")
    talk.write(DSL, talk.links(talk.mail_for(DSL)[0], "a")[1], PRESS)
    [khan] = talk.rows(t.staff, address=KHAN)
    [hughes] = talk.rows(t.staff, address=LLOYD)
    [case] = talk.rows(t.safeguarding_cases)
    talk.change(t.safeguarding_cases, detail={**case.detail, "kept_from": [hughes.staff_id]})
    with talk.gateway.store.begin() as connection:
        connection.execute(
            update(t.class_staff)
            .where(t.class_staff.c.staff_id == khan.staff_id)
            .values(staff_id=hughes.staff_id)
        )
        gone = update(t.staff).where(t.staff.c.staff_id == khan.staff_id)
        connection.execute(gone.values(ends=on(23, 0).date()))
        connection.execute(update(t.schools).values(roster_version=99))
    talk.at(on(25, 9))
    assert "uncle" not in words_for(talk, LLOYD)
    assert "uncle" in words_for(talk, OFFICE)
