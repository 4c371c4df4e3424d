"""What changes the hours besides the policy file only ever takes time out of the windows."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import SchoolCalendar
from rules.hours_entry import HoursEntry, entry_words, hours_with
from rules.policy import Leave, Span, StaffWeek
from tests.policy_world import HOURS, LONDON, POLICY

ASH, BIRCH = "a.ash@oakfield.example", "b.birch@oakfield.example"
MONDAY = date(2026, 11, 23)
SCHOOL = SchoolCalendar.of(POLICY)


def with_entries(*entries):
    return replace(SCHOOL, hours=hours_with(HOURS, entries))


def works(calendar, staff, first, days=7):
    """Return the dates on which somebody has windows."""
    own = calendar.narrowed(staff)
    dates = (first + timedelta(days=number) for number in range(days))
    return [on.strftime("%a") for on in dates if own.day(on).windows]


def days_entry(weekday, first=MONDAY, last=None, change="1"):
    return HoursEntry("days", first, last, ASH, weekday=weekday, change=change)


def test_a_closed_day_says_why_and_an_early_one_ends_at_its_time():
    calendar = with_entries(
        HoursEntry("closed", MONDAY, MONDAY, why="snow"),
        HoursEntry("early", date(2026, 11, 24), date(2026, 11, 25), closes=time(13, 15)),
    )
    assert calendar.day(MONDAY).why_shut == "snow"
    for day in (24, 25):
        [window] = calendar.day(date(2026, 11, day)).windows
        assert window.closes.astimezone(LONDON).time() == time(8, 30)


def test_the_days_of_one_change_together_are_one_week():
    calendar = with_entries(days_entry(0), days_entry(2))
    assert works(calendar, ASH, MONDAY) == ["Mon", "Wed"]
    assert works(calendar, BIRCH, MONDAY) == ["Mon", "Tue", "Wed", "Thu", "Fri"]


def test_newer_working_days_take_the_place_of_older_ones_on_their_dates():
    old = StaffWeek(ASH, tuple((Span(time(8), time(17)),) if d < 2 else () for d in range(7)))
    hours = hours_with(
        replace(HOURS, staff_weeks=(old,)),
        [days_entry(4, date(2026, 11, 30), date(2026, 12, 6))],
    )
    calendar = replace(SCHOOL, hours=hours)
    assert works(calendar, ASH, MONDAY) == ["Mon", "Tue"]
    assert works(calendar, ASH, date(2026, 11, 30)) == ["Fri"]
    assert works(calendar, ASH, date(2026, 12, 7)) == ["Mon", "Tue"]


def test_leave_names_its_cover_and_gives_no_reason_in_words():
    entry = HoursEntry("leave", MONDAY, MONDAY, ASH, BIRCH, why="an operation")
    assert hours_with(HOURS, [entry]).leave == (Leave(ASH, MONDAY, MONDAY, "leave", BIRCH),)
    words = entry_words(entry, "Ms Ash", "Mr Birch")
    assert words == "Ms Ash is away on Monday 23 November. Mr Birch reads for their classes."


DATES = st.dates(date(2026, 11, 1), date(2027, 4, 30))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0))


@st.composite
def any_entry(draw):
    kind = draw(st.sampled_from(["closed", "early", "training", "quiet", "leave"]))
    first = draw(DATES)
    last = first + timedelta(days=draw(st.integers(0, 20)))
    if kind in ("training", "quiet") and draw(st.booleans()):
        last = None
    opens, closes = sorted([draw(TIMES), draw(TIMES)])
    if opens == closes:
        opens, closes = None, None
    if kind == "early":
        opens, closes = None, closes or time(12)
    staff = draw(st.sampled_from([None, ASH]))
    staff = ASH if kind == "leave" else None if kind in ("closed", "early") else staff
    weekday = draw(st.sampled_from([None, 0, 2, 4])) if kind in ("training", "quiet") else None
    return HoursEntry(kind, first, last, staff, None, weekday, opens, closes)


@given(st.lists(any_entry(), max_size=6), DATES)
def test_no_line_and_no_file_ever_widens_the_hours_of_anybody(entries, on):
    changed = with_entries(*entries)
    for staff in (ASH, BIRCH):
        before = SCHOOL.narrowed(staff).day(on).windows
        for window in changed.narrowed(staff).day(on).windows:
            assert any(b.opens <= window.opens and window.closes <= b.closes for b in before)


@given(st.lists(any_entry(), max_size=6), DATES, TIMES)
def test_what_waits_is_never_read_sooner_because_of_a_change(entries, on, at):
    arrived = datetime.combine(on, at, LONDON)
    changed = with_entries(*entries)
    first = next(iter(changed.narrowed(ASH).windows_from(arrived)), None)
    before = next(iter(SCHOOL.narrowed(ASH).windows_from(arrived)))
    assert first is None or first.opens >= before.opens
