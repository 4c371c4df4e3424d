"""What do a school's files change about its staff?

Who is named reads for the classes named beside them and no others: last year's teacher must not
be given this year's mail. Roles are only added, because a file that forgets one must not leave
the school without a safeguarding lead. Whom somebody here has ended, no file takes on again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from gateway.imports.classes import class_id_of
from gateway.imports.planning import Planning
from gateway.imports.sheet import Row
from gateway.roster.records import StaffRecord
from rules.people import Role

Span = tuple[date | None, date | None]


def plan_staff(plan: Planning, records: Iterable[StaffRecord]) -> None:
    """Add or change staff, their roles and the classes they read for."""
    reads_for: dict[str, dict[str, Row]] = {}
    for record in records:
        row = _member(plan, record)
        staff_id = row["staff_id"]
        for role in record.roles:
            _role(plan, staff_id, role, record.rank)
        spans = _spans(plan, record)
        if spans is None:
            continue
        wanted = reads_for.setdefault(staff_id, {})
        for class_id, (begins, ends) in spans.items():
            wanted[class_id] = {"position": record.rank, "begins": begins, "ends": ends}
    spared = {row["staff_id"] for name, row in plan.known.staff.items() if name in plan.spared}
    for staff_id, wanted in reads_for.items():
        _classes(plan, staff_id, wanted, end_others=staff_id not in spared)


def _member(plan: Planning, record: StaffRecord) -> Row:
    known = plan.known
    row = known.staff.get(record.address)
    if row is None:
        row = known.staff[record.address] = plan.add(
            "staff",
            {
                "staff_id": next(plan.ids),
                "school_id": known.school_id,
                "name": record.name,
                "address": record.address,
                "ends": None,
                "ended_by": None,
            },
        )
        plan.tell("staff added", f"{record.name}, {record.address}")
        return row
    values: Row = {"name": record.name}
    if row["ended_by"] is None:
        values["ends"] = None
    else:
        plan.tell("staff in the records, ended here", f"{record.name}, {record.address}")
    if plan.change("staff", row, values):
        plan.tell("staff changed", f"{record.name}, {record.address}")
    return row


def _role(plan: Planning, staff_id: str, role: Role, rank: int) -> None:
    key = (staff_id, str(role))
    row = plan.known.roles.get(key)
    if row is None:
        plan.known.roles[key] = plan.add(
            "staff_roles", {"staff_id": staff_id, "role": str(role), "rank": rank}
        )
    else:
        plan.change("staff_roles", row, {"rank": rank})


def _spans(plan: Planning, record: StaffRecord) -> dict[str, Span] | None:
    """Return the classes they read for and since when, until when; None: the file is silent."""
    if not record.teaching:
        if record.class_names is None:
            return None
        return {class_id_of(plan, name): (None, None) for name in record.class_names}
    spans: dict[str, Span] = {}
    for taught in record.teaching:
        if taught.ends is not None and taught.ends < plan.today:
            continue
        class_id = class_id_of(plan, taught.class_name)
        one = (taught.begins, taught.ends)
        spans[class_id] = _both(spans[class_id], one) if class_id in spans else one
    return spans


def _both(one: Span, other: Span) -> Span:
    """Return the span from the first day of either to the last of either."""
    begins = None if None in (one[0], other[0]) else min(filter(None, (one[0], other[0])))
    ends = None if None in (one[1], other[1]) else max(filter(None, (one[1], other[1])))
    return begins, ends


def _classes(plan: Planning, staff_id: str, wanted: dict[str, Row], *, end_others: bool) -> None:
    have = plan.known.class_staff[staff_id]
    for class_id, values in wanted.items():
        row = have.get(class_id)
        if row is None:
            have[class_id] = plan.add(
                "class_staff", {"class_id": class_id, "staff_id": staff_id, **values}
            )
        else:
            plan.change("class_staff", row, values)
    for class_id in [one for one in have if one not in wanted and end_others]:
        plan.sheet.drop("class_staff", have.pop(class_id))
