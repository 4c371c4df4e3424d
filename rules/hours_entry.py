"""What changes the school's hours besides the policy file, and what are the hours with it?

An entry comes from a file that the school imports or from one line of mail. It is never older
than the policy file, so where the two speak of one thing, the entry holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Literal

from rules.narrowing import dates_words
from rules.policy import Booking, ClosedDays, EarlyClosing, Hours, Leave, Span, StaffWeek, Week
from rules.wording import DAYS, clock_words, day_words, span_words

Kind = Literal["closed", "early", "training", "quiet", "days", "leave"]
KINDS: tuple[Kind, ...] = ("closed", "early", "training", "quiet", "days", "leave")
WHY: dict[Kind, str] = {
    "closed": "extra closed day",
    "early": "early closing",
    "training": "staff training",
    "quiet": "quiet time",
    "days": "working days",
    "leave": "leave",
}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HoursEntry:
    """One thing that is different, from `first` to `last`, both included, in the school's zone.

    `closed` and `leave` take the days; `early` ends them at `closes`; `training` and `quiet` take
    the span out of the windows, all of the day where no span is named; `days` says on which
    weekday somebody works, and when. Staff are named by their address, folded. `change` is what
    it belongs to: the `days` of one change together are one week. `why` is the school's, and
    parents may read it; why one person is away is theirs, and stands in no entry (`private`).
    """

    kind: Kind
    first: date
    last: date | None = None  # None: until it is ended
    staff: str | None = None  # None: the whole school
    cover: str | None = None
    weekday: int | None = None  # 0 is Monday; None: each day from first to last
    opens: time | None = None
    closes: time | None = None
    why: str = ""
    change: str = ""

    @property
    def span(self) -> Span:
        """The time of day that it is about; all of it where none is named."""
        return Span(self.opens or time.min, self.closes or time.max)

    @property
    def reason(self) -> str:
        """Why, in the words of whoever entered it, or else in ours; of one person, in ours."""
        return WHY[self.kind] if self.staff is not None else self.why or WHY[self.kind]

    @property
    def private(self) -> HoursEntry:
        """The same without the reason, where it is about one person alone."""
        return replace(self, why="") if self.staff is not None and self.why else self


def hours_with(hours: Hours, entries: Iterable[HoursEntry]) -> Hours:
    """Return `hours` with `entries` in force, oldest first."""
    found = tuple(entries)
    closed = tuple(
        ClosedDays(one.first, one.last or one.first, one.reason)
        for one in found
        if one.kind == "closed"
    )
    early = tuple(
        EarlyClosing(one.first + number * _DAY, one.closes, one.reason)
        for one in found
        if one.kind == "early" and one.closes is not None
        for number in range(((one.last or one.first) - one.first).days + 1)
    )
    leave = tuple(
        Leave(one.staff, one.first, one.last or date.max, one.reason, one.cover)
        for one in found
        if one.kind == "leave" and one.staff is not None
    )
    return replace(
        hours,
        closed=hours.closed + closed,
        early=hours.early + early,
        bookings=hours.bookings + tuple(_bookings(found)),
        leave=hours.leave + leave,
        staff_weeks=tuple(_followed((*hours.staff_weeks, *_weeks(hours, found)))),
    )


def _bookings(entries: Iterable[HoursEntry]) -> Iterator[Booking]:
    for one in entries:
        if one.kind not in ("training", "quiet"):
            continue
        if one.first == one.last:
            yield Booking(one.span, one.reason, on=one.first, staff=one.staff)
        else:
            yield Booking(
                one.span,
                one.reason,
                weekday=one.weekday,
                staff=one.staff,
                first=one.first,
                last=one.last,
            )


def _weeks(hours: Hours, entries: Iterable[HoursEntry]) -> Iterator[StaffWeek]:
    groups: dict[tuple[str, str, date, date | None], list[HoursEntry]] = {}
    for one in entries:
        if one.kind == "days" and one.staff is not None:
            groups.setdefault((one.change, one.staff, one.first, one.last), []).append(one)
    for (_change, staff, first, last), group in groups.items():
        spans: list[list[Span]] = [[] for _day in range(7)]
        for one in group:
            for day in range(7) if one.weekday is None else (one.weekday,):
                named = one.opens is not None or one.closes is not None
                spans[day] += [one.span] if named else hours.working[day]
        week: Week = tuple(tuple(sorted(set(day), key=lambda s: s.opens)) for day in spans)
        yield StaffWeek(staff, week, first, last)


def _followed(weeks: Iterable[StaffWeek]) -> list[StaffWeek]:
    """Return the weeks so that on each date only the newest of one person holds."""
    kept: list[StaffWeek] = []
    for newer in weeks:
        kept = [part for older in kept for part in _besides(older, newer)]
        kept.append(newer)
    return kept


def _besides(older: StaffWeek, newer: StaffWeek) -> Iterator[StaffWeek]:
    """Yield what of `older` lies before and after `newer`."""
    begins, ends = newer.first or date.min, newer.last or date.max
    first, last = older.first or date.min, older.last or date.max
    if older.staff != newer.staff or last < begins or first > ends:
        yield older
        return
    if first < begins:
        yield replace(older, last=begins - _DAY)
    if last > ends:
        yield replace(older, first=ends + _DAY)


def is_beside(one: HoursEntry, other: HoursEntry) -> bool:
    """Whether two entries do the same to the same people on a day that both are about."""
    if (one.kind, one.staff) != (other.kind, other.staff):
        return False
    if None not in (one.weekday, other.weekday) and one.weekday != other.weekday:
        return False
    return one.first <= (other.last or date.max) and other.first <= (one.last or date.max)


def entry_words(entry: HoursEntry, name: str = "", cover: str = "") -> str:
    """Return what an entry does, in one sentence of plain words.

    `name` is whom it is about, `cover` who reads for them meanwhile; "" is the whole school.
    """
    whom = name or "The school"
    match entry.kind:
        case "closed":
            return f"The school is closed {_on(entry)}: {entry.reason}."
        case "early":
            assert entry.closes is not None
            ends = f"The school closes at {clock_words(entry.closes)} {_on(entry)}"
            return f"{ends}: {entry.reason}." if entry.why else f"{ends}."
        case "leave":
            covered = f" {cover} reads for their classes." if cover else ""
            return f"{whom} is away {_on(entry)}.{covered}"
        case "days":
            return f"{whom} works {_hours(entry, 'all hours')} {_on(entry)}."
        case _:
            all_staff = name or "All staff"
            took = f"{all_staff}: no messages {_on(entry)}, {_hours(entry, 'all day')}"
            return f"{took} ({entry.reason})."


def _hours(entry: HoursEntry, all_day: str) -> str:
    if entry.opens is None and entry.closes is None:
        return all_day
    return span_words(entry.span.opens, entry.span.closes)


def _on(entry: HoursEntry) -> str:
    dates = dates_words(entry.first, entry.last or entry.first)
    if entry.first == entry.last:
        return f"on {dates}"
    if entry.weekday is not None:
        every = f"every {DAYS[entry.weekday]} from {day_words(entry.first)}"
        return f"{every} to {day_words(entry.last)}" if entry.last else every
    return f"from {dates}" if entry.last else f"from {day_words(entry.first)} on"
