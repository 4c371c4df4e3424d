"""Puts a change of the hours in force, or takes it back, and shows it to everybody it concerns.

All in one transaction: the calendar, the messages that wait, the guardians who were told another
time, and the staff whose hours they are. A change afterwards is shown, never hidden.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from gateway.hours.review import Review, compared, preview, readers_of, words_of
from gateway.hours.shifts import Shift
from gateway.school import School
from gateway.store import digests, hours, news, promises
from gateway.store import schema as t
from gateway.store.once import insert_once
from gateway.work.letters import Letters
from gateway.work.notices import send_notice
from gateway.work.office_queue import put_on_list
from rules.asked import check_hours_remain
from rules.effects import NoticeKind, SendNotice
from rules.hours_entry import HoursEntry
from rules.notices import notice_key
from rules.people import SchoolClass, Staff
from rules.promises import PromiseMade
from rules.wording import day_words

NEWS_AHEAD_DAYS = 14
# The notices that name a reading time, and so may have to be put right.
_TOLD_A_TIME = (NoticeKind.HELD, NoticeKind.DIVIDED, NoticeKind.URGENT, NoticeKind.MOVED)


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
    letters = _at(letters, found.after)
    _move(connection, letters, found.shifts, now)
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
    _move(connection, _at(letters, after), found.shifts, now)
    unheard = _unheard(connection, school, f"hours/{row.change_id}/", now)
    key = f"hours/{row.change_id}/undone"
    _tell_staff(connection, before, after, ended, "No longer so: ", key, now, asked_by, unheard)
    return found.review


def _at(letters: Letters, school: School) -> Letters:
    """Return the same letters, written with other hours in force."""
    return replace(letters, school=school, post=replace(letters.post, school=school))


def _move(connection: Connection, letters: Letters, moved: Sequence[Shift], now: datetime) -> None:
    for shift in moved:
        item = shift.item
        if shift.reader is None:
            why = "nobody reads for its class any more"
            put_on_list(
                connection,
                letters.school,
                item.spool_id,
                why,
                now,
                key=f"no-hours/{item.item_id}",
                failed="digest",
            )
            digests.withdraw_item(connection, item.item_id, now)
            continue
        digests.hand_over(connection, item.item_id, shift.reader.staff_id, shift.reads_at)
        if item.kind == "message" and shift.is_later:
            _tell_guardian(connection, letters, shift, shift.reader, now)


def _tell_guardian(
    connection: Connection, letters: Letters, shift: Shift, reader: Staff, now: datetime
) -> None:
    """Put right the time that a guardian was told, once for each class and new time."""
    item = shift.item
    address = connection.execute(
        select(t.messages.c.originator).where(t.messages.c.spool_id == item.spool_id)
    ).scalar()
    if address is None or not _was_told(connection, item):
        return
    promise = _promised(connection, shift, now)
    notice = SendNotice(
        NoticeKind.MOVED,
        address,
        item.guardian_id,
        item.class_id,
        staff_id=reader.staff_id,
        reads_at=shift.reads_at,
        due=promise.due,
        acknowledge_by=promise.acknowledge_by,
        old_reads_at=item.reads_at,
    )
    added = insert_once(
        connection,
        t.notices,
        {
            "key": notice_key(notice, letters.school.today(now)),
            "school_id": letters.school.school_id,
            "kind": str(notice.kind),
            "address": address,
            "guardian_id": item.guardian_id,
            "spool_id": item.spool_id,
            "at": now,
        },
    )
    promises.moved(connection, [item.spool_id], shift.reads_at)
    if added:
        source = letters.source(connection, item.spool_id, now)
        send_notice(connection, letters, source, notice, now)


def _was_told(connection: Connection, item: Row[Any]) -> bool:
    """Whether the guardian knows of the time at which the message was to be read."""
    at = item.reads_at.isoformat()
    keys = [f"{item.guardian_id}/{kind}/{item.class_id}/{at}" for kind in _TOLD_A_TIME]
    query = select(t.notices.c.key).where(t.notices.c.key.in_(keys)).limit(1)
    return connection.execute(query).first() is not None


def _promised(connection: Connection, shift: Shift, now: datetime) -> PromiseMade:
    """Return what is promised from now on: counted from the arrival, if nobody has read since."""
    arrived = connection.execute(
        select(t.messages.c.arrived).where(t.messages.c.spool_id == shift.item.spool_id)
    ).scalar_one()
    promise = shift.calendar.promise(arrived)
    return promise if promise.reads_at == shift.reads_at else shift.calendar.promise(now)


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
