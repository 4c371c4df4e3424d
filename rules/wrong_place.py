"""What follows when the office says that a message it has is the teacher's after all?

The other way round, a teacher's "to the office" is one of `rules.choices`.
"""

from __future__ import annotations

from rules.effects import (
    AddToDigest,
    CarryOut,
    Decision,
    Effect,
    Ending,
    NoticeKind,
    Reason,
    SendNotice,
)
from rules.facts import Facts
from rules.instruction import Action, Item
from rules.message import Inbound
from rules.people import Staff
from rules.readers import reader_for
from rules.refusal import refused

NOTE = "The office had this first, and gives it to you."


def give_to_teacher(inbound: Inbound, facts: Facts, staff: Staff, item: Item) -> Decision:
    """Let the message wait for its teacher, and tell the parent where it is now and until when."""
    if item.case != "none" or item.is_beside_a_case:
        why = "the message is with the safeguarding lead"
        return refused(inbound, facts, why, "with-the-lead")
    arrived = inbound.envelope.arrived
    room = facts.directory.class_named(item.class_id) if item.class_id else None
    reader = reader_for(room, facts.calendar_of, arrived) if room is not None else None
    if room is None or item.guardian_id is None or reader is None:
        return refused(inbound, facts, "nobody reads for its class", "nobody-to-give-it-to")
    promise = reader.calendar.promise(arrived)
    effects: list[Effect] = [
        CarryOut(Action.GIVE, item.spool_id, staff.staff_id, (reader.staff.staff_id,)),
        AddToDigest(
            reader.staff.staff_id,
            room.class_id,
            item.guardian_id,
            item.pupil_ids,
            promise.reads_at,
            promise.due,
            about=item.spool_id,
            limit=promise.limit,
            breach=promise.breach,
            acknowledge_by=promise.acknowledge_by,
            note=NOTE,
        ),
    ]
    if item.guardian_address is not None and not item.is_perhaps_a_child:
        effects.append(
            SendNotice(
                NoticeKind.HELD,
                item.guardian_address,
                item.guardian_id,
                room.class_id,
                staff_id=reader.staff.staff_id,
                reads_at=promise.reads_at,
                due=promise.due,
                acknowledge_by=promise.acknowledge_by,
                about=item.spool_id,
            )
        )
    reason = Reason("given-to-the-teacher", "E1", facts=f"by {staff.name}")
    return Decision(tuple(effects), (reason,), Ending.CARRIED_OUT)
