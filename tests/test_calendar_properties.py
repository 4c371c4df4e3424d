"""What must hold for any message at any time of two years, and on both changes of the clock."""

import time as system_time
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.config.policyfile import load_policy
from gateway.resources import resource_path
from rules.calendar import SchoolCalendar
from rules.policy import Booking, Hours, Promise, Span

LONDON = ZoneInfo("Europe/London")
POLICY = load_policy(resource_path("templates", "init", "policy.toml"))
SUNDAYS = [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]

arrivals = st.builds(
    timedelta, seconds=st.integers(0, 2 * 365 * 86_400), microseconds=st.integers(0, 999_999)
).map(lambda passed: datetime(2026, 1, 1, tzinfo=UTC) + passed)
promises = st.one_of(
    st.builds(Promise, clock=st.just("working_day"), days=st.integers(1, 3)),
    st.builds(Promise, clock=st.just("elapsed"), hours=st.integers(1, 72)),
)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    opens, closes = sorted(
        draw(st.lists(st.integers(0, 1_439), min_size=2, max_size=2, unique=True))
    )
    return Span(time(opens // 60, opens % 60), time(closes // 60, closes % 60))


bookings = st.lists(
    st.builds(
        Booking,
        span=spans(),
        why=st.just("quiet time"),
        weekday=st.integers(0, 6),
        staff=st.sampled_from(["t1", "t2", None]),
    ),
    max_size=4,
).map(tuple)

# The school's own hours, and hours that meet the changed hour on a Sunday night.
NIGHT = ((Span(time(0, 30), time(1, 30)), Span(time(1, 30), time(2, 30)), Span(time(8), time(9))),)
ALL_DAY = ((Span(time(0), time(23, 59)),),) * 7
calendars = st.builds(
    SchoolCalendar,
    st.sampled_from([POLICY.hours, Hours(ALL_DAY, NIGHT * 7, ALL_DAY)]),
    st.sampled_from([LONDON, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")]),
    promises,
)


def ends_by_the_clock(calendar: SchoolCalendar, instant: datetime) -> bool:
    local = instant.astimezone(calendar.zone)
    return any(s.opens <= local.time() < s.closes for s in calendar.hours.windows[local.weekday()])


@given(calendars, arrivals, bookings)
def test_a_teacher_is_given_mail_only_in_reading_hours_by_the_clock_on_the_wall(
    calendar, arrived, quiet
):
    teacher = calendar.narrowed("t1", quiet)
    cut = teacher.next_reading_time(arrived) if list(teacher.windows_from(arrived)) else None
    if cut is not None:
        assert cut >= arrived
        assert teacher.may_deliver(cut)
        assert ends_by_the_clock(calendar, cut)


@given(calendars, arrivals)
def test_a_promise_is_never_before_the_reading_and_never_outside_a_window(calendar, arrived):
    promise = calendar.promise(arrived)
    assert promise.due >= promise.reads_at
    closing = promise.due - timedelta(microseconds=1)  # the end of a window is a promise too
    assert calendar.window_at(promise.due) or calendar.window_at(closing)
    assert promise.breach == (promise.due > promise.limit)


@given(calendars, arrivals, st.timedeltas(timedelta(0), timedelta(days=4)))
def test_mail_that_arrives_later_is_never_promised_earlier(calendar, arrived, later):
    first, second = calendar.promise(arrived), calendar.promise(arrived + later)
    assert first.reads_at <= second.reads_at
    assert first.due <= second.due


@given(
    calendars,
    st.sampled_from(SUNDAYS),
    st.integers(-3 * 3_600, 4 * 3_600),
    st.integers(0, 7_200),
)
def test_and_not_around_a_change_of_the_clock_either(calendar, sunday, seconds, later):
    around = datetime.combine(sunday, time(1), UTC) + timedelta(seconds=seconds)
    first = calendar.promise(around)
    second = calendar.promise(around + timedelta(seconds=later))
    assert first.reads_at <= second.reads_at
    assert first.due <= second.due


def test_the_second_pass_of_the_repeated_hour_is_not_due_before_the_first():
    calendar = SchoolCalendar(Hours(ALL_DAY, NIGHT * 7, ALL_DAY), LONDON)
    first = calendar.promise(datetime(2026, 10, 25, 0, 20, tzinfo=UTC))  # 1.20am summer time
    second = calendar.promise(datetime(2026, 10, 25, 1, 10, tzinfo=UTC))  # 1.10am winter time
    assert first.due <= second.due


@settings(max_examples=60)
@given(calendars, arrivals, bookings)
def test_a_teachers_own_quiet_time_never_widens_the_schools_windows(calendar, instant, quiet):
    teacher = calendar.narrowed("t1", quiet)
    for number in range(14):
        on = (instant + timedelta(days=number)).date()
        school = calendar.day(on).windows
        for window in teacher.day(on).windows:
            assert any(w.opens <= window.opens and window.closes <= w.closes for w in school)


@pytest.fixture(params=["UTC", "Europe/London", "America/New_York", "Asia/Kolkata"])
def zone_of_the_machine(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", request.param)
        system_time.tzset()
        yield request.param
    system_time.tzset()


@pytest.mark.parametrize("sunday", SUNDAYS)
@pytest.mark.parametrize(
    "span",
    [("00:30", "02:30"), ("00:30", "01:30"), ("01:10", "01:40"), ("01:00", "02:00"),
     ("01:30", "02:30"), ("02:00", "02:30"), ("08:00", "08:30")],
)  # fmt: skip
def test_a_window_opens_at_most_once_when_the_clocks_change(span, sunday, zone_of_the_machine):
    opens, closes = (time.fromisoformat(text) for text in span)
    week = ((Span(opens, closes),),) * 7
    calendar = SchoolCalendar(replace(POLICY.hours, windows=week, working=week, closed=()), LONDON)
    (window,) = calendar.day(sunday).windows or (None,)
    if window is None:
        assert sunday.month == 3  # the clock skips all of it
        assert time(1) <= opens < closes <= time(2)
        return
    instant = window.opens
    while instant < window.closes:
        assert opens <= instant.astimezone(LONDON).time() < closes
        instant += timedelta(minutes=1)


def test_windows_keep_their_printed_hours_when_the_clocks_change():
    calendar = SchoolCalendar.of(POLICY)
    friday = calendar.next_cut(datetime(2026, 3, 27, 9, tzinfo=UTC))
    monday = calendar.next_cut(datetime(2026, 3, 30, 9, tzinfo=UTC))
    assert (friday.hour, monday.hour) == (15, 14)  # 3.30pm on the wall, both days
