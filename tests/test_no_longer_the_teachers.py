"""A conversation that the lead or senior staff have now: no answer of the teacher's goes out."""

import pytest

from rules.effects import HoldForOffice, RelayAnswer
from rules.instruction import Action
from tests.hours_talk import AMINA, KHAN, ROOM, on, talking
from tests.installation import DSL, OFFICE
from tests.policy_world import KHAN as MISS_KHAN
from tests.policy_world import asks, of, when

QUESTION = "Which book should Ben bring?"
CONCERN = "Ben has bruises on his arm and he says that his uncle hit him. I am afraid for him."
AGAIN = "Re: Reading book"


@pytest.fixture
def talk(tmp_path):
    with talking(tmp_path, on(24, 9)) as found:
        found.write(AMINA, ROOM, QUESTION, subject="Reading book")
        found.at(on(24, 15, 31))
        yield found


def answers(talk, *, at):
    digest = talk.mail_for(KHAN)[0]
    if at > talk.gateway.stage.clock.now():
        talk.at(at)
    talk.write(KHAN, talk.reply_address(digest), "The blue one, please.\n\nMiss Khan")


def parents_mail(talk, *, at):
    talk.at(at)
    return "\n".join(mail.text for mail in talk.mail_for(AMINA))


@pytest.mark.parametrize(
    "words",
    [
        CONCERN,
        "I want to make a formal complaint about Miss Khan.",
        "Please send me a copy of all the personal data you hold on Ben under the UK GDPR.",
    ],
)
def test_an_answer_that_waits_is_kept_back_when_the_next_mail_is_not_for_the_teacher(talk, words):
    answers(talk, at=on(24, 19))
    talk.write(AMINA, ROOM, words, subject=AGAIN)
    assert "The blue one" not in parents_mail(talk, at=on(25, 9))
    [listed] = [mail for mail in talk.mail_for(OFFICE) if "kept back" in mail.text]
    assert QUESTION in listed.text
    assert words not in listed.text


def test_an_answer_that_waits_leaves_when_the_next_mail_is_about_an_absence(talk):
    answers(talk, at=on(24, 19))
    talk.write(AMINA, ROOM, "Ben is poorly and will not be in school tomorrow.", subject=AGAIN)
    assert "The blue one" in parents_mail(talk, at=on(25, 9))


@pytest.mark.parametrize("hour", [16, 19])
def test_nobody_answers_an_earlier_message_of_a_conversation_that_the_lead_has(talk, hour):
    talk.write(AMINA, ROOM, CONCERN, subject=AGAIN)
    answers(talk, at=on(24, hour))
    shown = parents_mail(talk, at=on(25, 9))
    assert "The blue one" not in shown
    assert any("with the safeguarding lead" in mail.text for mail in talk.mail_for(KHAN))


def test_send_now_sends_no_answer_in_a_conversation_that_the_lead_has(talk):
    talk.write(AMINA, ROOM, CONCERN, subject=AGAIN)
    [digest] = talk.mail_for(KHAN)
    talk.write(KHAN, talk.reply_address(digest), "Send now\n\nThe blue one, please.")
    assert "The blue one" not in parents_mail(talk, at=on(25, 9))


def test_the_earlier_message_may_be_answered_once_the_lead_has_released_the_later(talk):
    talk.write(AMINA, ROOM, CONCERN, subject=AGAIN)
    _have_it, release, _keep = talk.links(talk.mail_for(DSL)[0], "a")
    talk.write(DSL, release, "")
    answers(talk, at=on(24, 15, 40))
    assert "The blue one" in parents_mail(talk, at=on(24, 15, 45))


def test_a_later_question_may_be_answered_once_the_lead_keeps_the_earlier_message(talk):
    talk.write(AMINA, ROOM, CONCERN, subject=AGAIN)
    _have_it, _release, keep = talk.links(talk.mail_for(DSL)[0], "a")
    talk.write(DSL, keep, "")
    talk.at(on(25, 7))
    talk.write(AMINA, ROOM, "Which pen does he need for art?", subject=AGAIN)
    talk.at(on(25, 8, 1))
    later = next(mail for mail in talk.mail_for(KHAN) if "Which pen" in mail.text)
    assert "bruises" not in later.text
    talk.write(KHAN, talk.links(later, "r")[0], "A soft pencil.\n\nMiss Khan")
    assert "A soft pencil." in parents_mail(talk, at=on(25, 8, 5))
    answers(talk, at=on(25, 8, 6))
    assert "The blue one" not in parents_mail(talk, at=on(25, 8, 10))


def test_a_teacher_cannot_answer_beside_a_message_that_the_lead_has():
    asked = asks(Action.ANSWER, MISS_KHAN, is_beside_a_case=True)
    decision = when(recipient_kind="signed", instruction=asked)
    assert not of(decision, RelayAnswer)
    assert of(decision, HoldForOffice)
    assert decision.reasons[0].rule == "with-the-lead"
