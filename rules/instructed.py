"""What follows from a message to one of our signed addresses: an answer, or an action."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from rules.asked import by_signed_address
from rules.choices import CHOICES, choose
from rules.concern import is_concern, line_of
from rules.concern import reasons as concern_reasons
from rules.delivery_report import says_it_failed
from rules.effects import (
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
from rules.linking import LINKING, link_or_drop
from rules.message import Inbound
from rules.people import Role, Staff
from rules.refusal import refused as _refused
from rules.removal import REMOVING, remove_or_return
from rules.sendnow import asks_to_send_now
from rules.to_teacher import given_on
from rules.topics import SECOND_READER
from rules.wrong_place import give_to_teacher

RULES = {
    Action.ACKNOWLEDGE: ("concern-acknowledged", "T9"),
    Action.RELEASE: ("released-to-the-teacher", "T10"),
    Action.KEEP: ("kept-by-the-lead", "T10"),
    Action.REPORT: ("reported-to-slt", "T6"),
    Action.RAISE: ("safeguarding-raised-by-staff", "T10"),
}

RELEASED = "Released to you by the safeguarding lead."

# Words of staff that are looked through for a child at risk; the lead's own are not.
SCANNED = frozenset(
    {Action.ANSWER, Action.OFFICE_ANSWER, Action.REPORT, Action.BOUNCE, Action.GIVE, *CHOICES}
    | {Action.LINK, Action.ASK_CODE, Action.DROP}
)


def follow(inbound: Inbound, facts: Facts) -> Decision:
    """Decide about a message to a signed address that is the writer's own."""
    facts = _as_known_to_the_writer(facts)
    decision = _follow(inbound, facts)
    return _escalated(decision, inbound, facts) if _tells_of_a_concern(facts) else decision


def _as_known_to_the_writer(facts: Facts) -> Facts:
    """Return `facts` without the case of a message in which something is alleged of the writer.

    They answer what they were given before as if nothing had come since, and so learn nothing.
    """
    instruction = facts.instruction
    assert instruction is not None
    staff, item = instruction.staff, instruction.item
    if staff is None or item is None or staff.staff_id not in item.kept_from_beside:
        return facts
    item = replace(item, is_beside_a_case=False)
    return replace(facts, instruction=replace(instruction, item=item))


def _tells_of_a_concern(facts: Facts) -> bool:
    """Whether the writer's own words, not those they quote, may mean a child at risk.

    The second reader weighs a message whole, with what it quotes: the few own words of an
    answer, over a digest of ten families, are no ground for its opinion.
    """
    instruction = facts.instruction
    assert instruction is not None
    known = instruction.item is not None and instruction.item.case == "released"
    if instruction.action not in SCANNED or known or not is_concern(facts.understanding):
        return False
    return instruction.action is Action.BOUNCE or any(
        found.start >= 0
        and found.label in ("safeguarding", "allegation")
        and found.rule != SECOND_READER
        for found in facts.understanding.evidence
    )


def _escalated(decision: Decision, inbound: Inbound, facts: Facts) -> Decision:
    """Bring it to the safeguarding line; an answer with such words goes to no parent."""
    instruction = facts.instruction
    assert instruction is not None
    raised = _raised(inbound, facts)
    effects: list[Effect] = [raised]
    effects += [
        _besides(one, facts, raised.kept_from) if isinstance(one, CarryOut) else one
        for one in decision.effects
        if not isinstance(one, RelayAnswer)
    ]
    address = inbound.content.originator.mailbox
    held = any(isinstance(one, RelayAnswer) for one in decision.effects)
    if held and address is not None:
        why = "it may be about a child's safety, so the safeguarding lead has it now"
        topics = (str(instruction.action), why)
        effects.append(SendNotice(NoticeKind.ACTION_REFUSED, address, topics=topics))
    reasons = (*concern_reasons(facts, raised), *decision.reasons)
    return Decision(tuple(effects), reasons, Ending.SAFEGUARDING)


def _raised(inbound: Inbound, facts: Facts) -> AlertSafeguarding:
    item = facts.instruction.item if facts.instruction is not None else None
    room = facts.directory.class_named(item.class_id) if item and item.class_id else None
    line = line_of(facts, inbound.content, room)
    found = ("allegation",) if line.subject is not None else ()
    return AlertSafeguarding(
        line.staff_ids,
        marks=(*found, "staff"),
        at_once=line.at_once,
        kept_from=tuple(sorted(line.kept_from)),
        subject_known=line.subject is None or line.subject.is_known,
    )


