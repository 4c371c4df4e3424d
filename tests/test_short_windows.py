"""A window in which nobody could read is none: for cuts, promises, refusals and sending alike."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.config.policyfile import load_policy
from gateway.resources import resource_path
from rules.calendar import NoReadingTime, SchoolCalendar
from rules.narrowing import SHORTEST_WINDOW
from rules.policy import Booking, EarlyClosing, Span, StaffWeek
from tests.hours_talk import AMINA, HOURS, KHAN, LONDON, ROOM, on, reads_on, signed, talking
from tests.installation import OFFICE

POLICY = load_policy(resource_path("templates", "init", "policy.toml"))
TUESDAY = date(2026, 11, 24)
MORNING, AFTERNOON = Span(time(8), time(8, 30)), Span(time(15, 30), time(17))
QUESTION = "Which book should Ben bring?"


def windows(calendar: SchoolCalendar) -> list[str]:
    return [
        f"{one.opens.astimezone(LONDON):%H:%M}-{one.closes.astimezone(LONDON):%H:%M}"
        for one in calendar.day(TUESDAY).windows
    ]


def with_hours(**changes: object) -> SchoolCalendar:
    return SchoolCalendar(replace(POLICY.hours, **changes), LONDON, POLICY.promise)  # type: ignore[arg-type]  # the names are checked by `replace`


@pytest.mark.parametrize(
    ("closes", "left"),
    [
        (time(15, 34), ["08:00-08:30"]),
        (time(15, 35), ["08:00-08:30", "15:30-15:35"]),
        (time(8, 4, 59), []),
        (time(8, 5), ["08:00-08:05"]),
    ],
)
def test_early_closing_leaves_no_window_shorter_than_five_minutes(closes, left):
    assert windows(with_hours(early=(EarlyClosing(TUESDAY, closes),))) == left


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        (Span(time(15, 31), time(17)), ["08:00-08:30"]),
        (Span(time(15, 30), time(16, 56)), ["08:00-08:30"]),
        (Span(time(15, 30), time(16, 55)), ["08:00-08:30", "16:55-17:00"]),
        (Span(time(8, 4), time(16)), ["16:00-17:00"]),
        (Span(time(15, 33), time(16)), ["08:00-08:30", "16:00-17:00"]),
    ],
)
def test_a_booking_leaves_no_window_shorter_than_five_minutes(taken, left):
    assert windows(with_hours(bookings=(Booking(taken, "training", on=TUESDAY),))) == left


def test_working_days_leave_no_window_shorter_than_five_minutes():
    short = ((Span(time(8, 27), time(15, 40)),),) * 7
    calendar = with_hours(staff_weeks=(StaffWeek(KHAN, short),))
    assert windows(calendar.narrowed(KHAN)) == ["15:30-15:40"]


minutes = st.integers(0, 1_438)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(minutes, st.integers(1, 600), st.integers(0, 6)), max_size=6),
    st.integers(0, 365 * 86_400),
    st.sampled_from([LONDON, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")]),
)
def test_every_promised_reading_lies_in_a_window_long_enough_to_read_in(taken, seconds, zone):
    def clock(minute: int) -> time:
        return time(*divmod(min(minute, 1_439), 60))

    bookings = tuple(
        Booking(Span(clock(first), clock(first + long)), "training", weekday=weekday)
        for first, long, weekday in taken
    )
    calendar = SchoolCalendar(replace(POLICY.hours, bookings=bookings), zone, POLICY.promise)
    arrived = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    try:
        promise = calendar.promise(arrived)
    except NoReadingTime:
        return
    window = calendar.window_at(promise.reads_at)
    assert window is not None
    assert window.closes - window.opens >= SHORTEST_WINDOW
    assert calendar.may_deliver(promise.reads_at, SHORTEST_WINDOW)


@pytest.mark.parametrize(
    "line", ["quiet 15:30-16:59 today", "quiet 15:31-17:00 today", "quiet 15:30-16:57 today"]
)
def test_a_parent_is_promised_the_window_in_which_the_message_is_given(tmp_path, line):
    with talking(tmp_path, on(24, 9), speed=0) as talk:
        talk.write(KHAN, HOURS, line)
        talk.write(AMINA, ROOM, QUESTION, subject="Reading book")
        assert "8am tomorrow" in talk.mail_for(AMINA)[0].text
        talk.at(on(26, 9))
        given_at = min(mail.at for mail in talk.mail_for(KHAN) if QUESTION in mail.text)
        assert on(25, 8) <= given_at < on(25, 8, 5)


def test_hours_in_which_a_teacher_could_never_read_are_refused(tmp_path):
    with talking(tmp_path, on(24, 9), speed=0) as talk:
        talk.write(KHAN, HOURS, "quiet 8:01-8:30 every day")
        talk.write(KHAN, HOURS, "quiet 15:31-17:00 every day")
        talk.write(AMINA, ROOM, QUESTION, subject="Reading book")
        talk.at(on(24, 18))
        told = [mail.text for mail in talk.mail_for(KHAN)]
        assert any("no reading hours at all" in text for text in told)
        assert any(QUESTION in text for text in told)


def test_a_change_that_leaves_no_hours_with_one_made_meanwhile_is_refused(tmp_path):
    with talking(tmp_path, on(24, 9), speed=0) as talk:
        talk.write(OFFICE, HOURS, "training 8:00-8:30 every day")
        first = signed(talk.mail_for(OFFICE)[-1])
        talk.write(OFFICE, HOURS, "training 15:30-17:00 every day")
        second = signed(talk.mail_for(OFFICE)[-1])
        talk.write(OFFICE, first, "")
        assert "This is in force now" in talk.mail_for(OFFICE)[-1].text
        talk.write(OFFICE, second, "")
        refusal = talk.mail_for(OFFICE)[-1]
        assert "Nothing has changed" in refusal.text
        assert "no reading hours at all" in refusal.text
        assert len(reads_on(talk, 25)) == 1
