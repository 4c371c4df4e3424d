"""What are the school's hours? The [hours] part of `policy.toml`, checked and made into a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from gateway.config.bankholidays import BankHolidays
from gateway.config.mailboxes import StaffAddress
from gateway.config.policystaff import Leave, StaffHours, staff_faults
from gateway.config.tomlfile import Place, Section, SectionFaults, Text, Whole
from gateway.config.written import Day, Days, Hours, Time, in_order, weekday_of
from rules import policy as rules
from rules.narrowing import SHORTEST_WINDOW, is_long_enough

_LEAST_MINUTES = SHORTEST_WINDOW // timedelta(minutes=1)
_TOO_SHORT = f"is shorter than {_LEAST_MINUTES} minutes, too short for anybody to read in"


class Closed(Section):
    first: Day = Field(alias="from")
    last: Day | None = Field(default=None, alias="to")
    why: Text

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        in_order(self.first, self.last)
        return self

    def as_rules(self) -> rules.ClosedDays:
        return rules.ClosedDays(self.first, self.last or self.first, self.why)


class EarlyClosing(Section):
    on: Day
    closes: Time
    why: Text = "early closing"


class Training(Section):
    on: Day | None = None
    every: Annotated[int, BeforeValidator(weekday_of)] | None = None
    hours: Hours
    why: Text = "staff training"
    staff: StaffAddress | None = None  # nobody named means everybody

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.on is None) == (self.every is None):
            raise ValueError('needs either on = 2027-01-13 or every = "wed", and not both')
        return self


class HoursSection(Section):
    working: Days
    windows: Days
    office: Days
    batch_every_minutes: Annotated[Whole, Field(ge=1, le=120)] = 15
    last_cut_before_close_minutes: Annotated[Whole, Field(ge=_LEAST_MINUTES, le=60)] = 10
    closed: tuple[Closed, ...] = ()
    early_closing: tuple[EarlyClosing, ...] = ()
    bank_holidays: BankHolidays = Field(default_factory=BankHolidays)
    training: tuple[Training, ...] = ()
    staff: tuple[StaffHours, ...] = ()
    leave: tuple[Leave, ...] = ()

    @model_validator(mode="after")
    def _nested(self) -> Self:
        faults: list[tuple[Place, str]] = []
        for (day, window), place in self.windows.places.items():
            working = self.working.week[day]
            if not any(w.opens <= window.opens and window.closes <= w.closes for w in working):
                faults.append((("windows", *place), "is not within the working hours of that day"))
            if not is_long_enough(window):
                faults.append((("windows", *place), _TOO_SHORT))
        if not self.windows.places:
            faults.append((("windows",), "has no window, so no teacher would ever read"))
        faults += self._early_on(closed.as_rules() for closed in self.closed)
        seen: set[date] = set()
        for number, early in enumerate(self.early_closing):
            if early.on in seen:
                faults.append((("early_closing", number, "on"), f"{early.on} is given twice"))
            seen.add(early.on)
        faults += staff_faults(self.staff, self.leave, self.windows.week)
        if faults:
            raise SectionFaults(dict.fromkeys(faults))
        return self

    def _early_on(self, closed: Iterable[rules.ClosedDays]) -> Iterator[tuple[Place, str]]:
        shut = tuple(closed)
        for number, early in enumerate(self.early_closing):
            for days in shut:
                if days.first <= early.on <= days.last:
                    words = f"{early.on} is a closed day already: {days.why}"
                    yield ("early_closing", number, "on"), words
                    break

    def faults_in(self, years: range) -> Iterator[tuple[Place, str]]:
        """Yield what is wrong with the bank holidays of these years, and because of them."""
        for place, words in self.bank_holidays.faults(years):
            yield ("bank_holidays", *place), words
        yield from self._early_on(self._bank_holidays(years))

    def _bank_holidays(self, years: range) -> tuple[rules.ClosedDays, ...]:
        by_hand = [days.as_rules() for days in self.closed]
        return tuple(self.bank_holidays.closed(years, by_hand))

    def as_rules(self, years: range) -> rules.Hours:
        """Return the hours, with the bank holidays of these years.

        What the school wrote by hand stands first: its own name for a day is the one shown.
        """
        by_hand = tuple(days.as_rules() for days in self.closed)
        return rules.Hours(
            working=self.working.week,
            windows=self.windows.week,
            office=self.office.week,
            closed=by_hand + self._bank_holidays(years),
            early=tuple(
                rules.EarlyClosing(day.on, day.closes, day.why) for day in self.early_closing
            ),
            bookings=tuple(
                rules.Booking(item.hours, item.why, item.on, item.every, item.staff)
                for item in self.training
            ),
            batch_every=timedelta(minutes=self.batch_every_minutes),
            last_cut_before_close=timedelta(minutes=self.last_cut_before_close_minutes),
            staff_weeks=tuple(one.as_rules() for one in self.staff),
            leave=tuple(one.as_rules() for one in self.leave),
        )
