"""A teacher's own days, leave, bookings and cover narrow the hours, and never widen them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gateway.config.policyfile import load_policy
from rules.calendar import NoReadingTime, SchoolCalendar
from rules.people import Cover, SchoolClass, Staff
from rules.policy import Booking, Hours, Leave, Promise, Span, StaffWeek
from rules.readers import reader_for
from rules.walltime import Window

POLICIES = [
    load_policy(path)
    for path in sorted((Path(__file__).parent / "data" / "policies").glob("*.toml"))
]
CHANGES = [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]
CHANGES += [date(2026, 4, 5), date(2026, 11, 1), date(2027, 3, 14), date(2027, 10, 3)]

arrivals = st.builds(
    timedelta, seconds=st.integers(0, 2 * 365 * 86_400), microseconds=st.integers(0, 999_999)
).map(lambda passed: datetime(2026, 1, 1, tzinfo=UTC) + passed)
days = st.one_of(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.sampled_from(CHANGES))
staff = st.sampled_from(["t1", "t2"])


@st.composite
def spans(draw: st.DrawFn) -> Span:
    opens, closes = sorted(
        draw(st.lists(st.integers(0, 1_439), min_size=2, max_size=2, unique=True))
    )
    return Span(time(opens // 60, opens % 60), time(closes // 60, closes % 60))


weeks = st.lists(st.lists(spans(), max_size=1).map(tuple), min_size=7, max_size=7).map(tuple)
dates = st.tuples(days, st.integers(0, 30)).map(lambda d: (d[0], d[0] + timedelta(days=d[1])))
staff_weeks = st.builds(StaffWeek, staff, weeks, st.none() | days, st.none() | days)
leaves = st.builds(lambda who, on: Leave(who, *on), staff, dates)
bookings = st.builds(
    Booking,
    span=spans(),
    why=st.just("training"),
    on=st.none() | days,
    weekday=st.none() | st.integers(0, 6),
    staff=staff | st.none(),
)


def upto(many: st.SearchStrategy, size: int) -> st.SearchStrategy:
    return st.lists(many, max_size=size).map(tuple)


NIGHT = (Span(time(0, 30), time(3, 30)), Span(time(8), time(9)))
SUNDAYS_TOO = Hours(((Span(time(0), time(23, 59)),),) * 7, (NIGHT,) * 7, ((),) * 7)
promises = st.one_of(
    st.builds(
        Promise,
        clock=st.just("working_day"),
        days=st.integers(1, 5),
        acknowledge_hours=st.none() | st.integers(1, 96),
    ),
    st.builds(
        Promise,
        clock=st.just("elapsed"),
        hours=st.integers(1, 72),
        acknowledge_hours=st.none() | st.integers(1, 96),
    ),
)
calendars = st.builds(
    lambda policy, within: SchoolCalendar(policy.hours, ZoneInfo(policy.zone), within),
    st.sampled_from([*POLICIES, *(replace(policy, hours=SUNDAYS_TOO) for policy in POLICIES)]),
    promises,
)


@st.composite
def teachers(draw: st.DrawFn) -> tuple[SchoolCalendar, SchoolCalendar]:
    """A school's calendar, and the calendar of one of its teachers."""
    school = draw(calendars)
    hours = replace(
        school.hours,
        staff_weeks=school.hours.staff_weeks + draw(upto(staff_weeks, 2)),
        leave=school.hours.leave + draw(upto(leaves, 2)),
        bookings=school.hours.bookings + draw(upto(bookings, 2)),
    )
    school = replace(school, hours=hours)
    teacher = school.narrowed("t1", draw(upto(bookings, 2)))
    if draw(st.booleans()):
        teacher = teacher.between(*draw(dates))
    return school, teacher


def inside(windows: tuple[Window, ...], bounds: tuple[Window, ...]) -> bool:
    return all(any(b.opens <= w.opens and w.closes <= b.closes for b in bounds) for w in windows)


@given(teachers(), days)
def test_no_days_leave_booking_or_cover_ever_widens_the_hours(both, on):
    school, teacher = both
    for number in range(8):
        day = on + timedelta(days=number)
        assert inside(teacher.day(day).windows, school.day(day).windows)
        assert inside(school.day(day).windows, school.day(day).working)
        assert teacher.day(day).working == school.day(day).working
        assert teacher.day(day).office == school.day(day).office


@given(teachers(), arrivals)
def test_a_promise_of_one_teacher_lies_in_that_teachers_windows(both, arrived):
    _school, teacher = both
    try:
        promise = teacher.promise(arrived)
    except NoReadingTime:
        return
    assert arrived <= promise.reads_at <= promise.due
    assert teacher.may_deliver(promise.reads_at)
    for instant in (promise.due, promise.acknowledge_by or promise.due):
        closing = instant - timedelta(microseconds=1)  # the end of a window is a promise too
        assert teacher.window_at(instant) or teacher.window_at(closing)
    assert promise.acknowledge_by is None or (
        promise.reads_at <= promise.acknowledge_by <= promise.due
    )
    assert promise.breach == (promise.due > promise.limit)


@given(teachers(), arrivals, st.timedeltas(timedelta(0), timedelta(days=8)))
def test_mail_that_arrives_later_is_never_promised_earlier_by_the_same_teacher(
    both, arrived, later
):
    _school, teacher = both
    try:
        first, second = teacher.promise(arrived), teacher.promise(arrived + later)
    except NoReadingTime:
        return
    assert first.reads_at <= second.reads_at
    assert first.due <= second.due
    if first.acknowledge_by is not None and second.acknowledge_by is not None:
        assert first.acknowledge_by <= second.acknowledge_by


@settings(max_examples=60)
@given(calendars, st.lists(arrivals, min_size=1, max_size=12), upto(leaves, 2), dates)
def test_a_class_is_read_by_whoever_is_soonest_and_never_outside_their_hours(
    school, trace, away, covered
):
    hours = replace(school.hours, leave=away)
    school = replace(school, hours=hours)
    one, other, third = (Staff(name, name, name) for name in ("t1", "t2", "t3"))
    room = SchoolClass("3b", "3B", "3b@class.example", (one, other), (Cover(third, *covered),))
    for arrived in trace:
        reader = reader_for(room, school.narrowed, arrived)
        assume(reader is not None)
        given_at = reader.calendar.next_reading_time(arrived)
        assert school.narrowed(reader.staff.staff_id).may_deliver(given_at)
        if reader.staff == third:
            assert covered[0] <= given_at.astimezone(school.zone).date() <= covered[1]
        for teacher in room.teachers:
            assert given_at <= school.narrowed(teacher.staff_id).next_reading_time(arrived)


def test_a_span_cut_short_in_the_hour_that_happens_twice_stays_in_its_own_pass():
    night = ((Span(time(1), time(2)),),) * 7
    hours = Hours(night, night, night, bookings=(Booking(Span(time(1, 30), time(2)), "quiet"),))
    calendar = SchoolCalendar(hours, ZoneInfo("Europe/London"))
    assert inside(
        calendar.day(date(2026, 10, 25)).windows,
        replace(calendar, hours=replace(hours, bookings=())).day(date(2026, 10, 25)).windows,
    )


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.version)
def test_whoever_has_no_hours_of_their_own_shares_the_schools(policy):
    school = SchoolCalendar.of(policy)
    assert school.narrowed("nobody@oakfield.example") is school
    assert school.between(date(2026, 1, 5), date(2026, 1, 6)) is school.between(
        date(2026, 1, 5), date(2026, 1, 6)
    )