def _leaders_besides(family: frozenset[str], facts: Facts) -> tuple[str, ...]:
    """Return who is told of a report: nobody of the writer's own family, while there are others."""
    leaders = facts.directory.holders(Role.SLT) or facts.directory.holders(Role.HEAD)
    others = (Role.SLT, Role.HEAD, Role.CHAIR, Role.DSL)
    for found in (leaders, *(facts.directory.holders(role) for role in others)):
        if to := tuple(one.staff_id for one in found if one.staff_id not in family):
            return to
    return tuple(one.staff_id for one in leaders)


def _besides(carried: CarryOut, facts: Facts, kept_from: tuple[str, ...]) -> CarryOut:
    """Return what is carried out without telling those of whom staff allege something."""
    to = tuple(one for one in carried.to if one not in kept_from)
    if carried.to and not to:
        stand_ins = (Role.HEAD, Role.SLT, Role.DSL, Role.DEPUTY_DSL, Role.CHAIR)
        others = [one.staff_id for role in stand_ins for one in facts.directory.holders(role)]
        to = tuple(one for one in others if one not in kept_from)[:1]
    return replace(carried, to=to)


def _follow(inbound: Inbound, facts: Facts) -> Decision:
    instruction = facts.instruction
    assert instruction is not None
    if instruction.action is Action.BOUNCE:
        return _came_back(inbound, facts)
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
    if instruction.staff is not None and instruction.news_id is not None:
        read = CarryOut(instruction.action, instruction.news_id, instruction.staff.staff_id)
        return Decision((read,), (Reason("news-read-by-staff", "T1"),), Ending.CARRIED_OUT)
    staff, item = instruction.staff, instruction.item
    if staff is not None and instruction.change is not None:
        return by_signed_address(inbound, facts, staff, instruction.action, instruction.change)
    if staff is not None and instruction.action in LINKING:
        return link_or_drop(inbound, facts, instruction, staff)
    if staff is not None and instruction.action in REMOVING:
        return remove_or_return(inbound, facts, instruction, staff)
    if staff is None or item is None or staff.staff_id in item.kept_from:
        return _refused(inbound, facts, "the message it is about is no longer here", "item-gone")
    if instruction.action in ANSWERS:
        return _answer(inbound, facts, instruction.action, staff, item)
    if instruction.action is Action.GIVE:
        return give_to_teacher(inbound, facts, staff, item)
    if instruction.action in CHOICES:
        return choose(inbound, facts, instruction.action, staff, item)
    return _act(inbound, facts, instruction, staff, item)


def _came_back(inbound: Inbound, facts: Facts) -> Decision:
    """The office sees it; an answer that a mail host says it could not deliver kept no promise."""
    item = facts.instruction.item if facts.instruction is not None else None
    why = "mail of ours could not be delivered"
    held = HoldForOffice(why, about=item.spool_id if item is not None else None)
    effects: tuple[Effect, ...] = (held,)
    if item is not None and says_it_failed(inbound.content):
        effects = (CarryOut(Action.BOUNCE, item.spool_id, ""), held)
    return Decision(effects, (Reason("our-mail-came-back", "F8"),), Ending.OFFICE_QUEUE)


def _answer(inbound: Inbound, facts: Facts, action: Action, staff: Staff, item: Item) -> Decision:
    is_with_the_lead = item.case in ("open", "acknowledged", "kept") or item.is_beside_a_case
    if action is Action.ANSWER and is_with_the_lead:
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
        asked = asks_to_send_now(inbound.content.own_text)
        if calendar.window_at(arrived) is None and asked and facts.policy.send_now:
            facts_text = "at once, as the teacher asked"
        elif calendar.window_at(arrived) is None:
            not_before = calendar.next_opening(arrived)
            facts_text = "written outside the hours; leaves at the next opening"
            facts_text += "; the policy knows no “send now”" if asked else ""
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
        to = _leaders_besides(item.family, facts)
    elif action is Action.RAISE:
        raised = _raised(inbound, facts)
        effects.append(
            replace(
                raised,
                marks=tuple(one for one in raised.marks if one != "staff"),
                about=item.spool_id,
                guardian_id=item.guardian_id,
                class_id=item.class_id,
                raised_by=staff.staff_id,
            )
        )
    elif action is Action.RELEASE:
        given = given_on(facts, item, inbound.envelope.arrived, RELEASED)
        unread = HoldForOffice("released by the lead, but nobody reads for its class")
        effects.append(given or unread)
    carried = CarryOut(action, item.spool_id, staff.staff_id, to)
    carried = _besides(carried, facts, tuple(item.kept_from))
    reason = Reason(rule, clause, facts=f"by {staff.name}")
    return Decision((carried, *effects), (reason,), Ending.CARRIED_OUT)
