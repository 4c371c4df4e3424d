"""Which line of a mail about the hours is meant, and what else the mail may hold."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.hours_letter import line_in, says_more
from rules.hours_line import NotUnderstood, read_line

TUESDAY = datetime(2026, 11, 24, 6, 40, tzinfo=ZoneInfo("Europe/London"))


def test_the_line_is_the_first_of_the_writers_words_or_the_subject():
    assert line_in("\nHello,\n\nclosed today\nMiss Price", "x") == "closed today"
    assert line_in(" \n", "closed today") == "closed today"


@pytest.mark.parametrize(
    "greeting", ["Hi", "Hello all,", "Dear office team", "Dear Mrs Osei,", "Good morning!"]
)
def test_a_greeting_alone_is_passed_over(greeting):
    assert line_in(f"{greeting}\nclosed today", "x") == "closed today"


@pytest.mark.parametrize(
    "text",
    [
        "Hi, please do not do this\nquiet today",
        "Hello, I no longer need this\nquiet today",
        "Dear office, forget what I asked\nleave tomorrow",
        "Hi, please ignore this\nquiet today",
    ],
)
def test_what_only_begins_like_a_greeting_is_the_line_and_is_refused(text):
    assert isinstance(read_line(line_in(text, ""), TUESDAY), NotUnderstood)


@pytest.mark.parametrize(
    "below",
    [
        "",
        "Miss Price",
        "Ada Price",
        "ada",
        "Thanks,\nAda",
        "Kind regards\nThe office\nOakfield Primary\nTel: 01234 567890",
        "Many thanks\n\nMrs Ada Price\nwww.oakfield.example",
        "Sent from my iPhone",
        "-- \nAda Price\nHead of everything, and of nothing",
        "This email is confidential and meant only for whom it is addressed to.",
    ],
)
def test_a_sign_off_below_the_line_says_nothing_more(below):
    assert not says_more(f"closed today\n{below}", "Ada Price")


@pytest.mark.parametrize(
    "below",
    [
        "Actually no, please ignore this.",
        "only if it snows",
        "or not?",
        "Thanks\nOnly if it snows",
        "cover a.ash@oakfield.example",
        "Ignore",
        "closed Thursday",
        "Kind regards\nThe office\nNot today",
    ],
)
def test_another_line_below_the_first_is_more_than_one_line(below):
    assert says_more(f"closed today\n{below}", "Ada Price")


def test_a_subject_is_the_line_when_the_mail_is_only_signed():
    assert line_in("Kind regards\nThe office", "closed tomorrow") == "closed tomorrow"
    assert not says_more("Kind regards\nThe office")


@given(st.text(max_size=300), st.text(max_size=30))
def test_any_mail_has_a_line_and_says_more_or_not(text, subject):
    line_in(text, subject)
    says_more(text, subject)
