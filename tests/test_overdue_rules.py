"""When is the reader told that an answer is late, and when the office?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import SchoolCalendar
from rules.overdue import morning_after, office_told_at, reader_told_at
from rules.policy import Booking, ClosedDays, Hours, Leave, Span

LONDON = ZoneInfo("Europe/London")
DAY = (Span(time(8), time(17)),)
WINDOWS = (Span(time(8), time(8, 30)), Span(time(15, 30), time(17)))


def week(spans):
    return (spans,) * 5 + ((), ())


def calendar(*closed, bookings=(), leave=()):
    hours = Hours(week(DAY), week(WINDOWS), week(DAY), closed, bookings=bookings, leave=leave)
    return SchoolCalendar(hours, LONDON)


def on(day, hour, minute=0, month=11, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)


SNOW = ClosedDays(date(2026, 11, 26), date(2026, 11, 26), "snow")


@pytest.mark.parametrize(
    ("due", "reader", "office"),
    [
        # At the end of a window: the next one tells the reader, and its end the office.
        (on(25, 8, 30), on(25, 15, 30), on(26, 8)),
        (on(24, 17), on(25, 8), on(26, 8)),
        # Inside a window: told in it still, but the further window is the one after it.
        (on(24, 15, 45), on(24, 15, 45), on(26, 8)),
        (on(24, 16, 55), on(25, 8), on(26, 8)),
        # Over the weekend: Monday morning's window, then the office on Tuesday.
        (on(27, 17), on(30, 8), on(1, 8, month=12)),
    ],
)
def test_the_reader_is_told_at_the_next_cut_and_the_office_a_window_later(due, reader, office):
    school = calendar()
    assert reader_told_at(school, due) == reader
    assert office_told_at(school, school, due) == office


def test_a_day_that_is_closed_moves_both():
    school = calendar(SNOW)
    assert reader_told_at(school, on(25, 17)) == on(27, 8)
    assert office_told_at(school, school, on(25, 17)) == on(30, 8)


def test_a_readers_training_moves_both_and_nobody_elses():
    school = calendar(
        bookings=(Booking(Span(time(8), time(8, 30)), "choir", weekday=2, staff="ash"),)
    )
    ash, birch = school.narrowed("ash"), school.narrowed("birch")
    assert reader_told_at(ash, on(24, 17)) == on(25, 15, 30)
    assert office_told_at(ash, school, on(24, 17)) == on(26, 8)
    assert reader_told_at(birch, on(24, 17)) == on(25, 8)


@pytest.mark.parametrize(
    ("due", "reader", "office"),
    [
        # The clocks go back on 25 October 2026 and 31 October 2027, forward on 28 March 2027.
        (on(23, 17, month=10), on(26, 8, month=10), on(27, 8, month=10)),
        (on(26, 17, month=3, year=2027), on(29, 8, month=3, year=2027), on(30, 8, 0, 3, 2027)),
        (on(29, 17, month=10, year=2027), on(1, 8, 0, 11, 2027), on(2, 8, 0, 11, 2027)),
    ],
)
def test_a_change_of_the_clocks_moves_no_opening(due, reader, office):
    school = calendar()
    assert reader_told_at(school, due) == reader
    assert office_told_at(school, school, due) == office
    assert reader.astimezone(LONDON).hour == office.astimezone(LONDON).hour == 8


def test_without_a_reader_the_office_is_told_the_next_morning():
    school = calendar()
    assert office_told_at(None, school, on(24, 17)) == on(25, 8)


def test_a_reader_who_reads_no_more_is_not_waited_for():
    school = calendar(leave=(Leave("ash", date(2026, 11, 1), date(2030, 1, 1)),))
    ash = school.narrowed("ash")
    assert reader_told_at(ash, on(24, 17)) is None
    assert office_told_at(ash, school, on(24, 17)) == on(25, 8)


def test_a_school_whose_office_never_opens_is_told_at_once():
    school = SchoolCalendar(Hours(week(DAY), week(WINDOWS), ((),) * 7), LONDON)
    assert morning_after(school, on(24, 17)) == on(24, 17)


@given(
    due=st.timedeltas(timedelta(0), timedelta(days=450)).map(
        lambda since: datetime(2026, 9, 1, tzinfo=UTC) + since
    )
)
def test_the_office_never_hears_before_the_reader_had_a_whole_window(due):
    school = calendar(SNOW)
    told, office = reader_told_at(school, due), office_told_at(school, school, due)
    assert due <= told < office
    assert school.window_at(told) is not None
    assert school.office_open(office)
    whole = [one for one in school.windows_from(due) if one.opens >= due and one.closes <= office]
    assert whole
    assert office - due < timedelta(days=8)
