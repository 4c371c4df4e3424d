"""What went before with a guardian in this school year, for the leadership to judge by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

from sqlalchemy import Connection, select

from gateway.school import School
from gateway.store import register, removals
from gateway.store import schema as t
from gateway.work.people_words import long_day
from gateway.work.source import Source
from rules.until import start_of_school_year
from rules.walltime import instant_of
from rules.wording import moment_words


def past_of(connection: Connection, school: School, source: Source, now: datetime) -> list[str]:
    """Return how often the writer was reported and reminded since September, and each with its day.

    Nothing for a writer whom the roster does not know.
    """
    guardian_id = source.row.guardian_id
    if guardian_id is None:
        return []
    first = start_of_school_year(school.today(now))
    since = instant_of(first, time(), school.zone)
    staff = school.staffing(connection, now).everybody
    reports = [
        (at, staff[staff_id].name if staff_id is not None and staff_id in staff else "")
        for at, staff_id in register.reports_about(connection, guardian_id, source.spool_id)
        if at >= since
    ]
    n = t.notices.c
    reminders = connection.execute(
        select(n.at)
        .where(n.guardian_id == guardian_id, n.kind == "security", n.at >= since)
        .order_by(n.at)
    ).scalars()
    lines = [(at, f"reported{f' by {name}' if name else ''}") for at, name in reports]
    lines += [(at, "reminded to keep the account safe") for at in reminders]
    found = [f"{moment_words(at, school.zone)}: {what}" for at, what in sorted(lines)]
    found += [
        f"{long_day(row.begins)}: removed from messaging"
        for row in removals.of_guardian(connection, guardian_id)
        if row.begins >= first
    ]
    return [_counted(lines), *found] if found else []


def _counted(lines: Iterable[tuple[datetime, str]]) -> str:
    kinds = [what.partition(" ")[0] for _at, what in lines]
    said = [f"{kind} {_times(kinds.count(kind))}" for kind in ("reported", "reminded")]
    return f"Since 1 September: {said[0]}, {said[1]}"


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")
