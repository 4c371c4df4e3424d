"""What follows from a message to one of our signed addresses: an answer, or an action."""

from __future__ import annotations

from datetime import datetime

from rules.concern import is_concern, line_of
from rules.concern import reason as concern_reason
from rules.effects import (
    AddToDigest,
    AlertSafeguarding,
    CarryOut,
    Decision,
    Effect,
    Ending,
    HoldForOffice,
    NoticeKind,
    Reason,
    RelayAnswer,
    SendNotice,
)
from rules.facts import Facts
from rules.instruction import ANSWERS, Action, Instruction, Item
from rules.message import Inbound
from rules.people import Role, Staff

RULES = {
    Action.ACKNOWLEDGE: ("concern-acknowledged", "T9"),
    Action.RELEASE: ("released-to-the-teacher", "T10"),
    Action.KEEP: ("kept-by-the-lead", "T10"),
    Action.REPORT: ("reported-to-slt", "T6"),
    Action.RAISE: ("safeguarding-raised-by-staff", "T10"),
}


# Words of staff that are looked through for a child at risk; the lead's own are not.
SCANNED = frozenset({Action.ANSWER, Action.OFFICE_ANSWER, Action.REPORT, Action.BOUNCE})


def follow(inbound: Inbound, facts: Facts) -> Decision:
    """Decide about a message to a signed address that is the writer's own."""
    decision = _follow(inbound, facts)
    return _escalated(decision, inbound, facts) if _tells_of_a_concern(facts) else decision


def _tells_of_a_concern(facts: Facts) -> bool:
    """Whether the writer's own words, not those they quote, may mean a child at risk."""
    instruction = facts.instruction
    assert instruction is not None
    known = instruction.item is not None and instruction.item.case == "released"
    if instruction.action not in SCANNED or known or not is_concern(facts.understanding):
        return False
    return instruction.action is Action.BOUNCE or any(
        found.start >= 0 and found.label in ("safeguarding", "allegation")
        for found in facts.understanding.evidence
    )


def _escalated(decision: Decision, inbound: Inbound, facts: Facts) -> Decision:
    """Bring it to the safeguarding line; an answer with such words goes to no parent."""
    instruction = facts.instruction
    assert instruction is not None
    line = line_of(facts.directory, facts.understanding)
    effects: list[Effect] = [AlertSafeguarding(line, marks=("staff",))]
    effects += [one for one in decision.effects if not isinstance(one, RelayAnswer)]
    address = inbound.content.originator.mailbox
    held = any(isinstance(one, RelayAnswer) for one in decision.effects)
    if held and address is not None:
        why = "it may be about a child's safety, so the safeguarding lead has it now"
        topics = (str(instruction.action), why)
        effects.append(SendNotice(NoticeKind.ACTION_REFUSED, address, topics=topics))
    reasons = (concern_reason(facts.understanding), *decision.reasons)
    return Decision(tuple(effects), reasons, Ending.SAFEGUARDING)


def _follow(inbound: Inbound, facts: Facts) -> Decision:
    instruction = facts.instruction
    assert instruction is not None
    if instruction.action is Action.BOUNCE:
        reason = Reason("our-mail-came-back", "F8")
        return Decision(
            (HoldForOffice("mail of ours could not be delivered"),), (reason,), Ending.OFFICE_QUEUE
        )
    if facts.verdict.kind != "human" and facts.verdict.kind != "no_reply":
        # A teacher's out-of-office must never reach a parent (RELIABILITY F6, G4).
        reason = Reason("automatic-mail-is-not-relayed", "F1", facts.verdict.evidence)
        return Decision(
            (HoldForOffice("automatic mail", quiet=True),), (reason,), Ending.OFFICE_QUEUE
        )
    if instruction.state == "expired":
        return _refused(inbound, facts, "the address has expired", "address-expired")
    if instruction.state == "spent":
        return _refused(inbound, facts, "it was done already", "done-already")
    staff, item = instruction.staff, instruction.item
    if staff is None or item is None:
        return _refused(inbound, facts, "the message it is about is no longer here", "item-gone")
    if instruction.action in ANSWERS:
        return _answer(inbound, facts, instruction.action, staff, item)
    return _act(inbound, facts, instruction, staff, item)


def _refused(inbound: Inbound, facts: Facts, why: str, rule: str) -> Decision:
    address = inbound.content.originator.mailbox
    effects: tuple[Effect, ...] = (
        HoldForOffice(f"an answer or action by staff was refused: {why}"),
    )
    if address is not None:
        action = str(facts.instruction.action) if facts.instruction else ""
        notice = SendNotice(NoticeKind.ACTION_REFUSED, address, topics=(action, why))
        effects = (notice, *effects)
    return Decision(effects, (Reason(rule, "I3", facts=why),), Ending.REFUSED)


def _answer(inbound: Inbound, facts: Facts, action: Action, staff: Staff, item: Item) -> Decision:
    if action is Action.ANSWER and item.case in ("open", "acknowledged", "kept"):
        return _refused(
            inbound, facts, "the message is with the safeguarding lead", "with-the-lead"
        )
    if item.guardian_address is None:
        return _refused(
            inbound, facts, "the parent can no longer be written to", "guardian-unlinked"
        )
    arrived = inbound.envelope.arrived
    not_before: datetime = arrived
    facts_text = "at once"
    if action is Action.ANSWER:
        calendar = facts.calendar_of(staff.staff_id)
        if calendar.window_at(arrived) is None:
            not_before = calendar.next_opening(arrived)
            facts_text = "written outside the hours; leaves at the next opening"
    relay = RelayAnswer(
        item.spool_id, staff.staff_id, action, item.guardian_id, item.guardian_address, not_before
    )
    reason = Reason("answer-to-the-parent", "D3", facts=facts_text)
    ending = Ending.DELIVERED if not_before <= arrived else Ending.WAITING
    return Decision((relay,), (reason,), ending)


def _act(
    inbound: Inbound, facts: Facts, instruction: Instruction, staff: Staff, item: Item
) -> Decision:
    action = instruction.action
    rule, clause = RULES[action]
    to: tuple[str, ...] = ()
    effects: list[Effect] = []
    if action is Action.REPORT:
        leaders = facts.directory.holders(Role.SLT) or facts.directory.holders(Role.HEAD)
        to = tuple(person.staff_id for person in leaders)
    elif action is Action.RAISE:
        effects.append(
            AlertSafeguarding(
                line=line_of(facts.directory, facts.understanding),
                about=item.spool_id,
                guardian_id=item.guardian_id,
                class_id=item.class_id,
                raised_by=staff.staff_id,
            )
        )
    elif action is Action.RELEASE:
        effects += _given_to_the_teacher(inbound, facts, item)
    carried = CarryOut(action, item.spool_id, staff.staff_id, to)
    reason = Reason(rule, clause, facts=f"by {staff.name}")
    return Decision((carried, *effects), (reason,), Ending.CARRIED_OUT)


def _given_to_the_teacher(inbound: Inbound, facts: Facts, item: Item) -> list[Effect]:
    room = facts.directory.class_named(item.class_id) if item.class_id else None
    if room is None or item.guardian_id is None or not room.teachers:
        return [HoldForOffice("released by the lead, but nobody reads for its class")]
    teacher = room.teachers[0]
    promise = facts.calendar_of(teacher.staff_id).promise(inbound.envelope.arrived)
    return [
        AddToDigest(
            teacher.staff_id,
            room.class_id,
            item.guardian_id,
            item.pupil_ids,
            promise.reads_at,
            promise.due,
            about=item.spool_id,
            note="Released to you by the safeguarding lead.",
        )
    ]
