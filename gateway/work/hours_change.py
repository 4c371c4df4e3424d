"""Puts a change of the hours in force, or takes it back, and shows it to everybody it concerns.

All in one transaction: the calendar, the messages that wait, the guardians who were told another
time, and the staff whose hours they are. A change afterwards is shown, never hidden.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from gateway.hours.review import Review, compared, preview, readers_of, words_of
from gateway.school import School
from gateway.store import hours, news
from gateway.work.letters import Letters
from gateway.work.retell import follow_the_hours
from rules.hours_allowed import check_hours_remain
from rules.hours_entry import HoursEntry
from rules.people import SchoolClass, Staff
from rules.wording import day_words

NEWS_AHEAD_DAYS = 14


def bring_in_force(
    connection: Connection, letters: Letters, row: Row[Any], now: datetime, asked_by: str | None
) -> Review:
    """Put the change `row` in force, move what waits, and tell whom it concerns.

    `asked_by` is the member of staff who is told in another way.

    Raises:
        LookupError: somebody whom it names is not on the roster any more.
        NotCarriedOut: with what came into force since it was asked for, it leaves no hours.
    """
    entries = hours.entries_of(row)
    found = preview(connection, letters.school, entries, row.detail["ends"], now)
    check_hours_remain(entries, found.before.calendar, found.after.calendar, now)
    hours.put_in_force(connection, row, now)
    follow_the_hours(connection, _at(letters, found.after), now, before=found.before)
    key = f"hours/{row.change_id}"
    _tell_staff(connection, found.before, found.after, entries, "", key, now, asked_by)
    return found.review


def take_back(
    connection: Connection, letters: Letters, row: Row[Any], now: datetime, asked_by: str | None
) -> Review:
    """Undo the change `row`; what it moved is read at the time first promised, where it can be."""
    school = letters.school
    in_force = hours.entries_in_force(connection, school.school_id)
    before = school.with_entries(in_force.values())
    hours.undo(connection, row, now)
    left = hours.entries_in_force(connection, school.school_id)
    after = school.with_entries(left.values())
    ended = [one for key, one in in_force.items() if key not in left]
    revived = [one for key, one in left.items() if key not in in_force]
    found = compared(connection, before, after, revived, ended, now)
    follow_the_hours(connection, _at(letters, after), now, before=before)
    unheard = _unheard(connection, school, f"hours/{row.change_id}/", now)
    key = f"hours/{row.change_id}/undone"
    _tell_staff(connection, before, after, ended, "No longer so: ", key, now, asked_by, unheard)
    return found.review


def _at(letters: Letters, school: School) -> Letters:
    """Return the same letters, written with other hours in force."""
    return replace(letters, school=school, post=replace(letters.post, school=school))


def _tell_staff(
    connection: Connection,
    before: School,
    after: School,
    entries: Sequence[HoursEntry],
    prefix: str,
    key: str,
    now: datetime,
    asked_by: str | None,
    besides: Collection[str] = (),
) -> None:
    """Let each whose own hours change in the next days read of it in their hours."""
    staffing = after.staffing(connection, now)
    today = after.today(now)
    days = [today + timedelta(days=number) for number in range(NEWS_AHEAD_DAYS)]
    horizon = days[-1]
    for person in readers_of(staffing):
        if person.staff_id == asked_by or person.staff_id in besides:
            continue
        old, new = before.calendar_of(person.address), after.calendar_of(person.address)
        differs = any(old.day(on).windows != new.day(on).windows for on in days)
        lines = [
            {"words": f"{prefix}{words}", "last": (one.last or horizon).isoformat()}
            for one, words in zip(entries, words_of(entries, staffing), strict=True)
            if differs and one.staff in (None, person.address) and one.first <= horizon
        ]
        lines += _covering(entries, staffing.rooms.values(), person, prefix, today)
        if lines:
            news.add_news(
                connection,
                school_id=after.school_id,
                staff_id=person.staff_id,
                key=f"{key}/{person.staff_id}",
                kind="hours",
                detail={"words": lines},
                now=now,
            )


def _unheard(connection: Connection, school: School, key_start: str, now: datetime) -> set[str]:
    """Take back the news of a change that nobody was told yet; return whose it was."""
    rows = [
        row for row in news.waiting(connection, school.school_id) if row.key.startswith(key_start)
    ]
    news.told(connection, [row.news_id for row in rows], now)
    return {row.staff_id for row in rows}


def _covering(
    entries: Sequence[HoursEntry],
    rooms: Iterable[SchoolClass],
    person: Staff,
    prefix: str,
    today: date,
) -> list[dict[str, str]]:
    """Return a line for each class for which `person` reads while its teacher is away."""
    lines = []
    for one in entries:
        last = one.last or one.first
        if one.kind != "leave" or one.cover != person.address or last < today:
            continue
        names = [
            room.name
            for room in rooms
            if any(teacher.address == one.staff for teacher in room.teachers)
        ]
        for name in names:
            dates = f"from {day_words(one.first)} to {day_words(last)}"
            lines.append(
                {"words": f"{prefix}You read for {name} {dates}.", "last": last.isoformat()}
            )
    return lines
