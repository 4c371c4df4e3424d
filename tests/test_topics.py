"""What a message is about: the school's policy on topics, read aloud."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.topicpacks import load_matcher
from rules.message import TextView
from rules.topics import understand

MATCHER = load_matcher(second_reader=True)
WEDNESDAY_NOON = datetime(2025, 3, 12, 12, 0, tzinfo=UTC)


def labels(text: str, subject: str = "") -> frozenset[str]:
    return understand(MATCHER, subject=subject, own_text=text).labels


def test_labels_are_a_set_and_an_absence_does_not_hide_the_homework():
    text = "Ben won't be in today, he has a temperature.\nCould you send his homework home please?"
    assert labels(text) == {"attendance", "classroom"}


def test_a_dentist_and_a_late_start_are_both_an_appointment_and_attendance():
    text = "Zak has the dentist on Tuesday at 9 so he will be late in."
    assert labels(text) == {"appointment", "attendance"}


@pytest.mark.parametrize(
    "text",
    [
        "We are looking forward to attending the assembly on Friday.",
        "Please could you send another sheet home? I will send it back on Monday.",
        "I have a hospital appointment so his nan will come to the concert.",
        "She missed the homework while she was ill last week, could I have a copy?",
        "We are sick of spellings already!",
        "He knows his times tables off by heart.",
        "His late grandfather was a miner, is that all right for the history topic?",
    ],
)
def test_words_that_look_like_an_office_topic_stay_with_the_teacher(text):
    assert labels(text) == {"classroom"}


QUOTED = "We are told he says he wants to kill himself, and please report any absence."


def test_quoted_words_do_not_route_but_do_raise_a_concern():
    view = TextView("quoted", QUOTED)
    found = understand(MATCHER, subject="", own_text="Thanks for this.", readable=(view,))
    assert found.labels == {"safeguarding"}
    assert {(one.start, one.end) for one in found.evidence} == {(-1, -1)}
    assert all(one.text in QUOTED for one in found.evidence)


def test_a_schools_own_footer_about_bullying_raises_nothing_when_it_is_quoted():
    footer = "Anti-Bullying Week is 11 to 15 November. If your child is worried please speak to us."
    view = TextView("quoted", footer)
    found = understand(MATCHER, subject="", own_text="Lovely socks!", readable=(view,))
    assert found.labels == {"classroom"}


@pytest.mark.parametrize("kind", ["plain", "html", "hidden", "attached", "raw"])
def test_a_disclosure_in_any_readable_text_is_a_safeguarding_concern(kind):
    view = TextView(kind, "She has been cutting her arms and says she wants to die.")
    found = understand(MATCHER, subject="PE kit", own_text="Is it PE today?", readable=(view,))
    assert "safeguarding" in found.labels


def test_the_subject_of_an_answer_is_not_the_authors_word():
    assert labels("Great, thank you!", "Re: Absence on 3 May") == {"classroom"}
    assert labels("He has a cold.", "Absence") == {"attendance"}


def test_a_word_of_another_language_is_not_heard_in_english():
    assert labels("Our dog died and he is sad.") == {"classroom"}


def test_a_plan_for_today_is_urgent_in_the_school_day_and_not_in_the_evening():
    text = "Grandad is picking Mia up today instead of me."
    for sent, urgent in (
        (None, True),
        (WEDNESDAY_NOON, True),
        (WEDNESDAY_NOON.replace(hour=20), False),
        (date(2025, 3, 15), False),  # a Saturday
    ):
        assert understand(MATCHER, subject="", own_text=text, sent=sent).urgent is urgent


def test_a_robot_asks_for_nothing():
    text = "This is an automated message, do not reply. 6 pupils have been absent for 7 days."
    assert labels(text) == {"automatic"}


def test_an_allegation_about_staff_is_a_safeguarding_matter_too():
    found = understand(
        MATCHER, subject="", own_text="The supply teacher grabbed him by the arm and shook him."
    )
    assert "allegation" in found.extra
    assert "safeguarding" in found.labels


@given(subject=st.text(max_size=80), body=st.text(max_size=400))
def test_any_text_is_understood_and_its_evidence_is_in_it(subject, body):
    whole = f"{subject}\n{body}"
    found = understand(MATCHER, subject=subject, own_text=body)
    assert found.labels
    for one in found.evidence:
        assert whole[one.start : one.end] == one.text


def test_evidence_points_at_the_words_that_decided():
    found = understand(MATCHER, subject="Sam", own_text="Sam won't be in today.")
    assert ("attendance", "won't be in") in {(one.label, one.text) for one in found.evidence}
