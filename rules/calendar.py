"""When may a teacher be given mail, when does the office read, and what can be promised?

Three nested calendars: working hours contain reading windows, and those contain what is left
of them after closures, training and a teacher's own quiet time (REQUIREMENTS D1). Windows are
wall-clock times in the school's zone; every instant in and out is aware, UTC out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules.policy import Booking, Hours, Policy, Promise
from rules.promises import PromiseMade, due_within
from rules.schoolday import SchoolDay, school_day
from rules.walltime import Window, instant_of, is_repeated
from rules.wording import moment_words

HORIZON_DAYS = 366
REMEMBERED_DAYS = 1_000


class NoReadingTime(Exception):
    """Every window in the next 366 days is closed: a fault of the policy, never of a message."""


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """The school's hours, or one teacher's when `narrowed`."""

    hours: Hours
    zone: ZoneInfo
    within: Promise = field(default_factory=Promise)
    own: tuple[Booking, ...] = ()  # one teacher's quiet time and bookings
    # Days already worked out. They follow from the fields above, so two calendars stay equal.
    _days: dict[date, SchoolDay] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @classmethod
    def of(cls, policy: Policy) -> SchoolCalendar:
        """Return the calendar of a whole school."""
        return cls(policy.hours, ZoneInfo(policy.zone), policy.promise)

    def narrowed(self, staff_id: str, quiet: tuple[Booking, ...] = ()) -> SchoolCalendar:
        """Return the calendar of one teacher: fewer windows or the same, never more.

        Takes out the policy's bookings for `staff_id`, and `quiet`: the teacher's own quiet
        time and bookings kept elsewhere. Those that name somebody else are left aside.
        """
        candidates = (*self.hours.bookings, *quiet)
        theirs = [booking for booking in candidates if booking.staff == staff_id]
        theirs += [booking for booking in quiet if booking.staff is None]
        if not theirs:
            return self
        return SchoolCalendar(self.hours, self.zone, self.within, (*self.own, *theirs))

    def day(self, on: date) -> SchoolDay:
        """Return what the date `on` is like at school."""
        known = self._days.get(on)
        if known is not None:
            return known
        everybody = tuple(booking for booking in self.hours.bookings if booking.staff is None)
        made = school_day(on, self.hours, self.zone, (*everybody, *self.own))
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
        limit = self._limit(counted_from) or next(self.windows_from(reads_at)).closes
        due = due_within(self.windows_from(reads_at), limit)
        facts = [f"the limit is {moment_words(limit, self.zone)} ({self._limit_words()})"]
        if counted_from != arrived:
            facts.insert(
                0,
                f"arrived {moment_words(arrived, self.zone)}, outside working hours: "
                f"counted from {moment_words(counted_from, self.zone)}",
            )
        facts += self._facts_between(arrived, max(limit, due))
        if due > limit:
            facts.append("no reading window allows an answer by the limit")
        return PromiseMade(reads_at, due, limit, due > limit, tuple(facts))

    def _counted_from(self, arrived: datetime) -> datetime:
        """Return when the clock of the promise starts: working days count working hours only."""
        if self.within.clock == "elapsed":
            return arrived
        return self.next_working(arrived) or arrived

    def _limit(self, start: datetime) -> datetime | None:
        if self.within.clock == "elapsed":
            return start + timedelta(hours=self.within.hours)
        local = start.astimezone(self.zone)
        left = self.within.days
        for day in self._days_from(start):
            if day.on > local.date() and day.working:
                left -= 1
                if left <= 0:
                    return instant_of(day.on, self._time_of_day(local), self.zone)
        return None

    def _time_of_day(self, local: datetime) -> time:
        """Return the wall-clock time, moved past the repeated hour in its second pass.

        Otherwise mail in the second 1.10am would be due before mail in the first 1.30am.
        """
        if not local.fold:
            return local.time()
        moved = local.replace(second=0, microsecond=0)
        while is_repeated(moved.date(), moved.time(), self.zone):
            moved = moved + timedelta(minutes=1)
        return moved.time() if moved.date() == local.date() else time.max

    def _limit_words(self) -> str:
        if self.within.clock == "elapsed":
            return f"{self.within.hours} hours"
        return f"{self.within.days} working day" + ("" if self.within.days == 1 else "s")

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
