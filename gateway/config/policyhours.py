"""What are the school's hours? The [hours] part of `policy.toml`, checked and made into a value."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, PlainValidator, model_validator

from gateway.config.tomlfile import Place, Section, SectionFaults, Text, Whole
from gateway.config.written import WrittenWeek, date_of, span_of, time_of, week_of, weekday_of
from rules import policy as rules

Day = Annotated[date, BeforeValidator(date_of)]
Time = Annotated[time, BeforeValidator(time_of)]
Hours = Annotated[rules.Span, PlainValidator(span_of)]
Days = Annotated[WrittenWeek, PlainValidator(week_of)]


class Closed(Section):
    first: Day = Field(alias="from")
    last: Day | None = Field(default=None, alias="to")
    why: Text

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last is not None and self.last < self.first:
            words = f"{self.last} is before from, {self.first}"
            raise SectionFaults([(("to",), words)])
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
    staff: Text | None = None  # a staff id; nobody named means everybody

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
    last_cut_before_close_minutes: Annotated[Whole, Field(ge=1, le=60)] = 10
    closed: tuple[Closed, ...] = ()
    early_closing: tuple[EarlyClosing, ...] = ()
    training: tuple[Training, ...] = ()

    @model_validator(mode="after")
    def _nested(self) -> Self:
        faults: list[tuple[Place, str]] = []
        for (day, window), place in self.windows.places.items():
            working = self.working.week[day]
            if not any(w.opens <= window.opens and window.closes <= w.closes for w in working):
                faults.append((("windows", *place), "is not within the working hours of that day"))
        if not self.windows.places:
            faults.append((("windows",), "has no window, so no teacher would ever read"))
        closed = [days.as_rules() for days in self.closed]
        seen: set[date] = set()
        for number, early in enumerate(self.early_closing):
            shut = next((days for days in closed if days.first <= early.on <= days.last), None)
            if shut is not None:
                words = f"{early.on} is a closed day already: {shut.why}"
                faults.append((("early_closing", number, "on"), words))
            if early.on in seen:
                faults.append((("early_closing", number, "on"), f"{early.on} is given twice"))
            seen.add(early.on)
        if faults:
            raise SectionFaults(dict.fromkeys(faults))
        return self

    def as_rules(self) -> rules.Hours:
        return rules.Hours(
            working=self.working.week,
            windows=self.windows.week,
            office=self.office.week,
            closed=tuple(days.as_rules() for days in self.closed),
            early=tuple(
                rules.EarlyClosing(day.on, day.closes, day.why) for day in self.early_closing
            ),
            bookings=tuple(
                rules.Booking(item.hours, item.why, item.on, item.every, item.staff)
                for item in self.training
            ),
            batch_every=timedelta(minutes=self.batch_every_minutes),
            last_cut_before_close=timedelta(minutes=self.last_cut_before_close_minutes),
        )
