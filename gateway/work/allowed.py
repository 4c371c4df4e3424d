"""May a mail go now, and if not, when? Asked of the roster and the hours when it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from gateway.invites.mailing import why_not_sent
from gateway.school import School
from gateway.store.engine import Store
from gateway.store.outbox import WITH_A_CODE, Leased
from gateway.store.recipients import reason_to_withhold
from gateway.work.given_back import reason_to_give_back
from gateway.work.send import Allowed
from rules.calendar import SchoolCalendar


def allowed_by(store: Store, schools: Mapping[str, School]) -> Allowed:
    """Return what the sender asks of the schools about each row."""

    def withhold(connection: Connection, leased: Leased, now: datetime) -> str | None:
        school = schools[leased.school_id]
        if leased.kind == WITH_A_CODE:
            code = why_not_sent(connection, school, leased, now)
            return code or reason_to_give_back(connection, school, leased, now)
        why = reason_to_withhold(connection, leased, school.today(now))
        return why or reason_to_give_back(connection, school, leased, now)

    def calendar_of(leased: Leased, now: datetime) -> SchoolCalendar:
        school = schools[leased.school_id]
        with store.read() as connection:
            school.refresh(connection)
            if leased.kind == "answer":
                # An answer that waited: no leave of its writer's keeps it from the parent.
                return school.calendar
            person = school.staffing(connection, now).everybody[leased.hours_of or ""]
        return school.calendar_of(person.address)

    def reading_deadline(leased: Leased, now: datetime) -> datetime | None:
        window = calendar_of(leased, now).window_at(now)
        return window.closes if window else None

    def next_opening(leased: Leased, now: datetime) -> datetime:
        return calendar_of(leased, now).next_opening(now)

    return Allowed(withhold, reading_deadline, next_opening)
