"""What a new version of the policy changes, said in lines that staff and owners can read."""

from dataclasses import replace
from datetime import date, time

from rules.policy import Booking, ClosedDays, Leave, Promise, Span
from rules.policy_changes import changes_for_owners, changes_for_staff
from tests.policy_world import POLICY

TODAY = date(2026, 11, 23)
ASH, BIRCH = "ash@oakfield.example", "birch@oakfield.example"


def with_hours(**changes):
    return replace(POLICY, hours=replace(POLICY.hours, **changes))


def test_the_same_policy_changes_nothing():
    assert changes_for_staff(POLICY, POLICY, ASH, TODAY) == ()
    assert changes_for_owners(POLICY, replace(POLICY, version="next"), TODAY) == ()


def test_days_that_change_alike_are_said_together():
    afternoon = (Span(time(15, 30), time(17)),)
    week = (*(afternoon,) * 5, (), ())
    [line] = changes_for_staff(POLICY, with_hours(windows=week), ASH, TODAY)
    assert line == (
        "Reading hours on Monday, Tuesday, Wednesday, Thursday, Friday: 3.30pm to 5pm. "
        "Before: 8am to 8.30am and 3.30pm to 5pm."
    )


def test_a_day_that_is_closed_now_is_said_and_one_that_is_past_is_not():
    snow = ClosedDays(date(2026, 11, 26), date(2026, 11, 26), "snow")
    past = ClosedDays(date(2026, 11, 2), date(2026, 11, 2), "a burst pipe")
    changed = with_hours(closed=(*POLICY.hours.closed, snow, past))
    assert changes_for_staff(POLICY, changed, ASH, TODAY) == (
        "New: the school is closed on Thursday 26 November: snow.",
    )
    assert changes_for_staff(changed, POLICY, ASH, TODAY) == (
        "Not any more: the school is closed on Thursday 26 November: snow.",
    )


def test_what_is_about_one_teacher_is_told_to_them_and_the_owners_only():
    choir = Booking(Span(time(15, 30), time(17)), "choir", weekday=2, staff=ASH)
    leave = Leave(ASH, date(2026, 11, 30), date(2026, 12, 4), "an operation")
    changed = with_hours(bookings=(*POLICY.hours.bookings, choir), leave=(leave,))
    mine = changes_for_staff(POLICY, changed, ASH, TODAY)
    assert mine == (
        f"New: choir on every Wednesday, 3.30pm to 5pm ({ASH}).",
        f"New: {ASH} is away from Monday 30 November to Friday 4 December.",
    )
    assert changes_for_staff(POLICY, changed, BIRCH, TODAY) == ()
    assert changes_for_owners(POLICY, changed, TODAY) == mine
    assert "operation" not in " ".join(mine)


def test_a_new_promise_is_told_to_all_and_a_new_contact_to_the_owners():
    contacts = replace(POLICY.contacts, office_phone="01632 960999")
    changed = replace(
        POLICY, promise=Promise(days=2), contacts=contacts, where={**POLICY.where, "send": "senco"}
    )
    [line] = changes_for_staff(POLICY, changed, ASH, TODAY)
    assert line.startswith("Parents are promised an answer within 2 working days. Before: ")
    lines = changes_for_owners(POLICY, changed, TODAY)
    assert "Mail about send goes to: senco. Before: office." in lines
    assert any(one.startswith("Office phone: 01632 960999.") for one in lines)
