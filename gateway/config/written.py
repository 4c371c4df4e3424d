"""What did a person mean by this day, time, span or date in a TOML file?

Times are "08:00", "8.00" or TOML's own 08:00:00. Every refusal says what to write instead.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from typing import Annotated

from pydantic import BeforeValidator, PlainValidator

from gateway.config.tomlfile import Place, SectionFaults, meant
from rules.policy import Span, Week

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TIME = re.compile(r"(\d{1,2})[:.](\d{2})", re.ASCII)
MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class WrittenWeek:
    """A week, and where in the file each of its spans is written."""

    week: Week
    places: dict[tuple[int, Span], Place]


def time_of(value: object) -> time:
    """Return a time of day, to the minute.

    Raises:
        ValueError: it is not one.
    """
    if isinstance(value, time) and value.tzinfo is None and not value.second:
        return value
    found = TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError(f'"{value}" is not a time; write it like "15:30"')
    return time(int(found[1]), int(found[2]))


def span_of(value: object) -> Span:
    """Return "08:00-08:30", or { opens = 08:00:00, closes = 08:30:00 }, as a span.

    Raises:
        ValueError: it is neither, or closes before it opens.
    """
    match value:
        case {"opens": opens, "closes": closes, **rest} if not rest:
            ends: tuple[object, object] = (opens, closes)
        case str() if re.fullmatch(r"[^-–]+[-–][^-–]+", value):
            first, last = re.split("[-–]", value)
            ends = (first, last)
        case _:
            raise ValueError(f'"{value}" is not a span of time; write it like "08:00-08:30"')
    opens_at, closes_at = time_of(ends[0]), time_of(ends[1])
    if opens_at >= closes_at:
        raise ValueError(f"{opens_at:%H:%M} is not before {closes_at:%H:%M}")
    return Span(opens_at, closes_at)


def days_of(key: str) -> tuple[int, ...]:
    """Return the weekdays "mon" or "mon-fri" names, Monday being 0.

    Raises:
        ValueError: it names none, or runs backwards.
    """
    parts = [part.strip().lower() for part in key.split("-")]
    for part in parts:
        if part not in DAYS:
            raise ValueError(f'unknown day "{part}"{meant(part[:3], DAYS)}')
    first, last = DAYS.index(parts[0]), DAYS.index(parts[-1])
    if len(parts) > 2 or first > last:
        raise ValueError('is not a range of days; write it like "mon-fri"')
    return tuple(range(first, last + 1))


def weekday_of(value: object) -> int:
    """Return the one weekday that "wed" names.

    Raises:
        ValueError: it does not name one.
    """
    if not isinstance(value, str) or len(days := days_of(value)) != 1:
        raise ValueError('must be one day, such as "wed"')
    return days[0]


def week_of(value: object) -> WrittenWeek:
    """Return a section of days, each with a list of spans, as a week.

    Raises:
        ValueError: it is no such section.
        SectionFaults: any day or span in it is wrong; all of them are named.
    """
    if not isinstance(value, dict):
        raise ValueError('must be a section of days, such as mon-fri = ["08:00-08:30"]')
    faults: list[tuple[Place, str]] = []
    places: dict[tuple[int, Span], Place] = {}
    taken: dict[int, str] = {}
    for key, written in value.items():
        try:
            days = days_of(key)
        except ValueError as error:
            faults.append(((key,), str(error)))
            continue
        spans = written if isinstance(written, list) else [written]
        for day in days:
            if day in taken:
                faults.append(((key,), f"{DAYS[day]} is given already, under {taken[day]}"))
            taken[day] = key
        for number, text in enumerate(spans):
            try:
                span = span_of(text)
            except ValueError as error:
                faults.append(((key, number), str(error)))
                continue
            places.update({(day, span): (key, number) for day in days})
    week = tuple(
        tuple(sorted((s for d, s in places if d == day), key=lambda s: s.opens)) for day in range(7)
    )
    for day, in_order in enumerate(week):
        for earlier, later in pairwise(in_order):
            if later.opens < earlier.closes:
                words = f"begins at {later.opens:%H:%M}, before the span before it ends"
                faults.append((places[day, later], words))
    if faults:
        raise SectionFaults(dict.fromkeys(faults))
    return WrittenWeek(week, places)


def date_of(value: object) -> date:
    """Return a date, written as text or as TOML's own.

    Raises:
        ValueError: it is not one, or not a day that exists.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else _no_date(value)
    except ValueError as error:
        raise ValueError(f'"{value}" is not a date; write it like 2026-11-30') from error


def in_order(first: date | None, last: date | None) -> None:
    """Check the "from" and "to" of a section.

    Raises:
        SectionFaults: it ends before it begins.
    """
    if first is not None and last is not None and last < first:
        raise SectionFaults([(("to",), f"{last} is before from, {first}")])


def first_day_of(value: object) -> date:
    """Return a date; a month alone ("2024-11") means its first day."""
    month = _month_of(value)
    return date_of(value) if month is None else month


def last_day_of(value: object) -> date:
    """Return a date; a month alone ("2025-11") means its last day, when a review is due."""
    month = _month_of(value)
    if month is None:
        return date_of(value)
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _month_of(value: object) -> date | None:
    found = MONTH.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or not (1 <= int(found[2]) <= 12 and int(found[1]) > 0):
        return None
    return date(int(found[1]), int(found[2]), 1)


def _no_date(value: object) -> date:
    raise ValueError(f"{type(value).__name__} is no date")


# How a section of the policy declares such a value.
Day = Annotated[date, BeforeValidator(date_of)]
Time = Annotated[time, BeforeValidator(time_of)]
Hours = Annotated[Span, PlainValidator(span_of)]
Days = Annotated[WrittenWeek, PlainValidator(week_of)]
