"""What follows when the office says who an unknown writer is, or the leadership lets in a third?

The office links, asks for a code, or drops; beyond the usual number only the leadership may.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from rules.effects import (
    CarryOut,
    Decision,
    Effect,
    Ending,
    HoldForOffice,
    NoticeKind,
    Reason,
    SendNotice,
)
from rules.facts import Facts
from rules.instruction import PRESS_SEND, Action, Instruction, Item
from rules.message import Inbound
from rules.offers import Offer
from rules.people import Role, Staff
from rules.refusal import refused
from rules.until import read_term

OFFICE = frozenset({Role.OFFICE, Role.HEAD, Role.SLT})  # whoever may say who is who
LEADERS = frozenset({Role.HEAD, Role.SLT})  # whoever may let in more, or take off
LINKING = frozenset({Action.LINK, Action.ASK_CODE, Action.DROP, Action.APPROVE})
OWN_FAMILY = "it is about your own family, so a colleague must decide it"
A_FEW_WORDS = 3  # a name below a mail is no message


def link_or_drop(
    inbound: Inbound, facts: Facts, instruction: Instruction, staff: Staff
) -> Decision:
    """Decide about one of `LINKING`, by the person it was signed for."""
    action = instruction.action
    if action is Action.APPROVE:
        return _approve(inbound, facts, staff, instruction.offer)
    if not staff.roles & OFFICE:
        why = "only the office and the leadership say who is linked to a child"
        return refused(inbound, facts, why, "people-not-theirs")
    if action is Action.LINK:
        return _with_words(_link(inbound, facts, staff, instruction.offer), inbound)
    if instruction.item is None:
        return refused(inbound, facts, "the message it is about is no longer here", "item-gone")
    if action is Action.ASK_CODE:
        return _with_words(_ask_for_code(inbound, facts, staff, instruction.item), inbound)
    if instruction.item.guardian_id is not None:
        return refused(inbound, facts, "the sender is known by now", "sender-known-by-now")
    dropped = CarryOut(Action.DROP, instruction.item.spool_id, staff.staff_id)
    reason = Reason("dropped-by-the-office", "G10", facts=f"by {staff.name}")
    return _with_words(Decision((dropped,), (reason,), Ending.CARRIED_OUT), inbound)


def _link(inbound: Inbound, facts: Facts, staff: Staff, offer: Offer | None) -> Decision:
    if offer is None or offer.kind == "third":
        return refused(inbound, facts, "what it is about is no longer here", "item-gone")
    if offer.kind == "people" and offer.asked_by != staff.staff_id:
        return refused(inbound, facts, "somebody else asked for it", "people-not-theirs")
    if offer.is_decided:
        return refused(inbound, facts, "it was decided already", "done-already")
    if staff.staff_id in offer.family:
        return refused(inbound, facts, OWN_FAMILY, "own-family")
    why = obstacle(offer)
    if why:
        return refused(inbound, facts, why, "may-not-be-linked")
    carried = CarryOut(Action.LINK, offer.offer_id, staff.staff_id)
    reason = Reason("linked-by-the-office", "G1", facts=f"by {staff.name}")
    return Decision((carried,), (reason,), Ending.CARRIED_OUT)


def obstacle(offer: Offer) -> str:
    """Return why nobody may be linked as `offer` says, whoever asks; "" when they may.

    To unlink is always possible: it only takes away.
    """
    if offer.verb == "unlink":
        return ""
    if offer.is_removed:
        return "the leadership has removed this contact from messaging"
    if offer.is_barred:
        return "your records bar this contact from the child"
    if offer.is_gone:
        return "they are linked to no child here any more"
    if offer.is_a_pupils:
        return "the address is a pupil's"
    if offer.is_ours:
        return "the address is one of this service's own"
    if offer.is_anothers:
        return "the address stands on record for somebody else by now"
    if offer.is_with_a_child:
        return "a child may have written from it. Ring the contact, then write a line to us"
    if not offer.is_proven:
        return "nobody could prove that the message came from this address"
    return ""


def _ask_for_code(inbound: Inbound, facts: Facts, staff: Staff, item: Item) -> Decision:
    """Tell the writer how to be linked; never an address that somebody may have forged."""
    if item.guardian_address is None or not item.is_proven:
        why = "nobody could prove who sent the message, so an answer may reach somebody else"
        return refused(inbound, facts, why, "sender-not-proven")
    if item.is_perhaps_a_child:
        why = "a child may have written it, and then no automatic mail goes out"
        return refused(inbound, facts, why, "may-be-a-childs")
    if item.guardian_id is not None:
        return refused(inbound, facts, "the sender is known by now", "sender-known-by-now")
    told = SendNotice(NoticeKind.NOT_LINKED, item.guardian_address, about=item.spool_id)
    carried = CarryOut(Action.ASK_CODE, item.spool_id, staff.staff_id)
    reason = Reason("told-how-to-be-linked", "G1", facts=f"by {staff.name}")
    return Decision((carried, told), (reason,), Ending.CARRIED_OUT)


def _approve(inbound: Inbound, facts: Facts, staff: Staff, offer: Offer | None) -> Decision:
    if not staff.roles & LEADERS:
        why = "only the leadership lets more than two adults write about one child"
        return refused(inbound, facts, why, "approval-not-theirs")
    if offer is None or offer.kind != "third":
        return refused(inbound, facts, "what it is about is no longer here", "item-gone")
    if offer.is_decided:
        return refused(inbound, facts, "it was decided already", "done-already")
    if staff.staff_id in offer.family:
        return refused(inbound, facts, OWN_FAMILY, "own-family")
    if offer.is_active:
        return refused(inbound, facts, "they are linked already", "may-not-be-linked")
    why = obstacle(replace(offer, is_proven=True))
    if why:
        return refused(inbound, facts, why, "may-not-be-linked")
    today = _local(inbound, facts).date()
    term = read_term(inbound.content.own_text, today)
    if isinstance(term, str):
        return refused(inbound, facts, term, "term-not-understood", tell_office=False)
    carried = CarryOut(
        Action.APPROVE, offer.offer_id, staff.staff_id, until=term.until, why=term.reason
    )
    words = f"by {staff.name}, until {term.until.isoformat()}"
    reason = Reason("third-adult-approved", "G6", facts=words)
    return Decision((carried,), (reason,), Ending.CARRIED_OUT)


def _with_words(decision: Decision, inbound: Inbound) -> Decision:
    """Add that somebody wrote more than was asked: words that nobody would see otherwise."""
    written = inbound.content.own_text.replace(PRESS_SEND, "").split()
    if decision.ending is Ending.REFUSED or len(written) <= A_FEW_WORDS:
        return decision
    held: Effect = HoldForOffice("staff wrote this to an address that is no reply")
    return replace(decision, effects=(*decision.effects, held))


def _local(inbound: Inbound, facts: Facts) -> datetime:
    return inbound.envelope.arrived.astimezone(facts.calendar.zone)
