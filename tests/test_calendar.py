"""When a message is read, and by when it is answered: the policy's own examples, dated."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from gateway.config.policyfile import load_policy
from gateway.resources import resource_path
from rules.calendar import NoReadingTime, SchoolCalendar
from rules.policy import Booking, ClosedDays, EarlyClosing, Promise, Span

LONDON = ZoneInfo("Europe/London")
POLICY = load_policy(resource_path("templates", "init", "policy.toml"))
SCHOOL = SchoolCalendar.of(POLICY)
AFTERNOON = Span(time(15, 30), time(17))
TRAINING = Booking(AFTERNOON, "staff training", on=date(2026, 11, 25))


def at(text: str) -> datetime:
    """Return a London wall-clock time as an instant; "~" marks the second of a repeated hour."""
    local = datetime.fromisoformat(text.rstrip("~")).replace(tzinfo=LONDON)
    return local.replace(fold=int(text.endswith("~"))).astimezone(UTC)


def with_hours(**changes: object) -> SchoolCalendar:
    return SchoolCalendar(replace(POLICY.hours, **changes), LONDON, POLICY.promise)  # type: ignore[arg-type]  # the names are checked by `replace`


TABLE = [
    # arrives, is read, is due
    ("2026-11-24 09:10", "2026-11-24 15:30", "2026-11-25 08:30"),
    ("2026-11-27 15:45", "2026-11-27 15:45", "2026-11-30 15:45"),
    ("2026-11-28 12:00", "2026-11-30 08:00", "2026-11-30 17:00"),
    ("2026-12-18 17:30", "2027-01-04 08:00", "2027-01-04 17:00"),
    ("2026-12-18 09:00", "2027-01-04 08:00", "2027-01-04 08:30"),  # last day, ends at 13.15
    ("2026-11-24 08:00", "2026-11-24 08:00", "2026-11-24 17:00"),
    ("2026-11-24 08:07", "2026-11-24 08:15", "2026-11-25 08:07"),
    ("2026-11-24 08:20:01", "2026-11-24 15:30", "2026-11-25 08:20:01"),
    ("2026-11-24 15:29:59", "2026-11-24 15:30", "2026-11-25 08:30"),
    ("2026-11-24 16:55", "2026-11-25 08:00", "2026-11-25 16:55"),
    ("2026-11-24 16:59:59", "2026-11-25 08:00", "2026-11-25 16:59:59"),
    ("2026-11-24 17:00", "2026-11-25 08:00", "2026-11-25 17:00"),
    ("2026-10-23 16:00", "2026-10-23 16:00", "2026-11-02 16:00"),  # half term, clocks go back
    ("2026-10-25 01:30", "2026-11-02 08:00", "2026-11-02 17:00"),
    ("2026-10-25 01:30~", "2026-11-02 08:00", "2026-11-02 17:00"),
    ("2026-03-27 15:45", "2026-03-27 15:45", "2026-03-30 15:45"),  # clocks go forward
    ("2026-03-29 12:00", "2026-03-30 08:00", "2026-03-30 17:00"),
    ("2027-03-25 08:10", "2027-03-25 08:15", "2027-04-12 08:10"),  # Easter
    ("2027-03-26 10:00", "2027-04-12 08:00", "2027-04-12 17:00"),
    ("2027-10-31 12:00", "2027-11-01 08:00", "2027-11-01 17:00"),
    ("2026-12-25 11:00", "2027-01-04 08:00", "2027-01-04 17:00"),  # Christmas Day
    ("2027-01-03 23:59:59", "2027-01-04 08:00", "2027-01-04 17:00"),
    ("2027-01-13 10:00", "2027-01-14 08:00", "2027-01-14 08:30"),  # training that afternoon
    ("2026-08-31 10:00", "2026-09-02 08:00", "2026-09-02 17:00"),  # then an INSET day
]


@pytest.mark.parametrize(("arrived", "reads_at", "due"), TABLE)
def test_a_message_is_read_in_the_next_window_and_due_a_working_day_later(arrived, reads_at, due):
    promise = SCHOOL.promise(at(arrived))
    assert (promise.reads_at, promise.due) == (at(reads_at), at(due))
    assert not promise.breach
    assert SCHOOL.next_reading_time(at(arrived)) == at(reads_at)


def test_staff_training_on_wednesday_moves_the_promise_to_thursday_morning():
    promise = with_hours(bookings=(TRAINING,)).promise(at("2026-11-25 10:00"))
    assert promise.reads_at == at("2026-11-26 08:00")
    assert promise.due == at("2026-11-26 08:30")
    assert "Wednesday 25 November 15.30-17.00 is staff training" in promise.facts


def test_weekly_training_takes_the_same_afternoon_every_week():
    weekly = with_hours(bookings=(Booking(AFTERNOON, "staff training", weekday=2),))
    assert weekly.next_cut(at("2026-12-02 10:00")) == at("2026-12-03 08:00")
    assert weekly.next_cut(at("2026-12-01 10:00")) == at("2026-12-01 15:30")


def test_one_teachers_training_does_not_move_another_teachers_promise():
    school = with_hours(bookings=(replace(TRAINING, staff="t1"),))
    wednesday = at("2026-11-25 10:00")
    assert school.narrowed("t1").next_cut(wednesday) == at("2026-11-26 08:00")
    assert school.narrowed("t2").next_cut(wednesday) == at("2026-11-25 15:30")
    assert school.next_cut(wednesday) == at("2026-11-25 15:30")


def test_a_booking_in_the_middle_of_a_window_leaves_both_ends_of_it():
    quiet = Booking(Span(time(16), time(16, 30)), "quiet time", weekday=1)
    teacher = SCHOOL.narrowed("t1", (quiet,))
    windows = list(teacher.day(date(2026, 11, 24)).windows)
    assert [(w.opens.time(), w.closes.time()) for w in windows[1:]] == [
        (time(15, 30), time(16)),
        (time(16, 30), time(17)),
    ]


def test_the_cuts_of_a_window_are_its_opening_each_quarter_and_ten_minutes_before_its_end():
    morning, afternoon = SCHOOL.day(date(2026, 11, 24)).windows
    shown = [f"{cut:%H:%M}" for cut in SCHOOL.cuts(morning)]
    assert shown == ["08:00", "08:15", "08:20"]
    shown = [f"{cut:%H:%M}" for cut in SCHOOL.cuts(afternoon)]
    assert shown == ["15:30", "15:45", "16:00", "16:15", "16:30", "16:45", "16:50"]


@pytest.mark.parametrize(
    ("instant", "working", "reading"),
    [
        ("2026-11-24 07:59:59", False, False),
        ("2026-11-24 08:00:00", True, True),
        ("2026-11-24 08:29:59", True, True),
        ("2026-11-24 08:30:00", True, False),
        ("2026-11-24 15:29:59", True, False),
        ("2026-11-24 16:59:59", True, True),
        ("2026-11-24 17:00:00", False, False),
        ("2026-11-28 16:00:00", False, False),
        ("2026-12-18 13:14:59", True, False),
        ("2026-12-18 13:15:00", False, False),
        ("2026-12-18 16:00:00", False, False),
    ],
)
def test_the_opening_instant_is_inside_and_the_closing_instant_outside(instant, working, reading):
    assert SCHOOL.is_working(at(instant)) is working
    assert SCHOOL.may_deliver(at(instant)) is reading
    assert (SCHOOL.window_at(at(instant)) is not None) is reading


def test_nothing_is_handed_over_that_could_not_be_finished_inside_the_window():
    minute = timedelta(minutes=1)
    assert SCHOOL.may_deliver(at("2026-11-24 16:59:00"), minute)
    assert not SCHOOL.may_deliver(at("2026-11-24 16:59:01"), minute)


def test_the_office_has_hours_of_its_own():
    assert SCHOOL.office_open(at("2026-11-24 12:00"))
    assert not SCHOOL.office_open(at("2026-11-24 16:45"))
    assert SCHOOL.next_office_opening(at("2026-11-27 16:45")) == at("2026-11-30 08:00")
    assert SCHOOL.next_office_opening(at("2026-11-24 12:00")) == at("2026-11-24 12:00")


def test_an_answer_written_outside_the_windows_leaves_at_the_next_opening():
    assert SCHOOL.next_opening(at("2026-11-24 21:00")) == at("2026-11-25 08:00")
    assert SCHOOL.next_opening(at("2026-11-24 16:55")) == at("2026-11-24 16:55")


@pytest.mark.parametrize(
    ("instant", "why"),
    [
        ("2026-11-24 12:00", ""),
        ("2026-11-24 19:00", "outside working hours"),
        ("2026-11-28 12:00", "the weekend"),
        ("2026-09-01 12:00", "INSET day"),
        ("2026-10-28 12:00", "Half term"),
        ("2027-03-26 12:00", "Good Friday"),
    ],
)
def test_each_kind_of_day_off_has_its_own_name(instant, why):
    assert SCHOOL.why_shut(at(instant)) == why


def test_an_early_closing_before_a_window_says_so_in_the_facts():
    school = with_hours(early=(EarlyClosing(date(2026, 11, 24), time(13), "heating failed"),))
    promise = school.promise(at("2026-11-24 10:00"))
    assert promise.reads_at == at("2026-11-25 08:00")
    assert "Tuesday 24 November ends at 1pm: heating failed" in promise.facts


def test_twenty_four_elapsed_hours_over_a_weekend_are_a_breach_that_is_said():
    school = SchoolCalendar(POLICY.hours, LONDON, Promise(clock="elapsed", hours=24))
    promise = school.promise(at("2026-11-28 12:00"))
    assert promise.limit == at("2026-11-29 12:00")
    assert promise.due == at("2026-11-30 08:30")
    assert promise.breach
    assert promise.facts[-1] == "no reading window allows an answer by the limit"


def test_a_school_that_never_opens_is_a_fault_of_its_policy():
    shut = with_hours(closed=(ClosedDays(date(2020, 1, 1), date(2040, 1, 1), "closed"),))
    with pytest.raises(NoReadingTime):
        shut.promise(at("2026-11-24 10:00"))
    assert shut.next_office_opening(at("2026-11-24 10:00")) is None


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware"):
        SCHOOL.promise(datetime(2026, 11, 24, 10))  # noqa: DTZ001  # naive on purpose
