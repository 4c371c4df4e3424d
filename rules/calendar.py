"""When may a teacher be given mail, when does the office read, and what can be promised?

Three nested calendars: working hours contain reading windows, and those contain what is left
of them after closures, training, leave, working days and quiet time (REQUIREMENTS D1). Windows
are wall-clock times in the school's zone; every instant in and out is aware, UTC out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from rules.narrowing import Narrowing
from rules.policy import Booking, Hours, Policy, Promise
from rules.promises import PromiseMade, due_within, limit_of, limit_words
from rules.schoolday import SchoolDay, school_day
from rules.walltime import Window
from rules.wording import moment_words

HORIZON_DAYS = 366
REMEMBERED_DAYS = 1_000
REMEMBERED_CALENDARS = 1_000


class NoReadingTime(Exception):
    """Every window in the next 366 days is closed: a fault of the policy, never of a message."""


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """The school's hours, or one teacher's when `narrowed`."""

    hours: Hours
    zone: ZoneInfo
    within: Promise = field(default_factory=Promise)
    own: Narrowing = field(default_factory=Narrowing)  # what one reader's hours leave out
    # Days and calendars already worked out: they follow from the fields above, so two calendars
    # stay equal, and a teacher's is not built anew, with no day known, for each message.
    _days: dict[date, SchoolDay] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _narrower: dict[object, SchoolCalendar] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @classmethod
    def of(cls, policy: Policy) -> SchoolCalendar:
        """Return the calendar of a whole school."""
        return cls(policy.hours, ZoneInfo(policy.zone), policy.promise)

    def narrowed(self, staff_id: str, quiet: tuple[Booking, ...] = ()) -> SchoolCalendar:
        """Return the calendar of one teacher: fewer windows or the same, never more.

        `staff_id` is what the policy calls them: their address, folded. Takes out their working
        days, leave and bookings of the policy, and `quiet`: their own quiet time and bookings
        kept elsewhere. Whatever names somebody else is left aside.
        """
        asked = (staff_id, quiet)
        return self._narrower.get(asked) or self._remember(asked, self._of(staff_id, quiet))

    def between(self, first: date, last: date) -> SchoolCalendar:
        """Return this calendar with windows on these dates only: for whoever covers a class."""
        asked = (first, last)
        own = self.own.between(first, last)
        return self._narrower.get(asked) or self._remember(asked, own)

    def _of(self, staff_id: str, quiet: tuple[Booking, ...]) -> Narrowing:
        bookings = [one for one in (*self.hours.bookings, *quiet) if one.staff == staff_id]
        bookings += [one for one in quiet if one.staff is None]
        return replace(
            self.own,
            bookings=(*self.own.bookings, *bookings),
            weeks=(*self.own.weeks, *(w for w in self.hours.staff_weeks if w.staff == staff_id)),
            leave=(*self.own.leave, *(one for one in self.hours.leave if one.staff == staff_id)),
        )

    def _remember(self, asked: object, own: Narrowing) -> SchoolCalendar:
        # Whoever has nothing of their own shares the school's calendar, and the days it knows.
        made = self if own == self.own else replace(self, own=own)
        if len(self._narrower) >= REMEMBERED_CALENDARS:
            self._narrower.clear()
        self._narrower[asked] = made
        return made

    def day(self, on: date) -> SchoolDay:
        """Return what the date `on` is like at school."""
        known = self._days.get(on)
        if known is not None:
            return known
        made = school_day(on, self.hours, self.zone, self.own)
        if len(self._days) >= REMEMBERED_DAYS:
            self._days.clear()
        self._days[on] = made
        return made

    # Inside or not. The closing instant is outside: 17:00:00 is, 08:00:00 is not.

    def window_at(self, instant: datetime) -> Window | None:
        """Return the reading window `instant` lies in."""
        return _containing(self._day_of(instant).windows, instant)

    def is_working(self, instant: datetime) -> bool:
        """Return whether `instant` is in the school's working hours."""
        return _containing(self._day_of(instant).working, instant) is not None

    def office_open(self, instant: datetime) -> bool:
        """Return whether somebody is in the office to read."""
        return _containing(self._day_of(instant).office, instant) is not None

    def may_deliver(self, instant: datetime, needing: timedelta = timedelta(0)) -> bool:
        """Return whether mail may be handed over now, with `needing` left before the close."""
        window = self.window_at(instant)
        return window is not None and window.closes - instant >= needing

    def why_shut(self, instant: datetime) -> str:
        """Return why it is not working hours ("the weekend", "INSET day"), or "" when it is."""
        if self.is_working(instant):
            return ""
        return self._day_of(instant).why_shut or "outside working hours"

    # What comes next.

    def windows_from(self, instant: datetime) -> Iterator[Window]:
        """Yield the windows that close after `instant`, in order, for 366 days."""
        for day in self._days_from(instant):
            if self.own.last is not None and day.on > self.own.last:
                return
            for window in day.windows:
                if window.closes > instant:
                    yield window

    def cuts(self, window: Window) -> Iterator[datetime]:
        """Yield the instants of `window` at which what waits is given out (REQUIREMENTS E5).

        The opening, then every batch, then one last cut that leaves time to read: mail after
        it waits for the next window.
        """
        last = window.closes - self.hours.last_cut_before_close
        yield window.opens
        cut = window.opens + self.hours.batch_every
        while cut < min(last, window.closes):
            yield cut
            cut += self.hours.batch_every
        if window.opens < last < window.closes:
            yield last

    def next_cut(self, after: datetime) -> datetime:
        """Return the first cut at or after `after`.

        Raises:
            NoReadingTime: every window in the next 366 days is closed.
        """
        for window in self.windows_from(after):
            for cut in self.cuts(window):
                if cut >= after:
                    return cut
        raise NoReadingTime(f"no reading window opens in the {HORIZON_DAYS} days after {after}")

    def next_reading_time(self, after: datetime) -> datetime:
        """Return when a message that arrives at `after` is given to the teacher.

        Raises:
            NoReadingTime: every window in the next 366 days is closed.
        """
        return self.next_cut(after)

    def next_opening(self, after: datetime) -> datetime:
        """Return the first instant at or after `after` inside a window; itself when inside.

        Raises:
            NoReadingTime: every window in the next 366 days is closed.
        """
        for window in self.windows_from(after):
            return max(window.opens, _utc(after))
        raise NoReadingTime(f"no reading window opens in the {HORIZON_DAYS} days after {after}")

    def next_working(self, after: datetime) -> datetime | None:
        """Return the first instant at or after `after` in working hours, if there is one."""
        for day in self._days_from(after):
            for window in day.working:
                if window.closes > after:
                    return max(window.opens, _utc(after))
        return None

    def next_office_opening(self, after: datetime) -> datetime | None:
        """Return the first instant at or after `after` when the office is open, if there is one."""
        for day in self._days_from(after):
            for window in day.office:
                if window.closes > after:
                    return max(window.opens, _utc(after))
        return None

    # The promise (REQUIREMENTS D2).

    def promise(self, arrived: datetime) -> PromiseMade:
        """Return when a message that arrived at `arrived` is read, and by when it is answered.

        Raises:
            NoReadingTime: every window in the next 366 days is closed.
        """
        arrived = _utc(arrived)
        reads_at = self.next_cut(arrived)
        counted_from = self._counted_from(arrived)
        limit = limit_of(self.within, counted_from, self._days_from(counted_from), self.zone)
        limit = limit or next(self.windows_from(reads_at)).closes
        due = due_within(self.windows_from(reads_at), limit)
        facts = [f"the limit is {moment_words(limit, self.zone)} ({limit_words(self.within)})"]
        if counted_from != arrived:
            facts.insert(
                0,
                f"arrived {moment_words(arrived, self.zone)}, outside working hours: "
                f"counted from {moment_words(counted_from, self.zone)}",
            )
        facts += self._facts_between(arrived, max(limit, due))
        if due > limit:
            facts.append("no reading window allows an answer by the limit")
        acknowledge_by = self._acknowledged(arrived, reads_at, due)
        return PromiseMade(reads_at, due, limit, due > limit, tuple(facts), acknowledge_by)

    def _counted_from(self, arrived: datetime) -> datetime:
        """Return when the clock of the promise starts: working days count working hours only."""
        if self.within.clock == "elapsed":
            return arrived
        return self.next_working(arrived) or arrived

    def _acknowledged(
        self, arrived: datetime, reads_at: datetime, due: datetime
    ) -> datetime | None:
        """Return by when a person says that they have it. An answer says so too."""
        if self.within.acknowledge_hours is None:
            return None
        limit = arrived + timedelta(hours=self.within.acknowledge_hours)
        return min(due, due_within(self.windows_from(reads_at), limit))

    def _facts_between(self, first: datetime, last: datetime) -> list[str]:
        end = last.astimezone(self.zone).date()
        facts: dict[str, None] = {}
        for day in self._days_from(first):
            if day.on > end:
                break
            facts.update(dict.fromkeys(day.facts))
        return list(facts)

    def _days_from(self, instant: datetime) -> Iterator[SchoolDay]:
        first = self._date_of(instant)
        for number in range(HORIZON_DAYS + 1):
            yield self.day(first + timedelta(days=number))

    def _day_of(self, instant: datetime) -> SchoolDay:
        return self.day(self._date_of(instant))

    def _date_of(self, instant: datetime) -> date:
        return _utc(instant).astimezone(self.zone).date()


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:  # astimezone would quietly take the machine's own zone
        raise ValueError(f"an instant must be aware: {instant}")
    return instant.astimezone(UTC)


def _containing(windows: tuple[Window, ...], instant: datetime) -> Window | None:
    return next((window for window in windows if instant in window), None)
