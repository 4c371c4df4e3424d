"""When is a class of these terms held?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from gateway.roster import cells
from gateway.roster.gathering import Gathering, in_order
from gateway.roster.sources import Source
from gateway.roster.tables import BadRow, read_table

Days = tuple[date | None, date | None]


class Terms:
    """The academic sessions of an export by id. Without the file nothing has dates."""

    def __init__(self, days: dict[str, Days] | None) -> None:
        self._days = days

    def of(self, session_ids: str) -> Days:
        """Return the first and the last day of the sessions in a comma list.

        Raises:
            BadRow: one of them is not in the file.
        """
        ids = listed(session_ids)
        if self._days is None or not ids:
            return None, None
        missing = [one for one in ids if one not in self._days]
        if missing:
            raise BadRow(f"session {missing[0]} is not in academicSessions.csv")
        begins = [self._days[one][0] for one in ids]
        ends = [self._days[one][1] for one in ids]
        return (
            None if None in begins else min(day for day in begins if day),
            None if None in ends else max(day for day in ends if day),
        )


def listed(cell: str) -> tuple[str, ...]:
    """Return the ids in a cell that holds a comma list."""
    return tuple(dict.fromkeys(one.strip() for one in cell.split(",") if one.strip()))


def last_day(end: date | None, *, is_excluded: bool) -> date | None:
    """Return the last day: in OneRoster an endDate is the first day after."""
    return end - timedelta(days=1) if end is not None and is_excluded else end


def read_terms(
    source: Source, into: Gathering, has_left: Callable[[str], bool], *, end_is_excluded: bool
) -> Terms:
    """Return the sessions of academicSessions.csv, as far as it is there."""
    if not source.has("academicSessions.csv"):
        return Terms(None)
    days: dict[str, Days] = {}
    table = read_table(source, "academicSessions.csv")
    table.need("sourcedId", "startDate", "endDate")
    for row in table:
        try:
            session = cells.reference(row["sourcedid"], "sourcedId")
            if has_left(row["status"]):
                continue
            begins = cells.day(row["startdate"], "startDate")
            ends = last_day(cells.day(row["enddate"], "endDate"), is_excluded=end_is_excluded)
            in_order(begins, ends)
            days[session] = (begins, ends)
        except BadRow as fault:
            into.flaw(row.where, str(fault))
    into.close(table)
    return Terms(days)
