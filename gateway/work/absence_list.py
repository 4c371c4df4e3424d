"""Which reports of an absence does the office have for one day? Rows for the morning's list.

Read again from the stored messages: nothing about a child's health is kept beside them.
Only what went to the office is in it, and nothing that the safeguarding line has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, select

from gateway.store import schema as t
from gateway.store.staffing import Staffing
from gateway.work.absence_cards import (
    ATTENDANCE,
    ReadCard,
    child_words,
    day_line,
    read_card,
    recorded_words,
    time_line,
)
from gateway.work.letters import Letters
from rules.absence_child import ChildBy
from rules.absence_days import CardDay
from rules.people import Role
from rules.walltime import instant_of

_LOOKED_BACK = timedelta(days=31)  # leave is asked for weeks ahead
_MIDNIGHT = time()
_FIRST_INJECTED = "=+-@\t\r\uff1d\uff0b\uff0d\uff20|%"


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """One child in one message. What is not stated is "". `dates` are ISO 8601, ranges with "/"."""

    child_reference: str
    child: str
    class_name: str
    dates: str
    stated: str  # the days and times as written
    kind: str
    reason: str  # the parent's own words
    received: str  # ISO 8601 with the offset of the school's zone
    sender: str
    message_id: str  # ours, for `schoolgate why`
    child_by: str  # how the child was found
    listed_for: str  # why it is in this day's list


def absences_on(connection: Connection, letters: Letters, day: date) -> tuple[AbsenceRow, ...]:
    """Return the rows for `day`, a date at the school, in the order in which they came.

    A message is listed on the day on which it came, and on each day that it names.
    """
    school = letters.school
    end = instant_of(day + timedelta(days=1), _MIDNIGHT, school.zone)
    begin = instant_of(day - _LOOKED_BACK, _MIDNIGHT, school.zone)
    staffing = school.staffing(connection, end)
    seen: set[tuple[str, str]] = set()
    rows: list[AbsenceRow] = []
    for spool_id, raw_id in _messages(connection, school.school_id, begin, end, staffing):
        source = letters.source(connection, spool_id, end)
        evidence = recorded_words(connection, spool_id)
        read = read_card(connection, school, staffing, source, evidence)
        came = school.today(source.arrived)
        listed_for = "came that day" if came == day else _named(read.card.days, came, day)
        if not listed_for:
            continue
        shared = {
            "dates": " ".join(filter(None, map(_dates, read.card.days))),
            "stated": "; ".join(
                [day_line(one, came) for one in read.card.days]
                + [time_line(one) for one in read.card.times]
            ),
            "kind": ", ".join(map(str, read.card.kinds)),
            "reason": read.card.reason or read.card.sentence,
            "received": source.arrived.astimezone(school.zone).isoformat(timespec="minutes"),
            "sender": source.writer,
            "message_id": source.spool_id,
            "child_by": str(read.card.child_by),
            "listed_for": listed_for,
        }
        for child in _children(read):
            # One message to the classes of two children is one report.
            if (raw_id, child["child"]) not in seen:
                seen.add((raw_id, child["child"]))
                rows.append(AbsenceRow(**child, **shared))
    return tuple(rows)


def safe_cell(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, on one line."""
    line = " ".join(value.split())
    return f"'{line}" if line[:1] and line[0] in _FIRST_INJECTED else line


def safe_cells(row: AbsenceRow) -> Mapping[str, str]:
    """Return a row's cells for CSV, by column."""
    return {name: safe_cell(value) for name, value in asdict(row).items()}


def _messages(
    connection: Connection, school_id: str, begin: datetime, end: datetime, staffing: Staffing
) -> Iterator[tuple[str, str]]:
    """Yield the ids of what the office was sent as attendance, but for concerns of the lead's."""
    m, j = t.messages.c, t.journal.c
    offices = {one.staff_id for one in staffing.leads if Role.OFFICE in one.roles}
    with_the_lead = select(t.safeguarding_cases.c.spool_id)
    rows = connection.execute(
        select(m.spool_id, m.raw_id, j.detail)
        .join(t.journal, (j.spool_id == m.spool_id) & (j.event == "decided"))
        .where(
            m.school_id == school_id,
            m.state == "settled",
            m.arrived >= begin,
            m.arrived < end,
            m.spool_id.not_in(with_the_lead),
        )
        .order_by(m.arrived, m.spool_id)
    )
    for row in rows:
        for effect in row.detail.get("effects", ()):
            if effect["effect"] == "RedirectToOffice" and effect["staff_id"] in offices:
                if ATTENDANCE in effect["topics"]:
                    yield row.spool_id, row.raw_id
                break


def _children(read: ReadCard) -> Iterator[dict[str, str]]:
    """Yield each child; where the message does not say which, one row without a reference."""
    if read.card.child_by is ChildBy.UNSAID or not read.children:
        rooms = " or ".join(dict.fromkeys(read.rooms))
        name = " or ".join(one.name for one in read.children) if read.children else ""
        yield {"child_reference": "", "child": name or child_words(read), "class_name": rooms}
        return
    for one, room in zip(read.children, read.rooms, strict=True):
        yield {"child_reference": one.reference, "child": one.name, "class_name": room}


def _dates(day: CardDay) -> str:
    if not day.dates:
        return ""
    words = [one.isoformat() for one in day.dates]
    dates = "/".join(words) if day.through else " ".join(words)
    return dates if day.of == "on" else f"{day.of}:{dates}"


def _named(days: tuple[CardDay, ...], came: date, day: date) -> str:
    """Return why a message of an earlier day is listed, or "" when it does not touch `day`."""
    for one in days:
        if not one.dates:
            continue
        first, last = one.dates[0], one.dates[-1]
        if one.of == "on" and (day in one.dates or (one.through and first <= day <= last)):
            return "names this day"
        if one.of == "from" and (first <= day <= last if one.through else first == day):
            return "names this day"
        if one.of == "until" and came < day <= last:
            return f"says {one.words}"
        if one.of == "back" and came < day <= first:
            return f"says {one.words}"
    return ""
