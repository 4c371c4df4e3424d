"""When may who be given mail? The policy's text read minute by minute, without a rule of ours.

Nothing of `rules/` is used here, so that a fault there cannot excuse itself. A minute is open
when its wall-clock time lies in every span that must hold it and in none that takes it out;
windows are what is left, and cuts are counted from their ends (REQUIREMENTS D1, E5).
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MINUTE = timedelta(minutes=1)
Spans = Sequence[str]


class Oracle:
    """What the policy's text says of each teacher, from `first` to `last`."""

    def __init__(
        self, policy: Path, rooms: Mapping[str, Sequence[str]], first: date, last: date
    ) -> None:
        text = tomllib.loads(policy.read_text("utf-8"))
        self.zone = ZoneInfo(text["school"]["zone"])
        self._hours: dict[str, Any] = text["hours"]
        self._rooms = rooms
        self._dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        self._known: dict[str, list[datetime]] = {}
        self._school: dict[tuple[date, time], bool] = {}

    def is_open(self, who: str, instant: datetime) -> bool:
        """Return whether `who` may be given mail at `instant`."""
        local = instant.astimezone(self.zone)
        return self._is_open(who, local.date(), local.time().replace(second=0, microsecond=0))

    def cuts(self, who: str) -> list[datetime]:
        """Return every instant at which a digest may be made for `who`, in order."""
        if who not in self._known:
            self._known[who] = [cut for on in self._dates for cut in self._cuts_on(who, on)]
        return self._known[who]

    def reader(self, room: str, arrived: datetime) -> tuple[str, datetime]:
        """Return who is given a message to `room` that arrived at `arrived`, and at which cut.

        Whoever reads soonest; of equals the first named; a cover on the covered days only.
        """
        teachers = self._rooms[room]
        found = [(self._next_cut(who, arrived), rank, who) for rank, who in enumerate(teachers)]
        for leave in self._hours.get("leave", ()):
            if leave["address"] in teachers and "cover" in leave:
                first, last = leave["from"], leave.get("to", leave["from"])
                for cut in self.cuts(leave["cover"]):
                    if cut >= arrived and first <= cut.astimezone(self.zone).date() <= last:
                        found.append((cut, len(teachers), leave["cover"]))
                        break
        cut, _rank, who = min(found)
        return who, cut

    def _next_cut(self, who: str, arrived: datetime) -> datetime:
        cuts = self.cuts(who)
        number = bisect_left(cuts, arrived)
        return cuts[number] if number < len(cuts) else datetime.max.replace(tzinfo=UTC)

    @cached_property
    def _minutes(self) -> list[time]:
        """The minutes in the windows of any day, in order."""
        noons = (datetime.combine(date(2026, 1, 1), time(0)) + n * _MINUTE for n in range(1440))
        return [
            one.time()
            for one in noons
            if any(_in_week(self._hours["windows"], day, one.time()) for day in range(7))
        ]

    def _cuts_on(self, who: str, on: date) -> list[datetime]:
        opened = [at for at in self._minutes if self._is_open(who, on, at)]
        instants = [datetime.combine(on, at, self.zone).astimezone(UTC) for at in opened]
        cuts: list[datetime] = []
        every = timedelta(minutes=self._hours["batch_every_minutes"])
        before = timedelta(minutes=self._hours["last_cut_before_close_minutes"])
        while instants:
            run = 1
            while run < len(instants) and instants[run] - instants[run - 1] == _MINUTE:
                run += 1
            opens, closes = instants[0], instants[run - 1] + _MINUTE
            last = closes - before
            cut = opens + every
            cuts.append(opens)
            while cut < last:
                cuts.append(cut)
                cut += every
            if last > opens:
                cuts.append(last)
            instants = instants[run:]
        return cuts

    def _is_open(self, who: str, on: date, at: time) -> bool:
        hours, day = self._hours, on.weekday()
        if (on, at) not in self._school:
            self._school[on, at] = self._is_open_to_anybody(on, at)
        if not self._school[on, at]:
            return False
        if any(self._is_booked(one, who, on, at) for one in hours.get("training", ())):
            return False
        if any(one["address"] == who and _within(one, on) for one in hours.get("leave", ())):
            return False
        weeks = [
            one["working"]
            for one in hours.get("staff", ())
            if one["address"] == who and one.get("from", date.min) <= on <= one.get("to", date.max)
        ]
        return not weeks or any(_in_week(week, day, at) for week in weeks)

    def _is_open_to_anybody(self, on: date, at: time) -> bool:
        hours, day = self._hours, on.weekday()
        if not (_in_week(hours["windows"], day, at) and _in_week(hours["working"], day, at)):
            return False
        if any(_within(closed, on) for closed in hours.get("closed", ())):
            return False
        return not any(
            early["on"] == on and at >= time.fromisoformat(early["closes"])
            for early in hours.get("early_closing", ())
        )

    def _is_booked(self, booking: Mapping[str, Any], who: str, on: date, at: time) -> bool:
        if booking.get("staff", who) != who or not _in(booking["hours"], at):
            return False
        if "on" in booking:
            return bool(booking["on"] == on)
        return on.weekday() in _days(booking["every"])


def _within(dates: Mapping[str, Any], on: date) -> bool:
    """Whether `on` is from "from" to "to", which stands for one day when it is not there."""
    return bool(dates["from"] <= on <= dates.get("to", dates["from"]))


def _in_week(week: Mapping[str, Spans], day: int, at: time) -> bool:
    return any(
        day in _days(names) and any(_in(span, at) for span in spans)
        for names, spans in week.items()
    )


def _in(span: str, at: time) -> bool:
    opens, closes = _ends(span)
    return opens <= at < closes


@cache
def _days(names: str) -> range:
    first, _dash, last = names.partition("-")
    return range(_DAYS.index(first), _DAYS.index(last or first) + 1)


@cache
def _ends(span: str) -> tuple[time, time]:
    opens, _dash, closes = span.partition("-")
    return time.fromisoformat(opens), time.fromisoformat(closes)
