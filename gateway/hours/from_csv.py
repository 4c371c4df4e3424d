"""What does a CSV file with one change of the hours a line say, and what is wrong in which line?"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, time

from gateway.config.tomlfile import meant
from gateway.config.written import date_of, days_of, span_of, time_of
from gateway.hours.from_ical import MOST_BYTES, ReadHours
from rules.hours_entry import KINDS, HoursEntry, Kind
from rules.hours_times import plain
from rules.policy import Span
from rules.wording import day_words

COLUMNS = ("kind", "from", "to", "hours", "weekday", "who", "cover", "why")
MOST_ROWS = 5_000
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


class _BadRow(Exception):
    pass


def read_csv(octets: bytes, staff: frozenset[str]) -> ReadHours:
    """Return what the file says; `staff` are the addresses of all in post."""
    if len(octets) > MOST_BYTES:
        return ReadHours((), faults=(f"it is larger than {MOST_BYTES // 1024 // 1024} MB",))
    try:
        text = octets.decode("utf-8-sig")  # Excel begins its CSV with a byte order mark
    except UnicodeDecodeError:
        return ReadHours((), faults=("it is not UTF-8 text",))
    entries: dict[HoursEntry, None] = {}
    faults: list[str] = []
    columns: list[str] = []
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        for cells in reader:
            row = [cell.strip() for cell in cells]
            if not any(row):
                continue
            if not columns:
                columns = [name.lower() for name in row]
                faults += _columns_wrong(columns)
                if faults:
                    break
                continue
            if reader.line_num > MOST_ROWS:
                faults.append(f"it has more than {MOST_ROWS:,} lines")
                break
            try:
                entries.update(dict.fromkeys(_entries(columns, row, staff)))
            except (_BadRow, ValueError) as fault:
                faults.append(f"line {reader.line_num}: {fault}")
    except csv.Error as error:
        faults.append(f"line {reader.line_num}: {error}")
    if not entries and not faults:
        faults.append("there are no rows in it")
    return ReadHours(tuple(entries), faults=tuple(faults))


def _columns_wrong(columns: list[str]) -> Iterator[str]:
    missing = [name for name in ("kind", "from") if name not in columns]
    if missing:
        yield f"line 1: missing columns: {', '.join(missing)}"
    for name in columns:
        if name and name not in COLUMNS:
            yield f"line 1: unknown column {name!r}{meant(name, COLUMNS)}"
        if name and columns.count(name) > 1:
            yield f"line 1: {name} is given twice"


def _entries(columns: list[str], row: list[str], staff: frozenset[str]) -> Iterator[HoursEntry]:
    if any(row[len(columns) :]):
        raise _BadRow("more cells than columns; put quotes around a value that holds a comma")
    values = dict(zip(columns, row + [""] * len(columns), strict=False))
    kind = _kind(values["kind"])
    first = _date(values["from"], "from")
    last = _last(values.get("to", ""), kind, first, bool(values.get("weekday")))
    who, cover = _who(values, "who", staff), _who(values, "cover", staff)
    _fits(kind, values, who, cover)
    opens, closes = _hours(values.get("hours", ""), kind)
    written = values.get("weekday", "")
    weekdays: tuple[int | None, ...] = days_of(written) if written else (None,)
    if kind in ("closed", "leave", "early") and written:
        raise _BadRow(f"{kind} is about dates, not about a weekday")
    for weekday in weekdays:
        why = values.get("why", "")
        if "@" in plain(why):
            raise _BadRow("why is read by families; leave the address out of it")
        yield HoursEntry(kind, first, last, who, cover, weekday, opens, closes, why).private


def _kind(text: str) -> Kind:
    for kind in KINDS:
        if text.lower() == kind:
            return kind
    raise _BadRow(f"unknown kind {text!r}{meant(text.lower(), KINDS)}; it is {', '.join(KINDS)}")


def _date(text: str, column: str) -> date:
    if not text:
        raise _BadRow(f"{column} is empty")
    slashed = _SLASHED.fullmatch(text)
    if slashed is not None:  # as Excel writes a date on a British machine
        text = f"{slashed[3]}-{int(slashed[2]):02}-{int(slashed[1]):02}"
    return date_of(text)


def _last(text: str, kind: Kind, first: date, weekly: bool) -> date | None:
    if not text:
        open_ended = kind == "days" or (weekly and kind in ("training", "quiet"))
        return None if open_ended else first
    last = _date(text, "to")
    if last < first:
        raise _BadRow(f"to, {day_words(last)}, is before from, {day_words(first)}")
    return last


def _who(values: dict[str, str], column: str, staff: frozenset[str]) -> str | None:
    address = values.get(column, "").lower()
    if not address:
        return None
    if address not in staff:
        raise _BadRow(f"{column}: nobody on the staff has this address{meant(address, staff)}")
    return address


def _fits(kind: Kind, values: dict[str, str], who: str | None, cover: str | None) -> None:
    if kind in ("leave", "days") and who is None:
        raise _BadRow(f"{kind} needs somebody in the column who")
    if kind in ("closed", "early") and who is not None:
        raise _BadRow(f"{kind} is for the whole school; leave the column who empty")
    if cover is not None and kind != "leave":
        raise _BadRow("only leave names a cover")
    if cover is not None and cover == who:
        raise _BadRow("nobody can cover for themselves")
    if kind in ("closed", "leave") and values.get("hours"):
        raise _BadRow(f"{kind} is about whole days; leave the column hours empty")


def _hours(text: str, kind: Kind) -> tuple[time | None, time | None]:
    if kind == "early":
        return None, time_of(text)
    if not text:
        if kind == "training":
            raise _BadRow('training needs hours such as "15:30-17:00"')
        return None, None
    span: Span = span_of(text)
    return span.opens, span.closes
