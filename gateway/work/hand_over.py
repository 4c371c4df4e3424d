"""Who is given what waits for somebody who has left, or whose window was missed?"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from gateway.school import School
from gateway.store import cases, digests
from gateway.work.office_queue import put_on_list
from rules.calendar import NoReadingTime, SchoolCalendar
from rules.people import Staff
from rules.readers import reader_for

log = logging.getLogger(__name__)


def hand_over(
    connection: Connection, school: School, items: Sequence[Row[Any]], now: datetime
) -> None:
    """Give `items` to whoever reads soonest for their class now, or to the office."""
    staffing = school.staffing(connection, now)

    def calendar_of(staff_id: str) -> SchoolCalendar:
        return school.calendar_of(staffing.everybody[staff_id].address)

    for item in items:
        room = staffing.rooms.get(item.class_id or "")
        heir = reader_for(room, calendar_of, now) if room is not None else None
        if heir is not None and item.kind not in digests.OFFICE_KINDS:
            reads_at = heir.calendar.next_cut(now)
            to_heir(connection, school, item, heir.staff, reads_at, now)
            continue
        if item.kind != "with-dsl":  # the lead has that message, and it is not for the office
            put_on_list(
                connection,
                school,
                item.spool_id,
                "its reader has left, and nobody reads for the class",
                now,
                key=f"left/{item.item_id}",
                failed="digest",
                besides=(item.staff_id,),
                answer=item.detail.get("kept_back", ""),
            )
        digests.withdraw_item(connection, item.item_id, now)


def wait_again(
    connection: Connection, school: School, reader: Staff, items: Sequence[Row[Any]], now: datetime
) -> None:
    """Let what missed its window wait for the next: of `reader`, or of who reads sooner by now.

    Half of a job share may not work again for a week, and the other half tomorrow.
    """
    staffing = school.staffing(connection, now)
    after = now + timedelta(microseconds=1)

    def calendar_of(staff_id: str) -> SchoolCalendar:
        return school.calendar_of(staffing.everybody[staff_id].address)

    for item in items:
        room = staffing.rooms.get(item.class_id or "")
        try:
            heir = None
            if item.kind == "message" and room is not None:
                heir = reader_for(room, calendar_of, after)
            if heir is not None and heir.staff.staff_id != reader.staff_id:
                reads_at = heir.calendar.next_cut(after)
                to_heir(connection, school, item, heir.staff, reads_at, now)
                continue
            later = calendar_of(reader.staff_id).next_cut(after)
        except NoReadingTime:
            log.error("no_reading_time", extra={"staff_id": reader.staff_id})
            later = now + timedelta(days=1)
        digests.postpone(connection, [item.item_id], later)


def to_heir(
    connection: Connection,
    school: School,
    item: Row[Any],
    heir: Staff,
    reads_at: datetime,
    now: datetime,
) -> bool:
    """Let an item wait for another reader, who is told whose answer it shows.

    Whom a case is kept from is nobody's heir: then the office, or who stands in for it, has the
    message instead. Return whether the heir has it.
    """
    if heir.staff_id in cases.kept_from(connection, item.spool_id):
        if item.kind != "with-dsl":
            put_on_list(
                connection,
                school,
                item.spool_id,
                "it cannot be given to the one who reads for the class now",
                now,
                key=f"no-heir/{item.item_id}",
                failed="digest",
                besides=(item.staff_id,),
                answer=item.detail.get("kept_back", ""),
            )
        digests.withdraw_item(connection, item.item_id, now)
        return False
    digests.hand_over(connection, item.item_id, heir.staff_id, reads_at)
    before = school.staffing(connection, now).everybody.get(item.staff_id)
    if item.detail.get("kept_back") and "kept_back_by" not in item.detail and before is not None:
        digests.describe(connection, item.item_id, {**item.detail, "kept_back_by": before.name})
    return True
