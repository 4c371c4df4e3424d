"""Times as a parent reads them."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from rules.wording import clock_words, day_words, moment_words, span_words, when, when_dated

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 24, 9, 10, tzinfo=UTC)  # a Tuesday


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        ("2026-11-24 15:30", "3.30pm today"),
        ("2026-11-24 08:00", "8am today"),
        ("2026-11-24 12:00", "12 noon today"),
        ("2026-11-24 12:05", "12.05pm today"),
        ("2026-11-24 00:05", "12.05am today"),
        ("2026-11-25 08:30", "8.30am tomorrow"),
        ("2026-11-23 21:14", "9.14pm yesterday"),
        ("2026-11-22 21:14", "9.14pm on Sunday 22 November"),
        ("2026-11-26 08:00", "8am on Thursday 26 November"),
        ("2026-11-30 15:30", "3.30pm on Monday 30 November"),
        ("2027-01-04 17:00", "5pm on Monday 4 January 2027"),
        ("2026-11-25 00:00", "12 midnight at the start of Wednesday 25 November"),
    ],
)
def test_a_time_is_said_so_that_nobody_can_take_it_for_another(instant, words):
    assert when(at(instant), NOW, LONDON) == words


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        ("2026-11-24 15:30", "3.30pm today, Tuesday 24 November"),
        ("2026-11-25 08:30", "8.30am tomorrow, Wednesday 25 November"),
        ("2026-11-30 15:30", "3.30pm on Monday 30 November"),
        ("2026-11-25 00:00", "12 midnight at the start of Wednesday 25 November"),
    ],
)
def test_mail_that_may_be_opened_tomorrow_carries_the_date(instant, words):
    assert when_dated(at(instant), NOW, LONDON) == words


def test_today_is_the_schools_day_and_not_the_day_in_greenwich():
    just_after_midnight = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # 1 July in London
    assert when(at("2026-07-01 08:00"), just_after_midnight, LONDON) == "8am today"


def test_the_hour_that_happens_twice_names_its_zone():
    now = datetime(2026, 10, 25, 9, tzinfo=UTC)
    assert when(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), now, LONDON) == "1.30am BST today"
    assert when(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), now, LONDON) == "1.30am GMT today"


def test_the_small_words():
    assert clock_words(time(0)) == "12 midnight"
    assert span_words(time(8), time(8, 30)) == "8am to 8.30am"
    assert day_words(date(2026, 11, 30)) == "Monday 30 November"
    assert moment_words(at("2026-11-30 15:30"), LONDON) == "Monday 30 November, 3.30pm"
