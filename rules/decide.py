"""decide(): the one visible order of policy, top to bottom.

Safety comes first and apart from everything that may silence a message:
disclosure fails closed, escalation fails open. Each step adds its reason.
"""

from __future__ import annotations

from dataclasses import replace

from rules.asked import answer_asked
from rules.concern import alert, is_concern, lead_of, reasons, words_for
from rules.effects import (
    Decision,
    Effect,
    Ending,
    HoldForOffice,
    MarkDuplicate,
    NoticeKind,
    Reason,
    SendNotice,
    ShowLead,
)
from rules.facts import Facts
from rules.instructed import follow
from rules.invited import answer_codes
from rules.message import Authenticity, Content, Inbound, Unreadable
from rules.notices import permitted
from rules.people_asked import answer_people
from rules.routing import route
from rules.seniors import doubts, senior_marks, senior_reasons
from rules.standing import Standing, Writer, establish


def decide(inbound: Inbound, facts: Facts) -> Decision:
    """Say what happens to `inbound`, and why. The same input gives the same decision."""
    writer = establish(inbound, facts.directory)
    return _finish(_in_order(inbound, facts, writer), facts, writer, inbound.content)


def _in_order(inbound: Inbound, facts: Facts, writer: Writer) -> Decision:
    if facts.duplicate_of is not None:
        reason = Reason("same-message-again", "A7", facts=f"here already as {facts.duplicate_of}")
        effect = MarkDuplicate(facts.duplicate_of)
        return Decision((effect,), (reason,), Ending.DUPLICATE)

    # 1. Safeguarding, on every readable view; staff who use a signed address are not scanned.
    concern = is_concern(facts.understanding) or facts.recipient_kind == "senior"
    if facts.instruction is not None and facts.instruction.state != "not-yours":
        return follow(inbound, facts)

    # 2. Automatic mail: never answered, never to a teacher, a line for the office.
    if facts.verdict.kind in ("automatic", "loop"):
        return _automatic(inbound, facts, writer, concern)

    # What is asked of the system itself: a change of the hours, or help.
    if facts.recipient_kind in ("hours", "help"):
        asked = answer_asked(inbound, facts, writer)
        if asked is not None:
            return asked
    if facts.recipient_kind == "people":
        answered = answer_people(inbound, facts, writer)
        if answered is not None:
            return answered

    # Invite codes: they link an address, and are answered alike whatever is wrong with them.
    if facts.recipient_kind == "link":
        by_code = answer_codes(inbound, facts, writer)
        if by_code is not None:
            return by_code

    # 3. Whoever is not a verified, linked guardian: a person must look first.
    if writer.standing is not Standing.GUARDIAN or facts.recipient_kind != "class":
        return _not_a_guardian(inbound, facts, writer, concern)

    # 4. to 7. Topics and urgency, class and teacher, hold, redirect or escalate.
    routed = route(inbound, facts, writer)

    # 8. Which notice, if any.
    return _with_notice(routed, inbound, facts)


def decide_unreadable(unreadable: Unreadable, facts: Facts) -> Decision:
    """Decide about a message that nobody could read: it is kept whole, and a person is told."""
    writer = Writer(Standing.UNVERIFIED, Reason("could-not-be-read", "F15", facts=unreadable.why))
    effects: tuple[Effect, ...] = (HoldForOffice(f"could not be read: {unreadable.why}"),)
    found: tuple[Reason, ...] = (writer.reason,)
    ending = Ending.OFFICE_QUEUE
    content = Content(unreadable.originator, "", "", "", unreadable.views)
    if is_concern(facts.understanding):
        raised = alert(facts, content, writer, ("unreadable",))
        effects = (raised, *effects)
        found = (*reasons(facts, raised), *found)
        ending = Ending.SAFEGUARDING
    return _finish(Decision(effects, found, ending), facts, writer, content)


def _automatic(inbound: Inbound, facts: Facts, writer: Writer, concern: bool) -> Decision:
    effects: list[Effect] = []
    found = [Reason("no-person-wrote-it", "F1", facts.verdict.evidence)]
    ending = Ending.OFFICE_QUEUE
    if concern:
        raised = alert(facts, inbound.content, writer, ("automatic",))
        effects.append(raised)
        found[:0] = reasons(facts, raised)
        ending = Ending.SAFEGUARDING
    # What may be more than a newsletter is shown whole, and not as one line of many.
    whole = "safeguarding" in facts.understanding.perhaps or bool(senior_marks(facts))
    more = doubts(inbound, facts) if whole else ""
    why = "; ".join(filter(None, ("automatic mail", more)))
    effects.append(HoldForOffice(why, quiet=concern or not whole))
    return Decision(tuple(effects), tuple(found), ending)


