"""What waits for a teacher: which reader's digest takes a message, and what is promised of it?"""

from __future__ import annotations

from datetime import datetime

from rules.effects import AddToDigest
from rules.facts import Facts
from rules.instruction import Item
from rules.promises import PromiseMade
from rules.readers import Reader, reader_for


def waits_for(
    reader: Reader,
    promise: PromiseMade,
    class_id: str,
    guardian_id: str,
    pupil_ids: tuple[str, ...],
    *,
    note: str = "",
    hints: tuple[str, ...] = (),
    about: str | None = None,
) -> AddToDigest:
    """Return the effect that lets a guardian's message wait for `reader`, as `promise` says.

    `about` names an earlier message; None is the one just decided.
    """
    return AddToDigest(
        reader.staff.staff_id,
        class_id,
        guardian_id,
        pupil_ids,
        promise.reads_at,
        promise.due,
        about=about,
        limit=promise.limit,
        breach=promise.breach,
        acknowledge_by=promise.acknowledge_by,
        note=note,
        hints=hints,
    )


def given_on(facts: Facts, item: Item, arrived: datetime, note: str) -> AddToDigest | None:
    """Return the effect that gives somebody else's `item` to whoever reads for its class.

    Promised from `arrived` on. None when the item has no class or guardian, or nobody reads.
    """
    room = facts.directory.class_named(item.class_id) if item.class_id else None
    if room is None or item.guardian_id is None:
        return None
    reader = reader_for(room, facts.calendar_of, arrived)
    if reader is None:
        return None
    promise = reader.calendar.promise(arrived)
    return waits_for(
        reader,
        promise,
        room.class_id,
        item.guardian_id,
        item.pupil_ids,
        note=note,
        about=item.spool_id,
    )
