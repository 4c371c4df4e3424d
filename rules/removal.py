"""What follows when the leadership takes a guardian off the channel, or lets them back?

Nobody else can, and nothing else does: no count, no rule, no import (REQUIREMENTS G14, D5).
"""

from __future__ import annotations

from rules.effects import CarryOut, Decision, Ending, Reason
from rules.facts import Facts
from rules.instruction import Action, Instruction
from rules.linking import LEADERS, OWN_FAMILY
from rules.message import Inbound
from rules.people import Staff
from rules.refusal import refused
from rules.until import end_of_school_year, read_term

REMOVING = frozenset({Action.REMOVE, Action.RETURN})


def remove_or_return(
    inbound: Inbound, facts: Facts, instruction: Instruction, staff: Staff
) -> Decision:
    """Decide about one of `REMOVING`, by the person it was signed for."""
    if not staff.roles & LEADERS:
        why = "only the leadership removes a parent from messaging, or lets them back"
        return refused(inbound, facts, why, "removal-not-theirs")
    if instruction.action is Action.RETURN:
        return _let_back(inbound, facts, instruction, staff)
    item = instruction.item
    if item is None or item.guardian_id is None:
        why = "it is about nobody whom your records know"
        return refused(inbound, facts, why, "nobody-to-remove")
    if staff.staff_id in item.family:
        return refused(inbound, facts, OWN_FAMILY, "own-family")
    if instruction.removal is not None:
        return refused(inbound, facts, "they are removed already", "removed-already")
    today = inbound.envelope.arrived.astimezone(facts.calendar.zone).date()
    term = read_term(inbound.content.own_text, today, default=end_of_school_year(today))
    if isinstance(term, str):
        return refused(inbound, facts, term, "term-not-understood", tell_office=False)
    carried = CarryOut(
        Action.REMOVE, item.spool_id, staff.staff_id, until=term.until, why=term.reason
    )
    words = f"by {staff.name}, until {term.until.isoformat()}"
    reason = Reason("removed-by-the-leadership", "G15", facts=words)
    return Decision((carried,), (reason,), Ending.CARRIED_OUT)


def _let_back(inbound: Inbound, facts: Facts, instruction: Instruction, staff: Staff) -> Decision:
    removal = instruction.removal
    if removal is None:
        return refused(inbound, facts, "what it is about is no longer here", "item-gone")
    if staff.staff_id in removal.family:
        return refused(inbound, facts, OWN_FAMILY, "own-family")
    if removal.is_over:
        return refused(inbound, facts, "they are back already", "back-already")
    carried = CarryOut(Action.RETURN, removal.removal_id, staff.staff_id)
    reason = Reason("let-back-by-the-leadership", "G15", facts=f"by {staff.name}")
    return Decision((carried,), (reason,), Ending.CARRIED_OUT)