def _not_a_guardian(inbound: Inbound, facts: Facts, writer: Writer, concern: bool) -> Decision:
    effects: list[Effect] = []
    found = [writer.reason]
    ending = Ending.OFFICE_QUEUE
    if concern:
        raised = alert(facts, inbound.content, writer)
        effects.append(raised)
        found[:0] = reasons(facts, raised)
        ending = Ending.SAFEGUARDING
    else:
        why = str(writer.standing)
        if facts.instruction is not None:
            why = "came to a signed address that is not the writer's"
            found.append(Reason("signed-address-not-yours", "I3"))
        elif facts.recipient_kind == "postmaster":
            why = "written to postmaster"
        elif facts.codes is not None:
            why = f"{why}; it holds an invite code, which was not used"
        effects.append(HoldForOffice("; ".join(filter(None, (why, doubts(inbound, facts))))))
        found += senior_reasons(inbound, facts, senior_marks(facts))
    notice = _stranger_notice(inbound, facts, writer, concern)
    if notice is not None:
        allowed, reason = _permitted(notice, inbound, facts)
        found.append(reason)
        effects += [allowed] if allowed else []
    return Decision(tuple(effects), tuple(found), ending)


def _stranger_notice(
    inbound: Inbound, facts: Facts, writer: Writer, concern: bool
) -> SendNotice | None:
    """Return the notice for someone we may answer but may tell nothing of a class.

    Only a verified address is ever answered: anything else is backscatter
    (RELIABILITY F7). A pupil, and whoever a child may be behind, gets none.
    """
    address = inbound.content.originator.mailbox
    verified = inbound.authenticity is Authenticity.VERIFIED
    if address is None or not verified or writer.standing is Standing.PUPIL:
        return None
    if writer.standing is Standing.STAFF:
        # Most likely an answer to a digest as a whole, which would reach no parent.
        why = "it went to the class address, which reaches no parent"
        if facts.recipient_kind == "people":
            why = "only the office and the leadership say who is linked to a child"
        return SendNotice(NoticeKind.ACTION_REFUSED, address, topics=("", why))
    if "child_author" in facts.understanding.labels:
        return None
    guardian_id = writer.guardian.guardian_id if writer.guardian else None
    if concern:
        kind = NoticeKind.SENIOR
    elif writer.standing is Standing.UNKNOWN:
        kind = NoticeKind.NOT_LINKED
    else:
        kind = NoticeKind.RECEIVED
    return SendNotice(kind, address, guardian_id)


def _with_notice(decision: Decision, inbound: Inbound, facts: Facts) -> Decision:
    """Keep the routed notice only when it may be sent, and say why."""
    kept: list[Effect] = []
    found = list(decision.reasons)
    for effect in decision.effects:
        if not isinstance(effect, SendNotice):
            kept.append(effect)
            continue
        if "child_author" in facts.understanding.labels:
            found.append(
                Reason("may-be-a-child-writing", "P4", facts="no automatic mail of any kind")
            )
            continue
        allowed, reason = _permitted(effect, inbound, facts)
        found.append(reason)
        kept += [allowed] if allowed else []
    return replace(decision, effects=tuple(kept), reasons=tuple(found))


def _permitted(
    notice: SendNotice, inbound: Inbound, facts: Facts
) -> tuple[SendNotice | None, Reason]:
    if "automatic" in facts.understanding.labels:
        # What only reads like a robot's is delivered as any other mail, and not answered.
        words = words_for(facts.understanding, "automatic")
        return None, Reason("no-answer-to-automatic-mail", "F1", words)
    arrived = inbound.envelope.arrived
    today = arrived.astimezone(facts.calendar.zone).date()
    return permitted(notice, facts.told, facts.verdict, facts.policy, arrived, today)


def _finish(decision: Decision, facts: Facts, writer: Writer, content: Content) -> Decision:
    labels = facts.understanding.labels | facts.understanding.extra
    shown = _shown_to_the_lead(decision, facts, content, writer)
    if shown is not None:
        reason = Reason("perhaps-a-concern", "T9", words_for(facts.understanding, "safeguarding"))
        decision = replace(
            decision,
            effects=(*decision.effects, shown),
            reasons=(*decision.reasons, reason),
        )
    return replace(
        decision,
        labels=tuple(sorted(labels)),
        policy_version=facts.policy.version,
        guardian_id=writer.guardian.guardian_id if writer.guardian else None,
        class_id=writer.room.class_id if writer.room else None,
    )


def _shown_to_the_lead(
    decision: Decision, facts: Facts, content: Content, writer: Writer
) -> ShowLead | None:
    """Return who looks the same day at what is perhaps a concern, and decides; None for no doubt.

    Staff who use a signed address are not asked about, nor what no person wrote: the office's
    list shows that whole.
    """
    understanding = facts.understanding
    by_staff = facts.instruction is not None and facts.instruction.state != "not-yours"
    if is_concern(understanding) or "safeguarding" not in understanding.perhaps:
        return None
    if by_staff or decision.ending in (Ending.DUPLICATE, Ending.SAFEGUARDING):
        return None
    if facts.verdict.kind in ("automatic", "loop"):
        return None
    lead = lead_of(facts, content, writer.room or facts.directory.addressed_class)
    words = words_for(understanding, "safeguarding")
    why = "perhaps safeguarding" + (f": the words “{words[0]}”" if words else "")
    return ShowLead(lead, why) if lead is not None else None
