"""What follows when staff ask for something that cannot be done: they are told why, kindly."""

from __future__ import annotations

from rules.effects import Decision, Effect, Ending, HoldForOffice, NoticeKind, Reason, SendNotice
from rules.facts import Facts
from rules.message import Inbound


def refused(
    inbound: Inbound, facts: Facts, why: str, rule: str, *, tell_office: bool = True
) -> Decision:
    """Return the refusal; the office has a copy, unless the writer alone can mend it."""
    address = inbound.content.originator.mailbox
    effects: tuple[Effect, ...] = ()
    if tell_office or address is None:
        item = facts.instruction.item if facts.instruction else None
        held = f"an answer or action by staff was refused: {why}"
        effects = (HoldForOffice(held, about=item.spool_id if item else None),)
    if address is not None:
        action = str(facts.instruction.action) if facts.instruction else ""
        notice = SendNotice(NoticeKind.ACTION_REFUSED, address, topics=(action, why))
        effects = (notice, *effects)
    return Decision(effects, (Reason(rule, "I3", facts=why),), Ending.REFUSED)
