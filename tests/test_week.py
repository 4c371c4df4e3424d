"""The hours that stand below every digest: the reader's own, and what is different this week."""

from dataclasses import replace
from datetime import date, time

from rules.calendar import SchoolCalendar
from rules.policy import Booking, ClosedDays, EarlyClosing, Leave, Span, StaffWeek
from rules.week import week_words
from tests.policy_world import HOURS, POLICY

MONDAY = date(2026, 11, 30)
USUAL = "8am to 8.30am and 3.30pm to 5pm"
KHAN = "khan@oakfield.example"


def week(today=MONDAY, staff=KHAN, **changes):
    changes["closed"] = (*HOURS.closed, *changes.get("closed", ()))
    policy = replace(POLICY, hours=replace(HOURS, **changes))
    return week_words(SchoolCalendar.of(policy).narrowed(staff), today)


def test_an_ordinary_week_is_one_line():
    assert week() == (f"Monday to Friday: {USUAL}",)


def test_training_closing_early_and_a_closed_day_each_say_what_is_different_and_why():
    lines = week(
        bookings=(Booking(Span(time(15, 30), time(17)), "staff training", on=date(2026, 12, 2)),),
        closed=(ClosedDays(date(2026, 12, 3), date(2026, 12, 3), "INSET day"),),
        early=(EarlyClosing(date(2026, 12, 4), time(16)),),
    )
    assert lines == (
        f"Monday and Tuesday: {USUAL}",
        "Wednesday 2 December: 8am to 8.30am (staff training)",
        "Thursday 3 December: no reading hours (INSET day)",
        "Friday 4 December: 8am to 8.30am and 3.30pm to 4pm (early closing)",
    )


def test_a_teachers_own_leave_is_said_and_their_reason_is_not():
    lines = week(leave=(Leave(KHAN, date(2026, 12, 1), date(2026, 12, 1), "an operation"),))
    assert lines[1] == "Tuesday 1 December: no reading hours (your leave)"


def test_days_on_which_a_teacher_never_works_stand_nowhere():
    worked = tuple((Span(time(8), time(17)),) if day < 3 else () for day in range(7))
    assert week(staff_weeks=(StaffWeek(KHAN, worked),)) == (f"Monday to Wednesday: {USUAL}",)


def test_in_the_holidays_the_mail_says_that_there_are_no_hours():
    assert week(date(2026, 12, 21)) == ("No reading hours in the next seven days.",)
