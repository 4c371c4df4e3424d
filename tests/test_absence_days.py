"""The days in a parent's words: as written, and the dates only where one alone is meant."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.absence_dates import days_in
from rules.absence_times import times_in

TUESDAY = date(2026, 11, 24)


def november(*days):
    return tuple(date(2026, 11, day) for day in days)


def december(*days):
    return tuple(date(2026, 12, day) for day in days)


CERTAIN = [
    ("off Thu & Fri", november(26, 27)),
    ("away thurs and fri", november(26, 27)),
    ("back Monday", november(30)),
    ("this Friday", november(27)),
    ("today", november(24)),
    ("2day", november(24)),
    ("this afternoon", november(24)),
    ("tomorrow", november(25)),
    ("tomorow", november(25)),
    ("tmrw morning", november(25)),
    ("yesterday (23rd)", november(23)),
    ("3rd December", december(3)),
    ("3 Dec", december(3)),
    ("the 3rd of December", december(3)),
    ("December 3rd", december(3)),
    ("on 3/12", december(3)),
    ("on 03/12/2026", december(3)),
    ("on 3/12/26", december(3)),
    ("2026-12-03", december(3)),
    ("Thursday 26th", november(26)),
    ("Thursday 26 November", november(26)),
    ("Thursday the 3rd", december(3)),
    ("on 30/11 and 1/12", (date(2026, 11, 30), date(2026, 12, 1))),
    ("Thursday 17th and Friday 18th December", december(17, 18)),
    ("not today or tomorrow", november(24, 25)),
]
RANGES = [
    ("9th to 13th December", december(9, 13)),
    ("3-5 December", december(3, 5)),
    ("from Wednesday to Friday", november(25, 27)),
    ("Thu-Fri", november(26, 27)),
    ("1/12 - 3/12", december(1, 3)),
    ("9 December until 11 December", december(9, 11)),
]
OPEN = [
    "next Friday",  # two people mean two days
    "Tuesday",  # said on a Tuesday
    "Friday week",
    "every Friday",
    "six Wednesday afternoons",
    "the Monday",  # of which week?
    "Friday 26th November",  # is a Thursday
    "31/11",
    "today or tomorrow",
    "all week",
    "a couple of days",
    "the 48 hours rule",
]
NO_DAY = [
    "Sat sri akal ji",
    "mon fils",
    "he sat down and the sun came out",
    "her 4th birthday",
    "a temperature of 38.5",
    "Year 3",
    "may I ask",
    "5 or 6 lates",
    "",
]


@pytest.mark.parametrize(("words", "dates"), CERTAIN)
def test_a_day_that_can_only_be_one_has_its_date(words, dates):
    found = days_in(words, TUESDAY)
    assert tuple(one for day in found for one in day.dates) in (dates, dates * 2)
    assert not any(day.through for day in found)


@pytest.mark.parametrize(("words", "dates"), RANGES)
def test_a_range_has_its_first_and_last_date(words, dates):
    [found] = days_in(words, TUESDAY)
    assert (found.dates, found.through) == (dates, True)


@pytest.mark.parametrize("words", OPEN)
def test_a_day_that_could_be_two_keeps_its_words_and_gets_no_date(words):
    found = days_in(words, TUESDAY)
    assert found
    assert not any(one.dates for one in found)
    assert all(one.words in words for one in found)


@pytest.mark.parametrize("words", NO_DAY)
def test_what_is_no_day_is_none(words):
    assert days_in(words, TUESDAY) == ()


def test_of_what_was_the_last_such_day_is_meant():
    [found] = days_in("was off Friday", TUESDAY, past=True)
    assert found.dates == november(20)
    [found] = days_in("was off on the 16th", TUESDAY, past=True)
    assert found.dates == november(16)


@given(st.text(max_size=300), st.dates(date(2024, 1, 1), date(2030, 1, 1)))
def test_any_text_has_days_that_stand_in_it(text, sent):
    for found in days_in(text, sent):
        assert text[found.start : found.end] == found.words


TIMES = [
    ("collecting at 1.30", "leaves", time(13, 30)),
    ("pick her up at 11.20", "leaves", time(11, 20)),
    ("I'll fetch him at 2", "leaves", time(14)),
    ("need to take him out at 1pm", "leaves", time(13)),
    ("she needs to leave at 1.45", "leaves", time(13, 45)),
    ("getting him at half 1", "leaves", time(13, 30)),
    ("fetch him at 20 to", "leaves", None),
    ("will be late, about half 9", "arrives", time(9, 30)),
    ("be there by quarter past nine", "arrives", time(9, 15)),
    ("I'll bring him in by 10:45", "arrives", time(10, 45)),
    ("in by quarter to 10", "arrives", time(9, 45)),
    ("will bring her in after lunch", "arrives", None),
    ("he'll arrive at noon", "arrives", time(12)),
    ("dentist at 2", "appointment", time(14)),
    ("orthodontist 9.40", "appointment", time(9, 40)),
    ("I will collect her at 7", "leaves", None),  # in the morning or in the evening
]


@pytest.mark.parametrize(("words", "of", "at"), TIMES)
def test_a_time_says_what_happens_then_and_the_hour_that_fits_a_school(words, of, at):
    [found] = times_in(words)
    assert (found.of, found.at) == (of, at)
    assert found.words in words


@pytest.mark.parametrize(
    "words",
    [
        "up being sick since 4am",
        "temp of 38.5",
        "£2.50 for the trip",
        "our flight is at 5",
        "at 2 and",
    ],
)
def test_a_time_of_which_the_school_has_nothing_is_left_out(words):
    assert times_in(words) == ()


def test_an_appointment_and_the_time_to_leave_for_it_are_two_times():
    found = times_in("dentist at 2 so collecting at 1.30")
    assert [(one.of, one.at) for one in found] == [
        ("appointment", time(14)),
        ("leaves", time(13, 30)),
    ]
