"""What will change, before anybody says yes: entries, hours by date, and who waits longer?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from gateway.hours.due_shifts import due_shifts
from gateway.hours.shifts import Shift, shifts
from gateway.school import School
from gateway.store import hours
from gateway.store.staffing import Staffing
from rules.calendar import NoReadingTime, SchoolCalendar
from rules.hours_entry import HoursEntry, entry_words
from rules.people import Staff
from rules.wording import day_words, moment_words, span_words

LOOKED_AHEAD_DAYS = 400
FAR_OFF = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class DayChange:
    """The reading hours of so many staff on one date, before and after. "" is none."""

    on: date
    staff: int
    before: str
    after: str

    @property
    def words(self) -> str:
        """Return "Thursday 26 November: no reading hours (was 8am to 8.30am), 12 staff"."""
        who = f"{self.staff} of the staff"
        after, before = self.after or "no reading hours", self.before or "none"
        return f"{day_words(self.on)}: {after} (before: {before}), {who}"


@dataclass(frozen=True, slots=True)
class Review:
    """What a change of the hours does."""

    adds: tuple[str, ...]
    ends: tuple[str, ...]
    days: tuple[DayChange, ...]
    messages: int  # that wait longer
    families: int  # whose messages those are
    next_reading: str = ""  # where nobody reads for a long time: when they do again
    answers: int = 0  # that come later than promised, of messages which are read as promised

    @property
    def changes_anything(self) -> bool:
        """Whether anybody's reading hours, or any waiting message, are touched."""
        return bool(self.days or self.messages)


@dataclass(frozen=True, slots=True)
class Preview:
    """A change as it would be: the school before and after, what moves, and all of it in words."""

    before: School
    after: School
    shifts: tuple[Shift, ...]
    review: Review


def preview(
    connection: Connection,
    school: School,
    entries: Sequence[HoursEntry],
    ends: Collection[str],
    now: datetime,
) -> Preview:
    """Return what adding `entries` and ending `ends` would do; nothing is written."""
    in_force = hours.entries_in_force(connection, school.school_id)
    ended = [one for key, one in in_force.items() if key in ends]
    kept = [one for key, one in in_force.items() if key not in ends]
    before = school.with_entries(in_force.values())
    after = school.with_entries((*kept, *(replace(one, change="new") for one in entries)))
    return compared(connection, before, after, entries, ended, now)


def compared(
    connection: Connection,
    before: School,
    after: School,
    added: Sequence[HoursEntry],
    ended: Sequence[HoursEntry],
    now: datetime,
) -> Preview:
    """Return what is different between two states of the school's hours."""
    staffing = after.staffing(connection, now)
    moved = shifts(connection, after, now)
    later = [one for one in moved if one.is_later and one.item.kind == "message"]
    put_off = due_shifts(connection, after, now, {one.item.spool_id for one in later})
    changed = (*added, *ended)
    whom = {one.staff for one in changed}
    touched = [one for one in readers_of(staffing) if None in whom or one.address in whom]
    return Preview(
        before,
        after,
        tuple(moved),
        Review(
            tuple(words_of(added, staffing)),
            tuple(words_of(ended, staffing)),
            tuple(_days(before, after, touched, _dates(changed, before.today(now)))),
            len(later),
            len({one.item.guardian_id for one in later}),
            _far_off(before.calendar, after.calendar, now),
            len(put_off),
        ),
    )


def words_of(entries: Iterable[HoursEntry], staffing: Staffing) -> Iterator[str]:
    """Yield what each entry does, with the names of the roster."""
    names = {person.address: person.name for person in staffing.everybody.values()}
    for one in entries:
        staff, cover = one.staff or "", one.cover or ""
        yield entry_words(one, names.get(staff, staff), names.get(cover, cover))


def readers_of(staffing: Staffing) -> list[Staff]:
    """Return everybody in post who reads for a class, or covers for one who does."""
    found = {
        person.staff_id: person
        for room in staffing.rooms.values()
        for person in (*room.teachers, *(cover.staff for cover in room.covers))
    }
    return [found[staff_id] for staff_id in sorted(found)]


def windows_on(calendar: SchoolCalendar, on: date) -> str:
    """Return the reading hours of one date in words, "" where there are none."""
    spans = [
        span_words(
            window.opens.astimezone(calendar.zone).time(),
            window.closes.astimezone(calendar.zone).time(),
        )
        for window in calendar.day(on).windows
    ]
    return " and ".join(spans)


def _dates(entries: Iterable[HoursEntry], today: date) -> list[date]:
    """Return the dates that the entries may touch, from today on, as far as anybody looks."""
    horizon = today + timedelta(days=LOOKED_AHEAD_DAYS)
    found: set[date] = set()
    for one in entries:
        day, last = max(one.first, today), min(one.last or horizon, horizon)
        # Working days say by what they leave out that the other weekdays are free.
        weekday = None if one.kind == "days" else one.weekday
        while day <= last:
            if weekday in (None, day.weekday()):
                found.add(day)
            day += timedelta(days=1)
    return sorted(found)


def _days(
    before: School, after: School, readers: Sequence[Staff], dates: Sequence[date]
) -> Iterator[DayChange]:
    # Most staff have the school's own calendar: their days are worked out once.
    pairs = Counter(
        (id(old), id(new)) for old, new in (_pair(before, after, one) for one in readers)
    )
    known = {(id(old), id(new)): (old, new) for old, new in _pairs(before, after, readers)}
    for on in dates:
        counted: Counter[tuple[str, str]] = Counter()
        for key, number in pairs.items():
            old, new = known[key]
            if old.day(on).windows != new.day(on).windows:
                counted[windows_on(old, on), windows_on(new, on)] += number
        for (was, becomes), number in sorted(counted.items()):
            yield DayChange(on, number, was, becomes)


def _pairs(
    before: School, after: School, readers: Iterable[Staff]
) -> Iterator[tuple[SchoolCalendar, SchoolCalendar]]:
    for one in readers:
        yield _pair(before, after, one)


def _pair(before: School, after: School, one: Staff) -> tuple[SchoolCalendar, SchoolCalendar]:
    return before.calendar_of(one.address), after.calendar_of(one.address)


def _far_off(before: SchoolCalendar, after: SchoolCalendar, now: datetime) -> str:
    """Return when anybody reads again where that is far off because of the change."""
    try:
        was = before.next_reading_time(now)
        becomes = after.next_reading_time(now)
    except NoReadingTime:
        return "not in the next year"
    far = becomes > was and becomes - now > FAR_OFF
    return moment_words(becomes, after.zone) if far else ""
