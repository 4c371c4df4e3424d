"""Which class is a pupil in, on which days? Files with dates and files without.

Without dates a class holds from the day of the import. With them this year's and next year's
class stand side by side, so 1 September needs no action.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gateway.imports.classes import class_id_of
from gateway.imports.planning import Planning, pupil_words
from gateway.imports.sheet import Row
from gateway.roster.records import EnrolmentRecord
from gateway.store.types import made_at

# A pupil's first enrolment is older than our record of it, and nobody says how much older: a
# message that came before the import, or a rehearsal of last Friday, finds the child in the class.
BEFORE_WE_KNEW = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class _Wanted:
    class_id: str
    begins: date | None
    ends: date | None

    def holds_on(self, day: date) -> bool:
        return (self.begins or day) <= day <= (self.ends or day)

    def meets(self, row: Row) -> bool:
        """Whether a row is about the same class and has a day in common."""
        if row["class_id"] != self.class_id:
            return False
        starts_late = self.begins is not None and row["ends"] and row["ends"] < self.begins
        return not (starts_late or (self.ends is not None and self.ends < row["begins"]))


def plan_enrolments(plan: Planning, pupil: Row, records: Sequence[EnrolmentRecord]) -> None:
    """Put a pupil into the classes of the file, and out of the others of those days.

    Out of none where a row about the pupil was not taken: it may have named that class.
    """
    pupil_id = pupil["pupil_id"]
    wanted = [_Wanted(class_id_of(plan, one.class_name), one.begins, one.ends) for one in records]
    have = plan.known.enrolments[pupil_id]
    was_known = bool(have)
    left = [] if pupil["reference"] in plan.spared else _unwanted(plan, have, wanted)
    # A mistake put right on the same day: it never was.
    mistakes = [row for row in left if made_at(row["enrolment_id"]).date() >= plan.today]
    for row in left:
        if row in mistakes or row["begins"] > plan.today:
            plan.sheet.drop("enrolments", row)
            have.remove(row)
        else:
            plan.change("enrolments", row, {"ends": plan.yesterday})
    since = mistakes[0]["begins"] if mistakes else (plan.today if was_known else BEFORE_WE_KNEW)
    for one in wanted:
        same = [row for row in have if one.meets(row)]
        if same:
            _match(plan, same[0], one)
            continue
        have.append(
            plan.add(
                "enrolments",
                {
                    "enrolment_id": next(plan.ids),
                    "pupil_id": pupil_id,
                    "class_id": one.class_id,
                    "begins": one.begins or since,
                    "ends": one.ends,
                },
            )
        )
        if was_known:
            name = next(r.class_name for r, w in zip(records, wanted, strict=True) if w is one)
            plan.tell("moved class", f"{pupil_words(pupil)}: {name}")


def _unwanted(plan: Planning, have: list[Row], wanted: list[_Wanted]) -> list[Row]:
    """Return the rows that hold on days of which the file speaks, and says otherwise."""
    today = plan.today
    speaks_of_today = any(one.holds_on(today) for one in wanted)
    speaks_of_later = any(one.begins is not None and one.begins > today for one in wanted)
    found = []
    for row in have:
        if row["ends"] is not None and row["ends"] < today:
            continue
        speaks = speaks_of_later if row["begins"] > today else speaks_of_today
        if speaks and not any(one.meets(row) for one in wanted):
            found.append(row)
    return found


def _match(plan: Planning, row: Row, one: _Wanted) -> None:
    values: Row = {}
    if one.begins is not None and max(one.begins, row["begins"]) > plan.today:
        # What has begun for us has begun: nobody needs to know since exactly when.
        values["begins"] = one.begins
    if one.begins is not None or one.ends is not None:
        values["ends"] = one.ends
    plan.change("enrolments", row, values)
