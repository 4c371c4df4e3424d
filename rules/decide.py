"""decide(): the one visible order of policy, top to bottom.

Safety comes first and apart from everything that may silence a message:
disclosure fails closed, escalation fails open. Each step adds its reason.
"""

from __future__ import annotations

from dataclasses import replace

from rules.asked import answer_asked
from rules.concern import alert, is_concern
from rules.concern import reason as concern_reason
from rules.effects import (
    Decision,
    Effect,
    Ending,
    HoldForOffice,
    MarkDuplicate,
    NoticeKind,
    Reason,
    SendNotice,
)
from rules.facts import Facts
from rules.instructed import follow
from rules.message import Authenticity, Inbound, Unreadable
from rules.notices import permitted
from rules.routing import route
from rules.standing import Standing, Writer, establish


def decide(inbound: Inbound, facts: Facts) -> Decision:
    """Say what happens to `inbound`, and why. The same input gives the same decision."""
    writer = establish(inbound, facts.directory)
    if facts.duplicate_of is not None:
        reason = Reason("same-message-again", "A7", facts=f"here already as {facts.duplicate_of}")
        effect = MarkDuplicate(facts.duplicate_of)
        return _finish(Decision((effect,), (reason,), Ending.DUPLICATE), facts, writer)

    # 1. Safeguarding, on every readable view; staff who use a signed address are not scanned.
    concern = is_concern(facts.understanding) or facts.recipient_kind == "senior"
    if facts.instruction is not None and facts.instruction.state != "not-yours":
        return _finish(follow(inbound, facts), facts, writer)

    # 2. Automatic mail: never answered, never to a teacher, a line for the office.
    if facts.verdict.kind in ("automatic", "loop"):
        return _finish(_automatic(facts, writer, concern), facts, writer)

    # What is asked of the system itself: a change of the hours, or help.
    if facts.recipient_kind in ("hours", "help"):
        asked = answer_asked(inbound, facts, writer)
        if asked is not None:
            return _finish(asked, facts, writer)

    # 3. Whoever is not a verified, linked guardian: a person must look first.
    if writer.standing is not Standing.GUARDIAN or facts.recipient_kind != "class":
        return _finish(_not_a_guardian(inbound, facts, writer, concern), facts, writer)

    # 4. to 7. Topics and urgency, class and teacher, hold, redirect or escalate.
    routed = route(inbound, facts, writer)

    # 8. Which notice, if any.
    return _finish(_with_notice(routed, inbound, facts), facts, writer)


def decide_unreadable(unreadable: Unreadable, facts: Facts) -> Decision:
    """Decide about a message that nobody could read: it is kept whole, and a person is told."""
    writer = Writer(Standing.UNVERIFIED, Reason("could-not-be-read", "F15", facts=unreadable.why))
    effects: tuple[Effect, ...] = (HoldForOffice(f"could not be read: {unreadable.why}"),)
    reasons: tuple[Reason, ...] = (writer.reason,)
    ending = Ending.OFFICE_QUEUE
    if is_concern(facts.understanding):
        effects = (alert(facts.directory, facts.understanding, writer, ("unreadable",)), *effects)
        reasons = (concern_reason(facts.understanding), *reasons)
        ending = Ending.SAFEGUARDING
    return _finish(Decision(effects, reasons, ending), facts, writer)


def _automatic(facts: Facts, writer: Writer, concern: bool) -> Decision:
    effects: list[Effect] = []
    reasons = [Reason("no-person-wrote-it", "F1", facts.verdict.evidence)]
    ending = Ending.OFFICE_QUEUE
    if concern:
        effects.append(alert(facts.directory, facts.understanding, writer, ("automatic",)))
        reasons.insert(0, concern_reason(facts.understanding))
        ending = Ending.SAFEGUARDING
    effects.append(HoldForOffice("automatic mail", quiet=True))
    return Decision(tuple(effects), tuple(reasons), ending)


def _not_a_guardian(inbound: Inbound, facts: Facts, writer: Writer, concern: bool) -> Decision:
    effects: list[Effect] = []
    reasons = [writer.reason]
    ending = Ending.OFFICE_QUEUE
    if concern:
        effects.append(alert(facts.directory, facts.understanding, writer))
        reasons.insert(0, concern_reason(facts.understanding))
        ending = Ending.SAFEGUARDING
    else:
        why = str(writer.standing)
        if facts.instruction is not None:
            why = "came to a signed address that is not the writer's"
            reasons.append(Reason("signed-address-not-yours", "I3"))
        elif facts.recipient_kind == "postmaster":
            why = "written to postmaster"
        effects.append(HoldForOffice(why))
    notice = _stranger_notice(inbound, facts, writer, concern)
    if notice is not None:
        allowed, reason = _permitted(notice, inbound, facts)
        reasons.append(reason)
        effects += [allowed] if allowed else []
    return Decision(tuple(effects), tuple(reasons), ending)


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
    reasons = list(decision.reasons)
    for effect in decision.effects:
        if not isinstance(effect, SendNotice):
            kept.append(effect)
            continue
        if "child_author" in facts.understanding.labels:
            reasons.append(
                Reason("may-be-a-child-writing", "P4", facts="no automatic mail of any kind")
            )
            continue
        allowed, reason = _permitted(effect, inbound, facts)
        reasons.append(reason)
        kept += [allowed] if allowed else []
    return replace(decision, effects=tuple(kept), reasons=tuple(reasons))


def _permitted(
    notice: SendNotice, inbound: Inbound, facts: Facts
) -> tuple[SendNotice | None, Reason]:
    arrived = inbound.envelope.arrived
    today = arrived.astimezone(facts.calendar.zone).date()
    return permitted(notice, facts.told, facts.verdict, facts.policy, arrived, today)


def _finish(decision: Decision, facts: Facts, writer: Writer) -> Decision:
    labels = facts.understanding.labels | facts.understanding.extra
    return replace(
        decision,
        labels=tuple(sorted(labels)),
        policy_version=facts.policy.version,
        guardian_id=writer.guardian.guardian_id if writer.guardian else None,
        class_id=writer.room.class_id if writer.room else None,
    )
