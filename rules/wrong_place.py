"""What follows when the office says that a message it has is the teacher's after all?

The other way round, a teacher's "to the office" is one of `rules.choices`.
"""

from __future__ import annotations

from rules.effects import CarryOut, Decision, Effect, Ending, NoticeKind, Reason, SendNotice
from rules.facts import Facts
from rules.instruction import Action, Item
from rules.message import Inbound
from rules.people import Staff
from rules.refusal import refused
from rules.to_teacher import given_on

NOTE = "The office had this first, and gives it to you."


def give_to_teacher(inbound: Inbound, facts: Facts, staff: Staff, item: Item) -> Decision:
    """Let the message wait for its teacher, and tell the parent where it is now and until when."""
    if item.case != "none" or item.is_beside_a_case:
        why = "the message is with the safeguarding lead"
        return refused(inbound, facts, why, "with-the-lead")
    given = given_on(facts, item, inbound.envelope.arrived, NOTE)
    if given is None:
        return refused(inbound, facts, "nobody reads for its class", "nobody-to-give-it-to")
    effects: list[Effect] = [
        CarryOut(Action.GIVE, item.spool_id, staff.staff_id, (given.staff_id,)),
        given,
    ]
    if item.guardian_address is not None and not item.is_perhaps_a_child:
        effects.append(
            SendNotice(
                NoticeKind.HELD,
                item.guardian_address,
                given.guardian_id,
                given.class_id,
                staff_id=given.staff_id,
                reads_at=given.reads_at,
                due=given.due,
                acknowledge_by=given.acknowledge_by,
                about=item.spool_id,
            )
        )
    reason = Reason("given-to-the-teacher", "E1", facts=f"by {staff.name}")
    return Decision(tuple(effects), (reason,), Ending.CARRIED_OUT)
