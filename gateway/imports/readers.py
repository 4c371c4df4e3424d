"""Which classes have somebody who reads for them? A staff file whose column is empty has nobody."""

from __future__ import annotations

from gateway.imports.planning import Planning
from gateway.imports.sheet import Row

LEFT_ALONE = "classes without a reader"  # the heading


def classes_read_for(plan: Planning) -> set[str]:
    """Return the ids of the classes for which somebody in post reads today or later."""
    return {
        class_id
        for member in plan.known.staff.values()
        if not _is_over(plan, member)
        for class_id, row in plan.known.class_staff[member["staff_id"]].items()
        if not _is_over(plan, row)
    }


def tell_left_alone(plan: Planning, before: set[str]) -> None:
    """Tell which classes somebody read for until now and nobody will, with pupils in them."""
    lost = before - classes_read_for(plan)
    if not lost:
        return
    with_pupils = {
        row["class_id"]
        for rows in plan.known.enrolments.values()
        for row in rows
        if not _is_over(plan, row)
    }
    for row in plan.known.classes.values():
        if row["class_id"] in lost & with_pupils:
            plan.tell(LEFT_ALONE, str(row["name"]))


def _is_over(plan: Planning, row: Row) -> bool:
    return row["ends"] is not None and row["ends"] < plan.today
