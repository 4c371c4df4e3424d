"""Which day people mean, and which words say none."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.days import day_in_words
from rules.subjects import base_subject
from rules.wording import day_words

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("until Monday", date(2026, 11, 30)),
        ("Fri", date(2026, 11, 27)),
        ("fri.", date(2026, 11, 27)),
        ("Tuesday", date(2026, 12, 1)),
        ("26 Nov", date(2026, 11, 26)),
        ("Show it again on Thursday 26 November", date(2026, 11, 26)),
        ("Re: Show it again on Friday 4 December", date(2026, 12, 4)),
        ("today", TUESDAY),
        ("tomorrow, please", date(2026, 11, 25)),
        ("26/11", date(2026, 11, 26)),
        ("26.11.", date(2026, 11, 26)),
        ("26/11/2026", date(2026, 11, 26)),
        ("2026-11-26", date(2026, 11, 26)),
        ("Nov 26th", date(2026, 11, 26)),
        ("26th of November", date(2026, 11, 26)),
        ("1 Jan", date(2027, 1, 1)),
        ("in 3 days", date(2026, 11, 27)),
        ("in a week", date(2026, 12, 1)),
    ],
)
def test_a_day_is_understood_however_it_is_written(text, day):
    assert day_in_words(text, TUESDAY) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "next Friday",
        "Thursday 27 November",
        "Monday or Friday",
        "mon tue",
        "after half term",
        "31 February",
        "until 5",
        "Miss Khan",
        "in 3 months",
        "x" * 1_000_000,
        "26 Nov " * 100_000,
    ],
)
def test_what_is_not_one_day_is_never_guessed(text):
    assert day_in_words(text, TUESDAY) is None


def test_todays_name_means_today_only_where_it_is_said_to_count():
    assert day_in_words("Tuesday", TUESDAY, today_counts=True) == TUESDAY


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.dates(date(2026, 1, 1), date(2027, 1, 1)))
def test_a_date_as_we_write_it_is_that_date_or_none(day, today):
    found = day_in_words(day_words(day), today)
    assert found is None or (found.month, found.day) == (day.month, day.day)
    assert day_in_words(day.isoformat(), today) == day


@given(st.text(max_size=200))
def test_no_text_stops_the_reader_of_days(text):
    day_in_words(text, TUESDAY)
    base_subject(text)


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("Re: PE kit", "pe kit"),
        ("RE[2]: Fwd: [3B] PE  Kit (fwd)", "pe kit"),
        ("AW: Fwd: Trip", "trip"),
        ("Odp: Wycieczka", "wycieczka"),
        ("Re:", ""),
        ("  ", ""),
        ("[only]", "[only]"),
    ],
)
def test_answers_and_forwards_have_the_subject_they_began_with(subject, base):
    assert base_subject(subject) == base
