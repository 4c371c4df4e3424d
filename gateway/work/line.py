"""Tells the safeguarding line of a case: whom, when the next, and what is on record of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from gateway.school import School
from gateway.store import cases, register
from gateway.work.alert_letters import send_alert
from gateway.work.letters import Letters
from gateway.work.office_queue import put_on_list
from rules.concern import OUTSIDE


def tell_of_case(
    connection: Connection, letters: Letters, spool_id: str, whom: Sequence[str], now: datetime
) -> None:
    """Alert each of `whom`, and record as told those to whom the mail is on its way.

    For one whose mail could not be written the office is told, and the next in line at once.
    """
    in_post = letters.school.staffing(connection, now).current
    for staff_id in whom:
        if staff_id not in in_post and staff_id != OUTSIDE:
            cases.tell_next_at_once(connection, spool_id, now)
            continue
        if send_alert(letters, connection, spool_id, staff_id, now) != "held":
            register.append(
                connection,
                school_id=letters.school.school_id,
                event="told",
                spool_id=spool_id,
                at=now,
                staff_id=staff_id,
            )
            continue
        put_on_list(
            connection,
            letters.school,
            spool_id,
            "the safeguarding mail about this message could not be written",
            now,
            key="held/safeguarding",
            failed="safeguarding",
            besides=(staff_id,),
        )
        cases.tell_next_at_once(connection, spool_id, now)


def next_telling(school: School, line: Sequence[str], told: int, now: datetime) -> datetime:
    """Return when to tell more people of a case that nobody has acknowledged.

    The next of the line after the policy's minutes; when all know, all of them
    again on the next working morning: a concern is never quietly given up.
    """
    if told < len(line):
        return now + school.policy.escalate_after
    tomorrow = datetime.combine(school.today(now) + timedelta(days=1), time(0), school.zone)
    return school.calendar.next_working(tomorrow) or tomorrow
