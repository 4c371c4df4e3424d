"""Which of those who read for a class is given a message: job shares, leave and cover."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from rules.calendar import SchoolCalendar
from rules.effects import AddToDigest, Decision, SendNotice, TellTeacherHeld
from rules.instruction import Action, Instruction
from rules.message import Originator
from rules.people import SchoolClass, Staff
from rules.policy import ClosedDays, Hours, Leave, Promise, StaffWeek
from rules.readers import reader_for, with_covers
from tests.policy_world import (
    DAY,
    DSL,
    HOURS,
    KHAN,
    LLOYD,
    LONDON,
    POLICY,
    ROOM_3B,
    ROOM_5A,
    asks,
    directory,
    inbound,
    of,
    understood,
    when,
)

KHANS_DAYS = StaffWeek(KHAN.address, (DAY, DAY) + ((),) * 5)  # Monday and Tuesday
LLOYDS_DAYS = StaffWeek(LLOYD.address, ((), ()) + (DAY,) * 3 + ((),) * 2)  # the other three
SHARED = replace(ROOM_3B, teachers=(KHAN, LLOYD))
AWAY = Leave(KHAN.address, date(2026, 11, 23), date(2026, 11, 25), "operation", LLOYD.address)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def staff_at(address: str) -> Staff | None:
    return next((person for person in (KHAN, LLOYD) if person.address == address), None)


def decided(
    hours: Hours,
    arrived: str,
    room: SchoolClass = ROOM_3B,
    promise: Promise = POLICY.promise,
    labels: tuple[str, ...] = ("classroom",),
    instruction: Instruction | None = None,
) -> Decision:
    """Decide about a message to `room` in a school with these hours."""
    school = SchoolCalendar.of(replace(POLICY, hours=hours, promise=promise))
    room = with_covers(room, hours.leave, staff_at)
    changes: dict[str, object] = {
        "directory": directory(addressed_class=room, classes=(room, ROOM_5A)),
        "calendar": school,
        "calendars": {one.staff_id: school.narrowed(one.address) for one in (KHAN, LLOYD)},
        "understanding": understood(*labels),
    }
    if instruction is None:
        return when(inbound(arrived=at(arrived)), **changes)
    lead = Originator("single", DSL.address, DSL.name)
    roster = directory(addressed_class=None, classes=(room,), guardians=(), staff=(DSL,))
    changes |= {"directory": roster, "recipient_kind": "signed", "instruction": instruction}
    return when(inbound(arrived=at(arrived), originator=lead), **changes)


def given(decision: Decision) -> AddToDigest:
    [item] = of(decision, AddToDigest)
    assert isinstance(item, AddToDigest)
    return item


SHARING = replace(HOURS, staff_weeks=(KHANS_DAYS, LLOYDS_DAYS))


def test_in_a_job_share_whoever_reads_soonest_has_the_message():
    tuesday = given(decided(SHARING, "2026-11-24 09:10", SHARED))
    assert (tuesday.staff_id, tuesday.reads_at) == ("khan", at("2026-11-24 15:30"))
    evening = given(decided(SHARING, "2026-11-24 19:00", SHARED))
    assert (evening.staff_id, evening.reads_at) == ("lloyd", at("2026-11-25 08:00"))
    friday = given(decided(SHARING, "2026-11-27 16:55", SHARED))
    assert (friday.staff_id, friday.reads_at) == ("khan", at("2026-11-30 08:00"))


def test_on_a_tie_the_first_named_of_the_class_reads():
    for teachers in ((KHAN, LLOYD), (LLOYD, KHAN)):
        room = replace(ROOM_3B, teachers=teachers)
        assert given(decided(HOURS, "2026-11-24 09:10", room)).staff_id == teachers[0].staff_id


def test_the_promise_is_made_in_the_hours_of_whoever_reads():
    item = given(decided(SHARING, "2026-11-24 09:10", SHARED))  # Khan is not there on Wednesday
    assert (item.due, item.limit) == (at("2026-11-24 17:00"), at("2026-11-25 09:10"))
    assert not item.breach


def test_a_promise_that_the_windows_cannot_keep_is_marked():
    alone = replace(HOURS, staff_weeks=(KHANS_DAYS,))
    item = given(decided(alone, "2026-11-25 09:10"))
    assert (item.due, item.limit) == (at("2026-11-30 08:30"), at("2026-11-26 09:10"))
    assert item.breach


def test_while_a_teacher_is_away_whoever_covers_reads_and_no_longer():
    hours = replace(HOURS, leave=(AWAY,))
    during = given(decided(hours, "2026-11-24 09:10"))
    assert (during.staff_id, during.reads_at) == ("lloyd", at("2026-11-24 15:30"))
    after = given(decided(hours, "2026-11-25 16:55"))
    assert (after.staff_id, after.reads_at) == ("khan", at("2026-11-26 08:00"))


def test_without_cover_the_message_waits_for_its_teacher():
    hours = replace(HOURS, leave=(replace(AWAY, cover=None),))
    item = given(decided(hours, "2026-11-24 09:10"))
    assert (item.staff_id, item.reads_at) == ("khan", at("2026-11-26 08:00"))
    unknown = replace(HOURS, leave=(replace(AWAY, cover="nobody@oakfield.example"),))
    assert given(decided(unknown, "2026-11-24 09:10")) == item


def test_why_a_teacher_is_away_stands_in_no_decision():
    hours = replace(HOURS, leave=(replace(AWAY, cover=None),))
    assert "operation" not in repr(decided(hours, "2026-11-24 09:10"))


def test_whoever_reads_is_told_that_the_lead_has_a_concern_and_nobody_else():
    hours = replace(HOURS, leave=(AWAY,))
    decision = decided(hours, "2026-11-24 09:10", labels=("safeguarding",))
    [told] = of(decision, TellTeacherHeld)
    assert (told.staff_id, told.reads_at) == ("lloyd", at("2026-11-24 15:30"))


def test_what_the_lead_releases_goes_to_whoever_reads_then():
    hours = replace(HOURS, leave=(AWAY,))
    release = asks(Action.RELEASE, DSL, case="open")
    item = given(decided(hours, "2026-11-24 09:10", instruction=release))
    assert (item.staff_id, item.about) == ("lloyd", "0000000000000009")


def test_a_parent_is_told_by_when_somebody_has_it_where_the_school_promises_that():
    promise = Promise(days=5, acknowledge_hours=48)
    decision = decided(HOURS, "2026-11-24 09:10", promise=promise)
    [notice] = of(decision, SendNotice)
    assert given(decision).acknowledge_by == at("2026-11-26 08:30")
    assert notice.acknowledge_by == at("2026-11-26 08:30")
    assert notice.due == at("2026-12-01 08:30")


def test_a_class_nobody_reads_for_in_a_year_has_no_reader():
    shut = replace(HOURS, closed=(ClosedDays(date(2026, 1, 1), date(2029, 1, 1), "closed"),))
    school = SchoolCalendar.of(replace(POLICY, hours=shut))
    assert reader_for(SHARED, school.narrowed, at("2026-11-24 09:10")) is None
    assert reader_for(replace(SHARED, teachers=()), school.narrowed, at("2026-11-24 09:10")) is None
