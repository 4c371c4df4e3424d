"""What is different in a new version of the school's policy, in plain lines?

Staff are told what changes their own hours and the promise; the owners are told everything.
Dates that are past are left out: they change nothing any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import groupby

from rules.policy import Booking, EarlyClosing, Hours, Leave, Policy, Promise, Span, StaffWeek, Week
from rules.wording import DAYS, clock_words, day_words, span_words


def changes_for_staff(before: Policy, after: Policy, address: str, today: date) -> tuple[str, ...]:
    """Return what changes for one member of staff, named by their address (folded)."""
    return (
        *_weeks("Reading hours", before.hours.windows, after.hours.windows),
        *_weeks("Working hours", before.hours.working, after.hours.working),
        *_promise(before.promise, after.promise),
        *_dates(before.hours, after.hours, today, lambda staff: staff in (None, address)),
    )


def changes_for_owners(before: Policy, after: Policy, today: date) -> tuple[str, ...]:
    """Return everything that changes, for those who answer for the policy."""
    lines = [
        *_weeks("Reading hours", before.hours.windows, after.hours.windows),
        *_weeks("Working hours", before.hours.working, after.hours.working),
        *_weeks("Office hours", before.hours.office, after.hours.office),
        *_promise(before.promise, after.promise),
        *_dates(before.hours, after.hours, today, lambda _staff: True),
    ]
    for topic in sorted({*before.where, *after.where}):
        went, goes = before.where.get(topic, "teacher"), after.where.get(topic, "teacher")
        if went != goes:
            lines.append(f"Mail about {topic.replace('_', ' ')} goes to: {goes}. Before: {went}.")
    for name, was, now in (
        ("Office phone", before.contacts.office_phone, after.contacts.office_phone),
        ("Office address", before.contacts.office_address, after.contacts.office_address),
        ("Owners", ", ".join(before.owners), ", ".join(after.owners)),
        (
            "Next review",
            day_words(before.next_review, today),
            day_words(after.next_review, today),
        ),
    ):
        if was != now:
            lines.append(f"{name}: {now}. Before: {was}.")
    changed = sorted(
        clause
        for clause in {*before.clauses, *after.clauses}
        if before.clauses.get(clause) != after.clauses.get(clause)
    )
    if changed:
        lines.append(f"The words of these clauses: {', '.join(changed)}.")
    return tuple(lines)


def _weeks(name: str, before: Week, after: Week) -> Iterator[str]:
    both = zip(DAYS, before, after, strict=True)
    changed = [(day, was, now) for day, was, now in both if was != now]
    for (was, now), days in groupby(changed, key=lambda one: one[1:]):
        on = ", ".join(day for day, _was, _now in days)
        yield f"{name} on {on}: {_spans(now)}. Before: {_spans(was)}."


def _spans(spans: tuple[Span, ...]) -> str:
    return " and ".join(span_words(span.opens, span.closes) for span in spans) or "none"


def _promise(before: Promise, after: Promise) -> Iterator[str]:
    if _limit(before) != _limit(after):
        yield f"Parents are promised an answer within {_limit(after)}. Before: {_limit(before)}."
    was, now = before.acknowledge_hours, after.acknowledge_hours
    if was != now:
        words = f"within {now} hours" if now else "at no set time"
        yield f"Parents are told that a person has their message {words}."


def _limit(promise: Promise) -> str:
    if promise.clock == "elapsed":
        return f"{promise.hours} hours"
    return f"{promise.days} working day" + ("" if promise.days == 1 else "s")


def _dates(
    before: Hours, after: Hours, today: date, is_told: Callable[[str | None], bool]
) -> Iterator[str]:
    """Yield the days that are new in the calendar, and those that are not in it any more."""
    was, now = (dict.fromkeys(_entries(hours, today, is_told)) for hours in (before, after))
    yield from (f"New: {line}" for line in now if line not in was)
    yield from (f"Not any more: {line}" for line in was if line not in now)


def _entries(hours: Hours, today: date, is_told: Callable[[str | None], bool]) -> Iterator[str]:
    for days in hours.closed:
        if days.last >= today:
            yield f"the school is closed {_from_to(days.first, days.last, today)}: {days.why}."
    for early in hours.early:
        if early.on >= today:
            yield _early(early, today)
    for booking in hours.bookings:
        if is_told(booking.staff) and (booking.on is None or booking.on >= today):
            yield _booking(booking, today)
    for week in hours.staff_weeks:
        if is_told(week.staff) and (week.last is None or week.last >= today):
            yield _own_week(week, today)
    for leave in hours.leave:
        if is_told(leave.staff) and leave.last >= today:
            yield _leave(leave, today)


def _early(early: EarlyClosing, today: date) -> str:
    return f"the school closes at {clock_words(early.closes)} on {day_words(early.on, today)}."


def _booking(booking: Booking, today: date) -> str:
    on = day_words(booking.on, today) if booking.on else f"every {DAYS[booking.weekday or 0]}"
    who = f" ({booking.staff})" if booking.staff else ""
    hours = span_words(booking.span.opens, booking.span.closes)
    return f"{booking.why} on {on}, {hours}{who}."


def _own_week(week: StaffWeek, today: date) -> str:
    days = [DAYS[number] for number, spans in enumerate(week.week) if spans]
    begins = f" from {day_words(week.first, today)}" if week.first else ""
    ends = f" until {day_words(week.last, today)}" if week.last else ""
    return f"{week.staff} works on {', '.join(days)}{begins}{ends}."


def _leave(leave: Leave, today: date) -> str:
    return f"{leave.staff} is away {_from_to(leave.first, leave.last, today)}."


def _from_to(first: date, last: date, today: date) -> str:
    if first == last:
        return f"on {day_words(first, today)}"
    return f"from {day_words(first, today)} to {day_words(last, today)}"
