"""Where a linked guardian's message goes: safeguarding lead, office, teacher, or two of them."""

from __future__ import annotations

from datetime import datetime

from rules.concern import alert, is_concern, words_for
from rules.concern import reason as concern_reason
from rules.effects import (
    AddToDigest,
    Decision,
    Effect,
    Ending,
    HoldForOffice,
    NoticeKind,
    Reason,
    RedirectToOffice,
    SendNotice,
    TellTeacherHeld,
)
from rules.facts import Facts
from rules.message import Inbound
from rules.people import Guardian, Role, SchoolClass, Staff
from rules.promises import PromiseMade
from rules.readers import Reader, reader_for
from rules.standing import Writer

OFFICE_TOPICS = ("attendance", "appointment", "send")
SENIOR_MARKS = ("complaint", "rights_request")
POSTS = {"senco": Role.SENCO, "dsl": Role.DSL, "head": Role.HEAD}
RULE_OF = {
    "attendance": ("attendance-goes-to-the-office", "E10"),
    "appointment": ("appointments-go-to-the-office", "E9"),
    "send": ("send-goes-to-the-office", "E11"),
}


def route(inbound: Inbound, facts: Facts, writer: Writer) -> Decision:
    """Decide for a verified guardian's message to a class."""
    assert writer.guardian is not None
    assert writer.room is not None
    reasons = [writer.reason]
    if is_concern(facts.understanding):
        return _escalate(inbound, facts, writer, reasons)
    topics = tuple(
        topic
        for topic in OFFICE_TOPICS
        if topic in facts.understanding.labels and facts.policy.where.get(topic) != "teacher"
    )
    marks = tuple(mark for mark in SENIOR_MARKS if mark in facts.understanding.extra)
    urgent = facts.understanding.urgent
    reasons += [_topic_reason(facts, topic) for topic in topics]
    if urgent:
        reasons.append(Reason("urgent-today", "E8", words_for(facts.understanding, "urgent")))
    if marks:
        reasons.append(Reason("for-senior-staff", "E1", words_for(facts.understanding, *marks)))

    effects: list[Effect] = []
    to_office = bool(topics or marks or urgent)
    for_teacher = not marks and (not topics or "classroom" in facts.understanding.labels)
    reader = _reader(inbound.envelope.arrived, facts, writer.room) if for_teacher else None
    item = None
    if reader is not None:
        promise = reader.calendar.promise(inbound.envelope.arrived)
        item = _for_teacher(facts, writer, reader, promise, topics if to_office else ())
        effects.append(item)
        reasons.append(_reading_reason(promise))
    if to_office or (for_teacher and item is None):
        office = _office(facts, topics + marks)
        if office is None:
            reasons.append(Reason("no-office-on-record", "E9"))
            effects.append(HoldForOffice("the roster names no office"))
        elif to_office:
            effects.append(_redirect(writer, office, topics + marks, urgent, item is not None))
        else:
            reasons.append(Reason("nobody-reads-for-this-class", "G10", facts=writer.room.name))
            effects.append(
                _redirect(writer, office, ("no teacher reads for this class",), False, False)
            )
    if not effects:
        effects.append(HoldForOffice("no rule placed it"))
    effects.append(_notice(inbound, facts, writer, topics, marks, item))
    return Decision(tuple(effects), tuple(reasons), _ending(effects))


def _escalate(inbound: Inbound, facts: Facts, writer: Writer, reasons: list[Reason]) -> Decision:
    """A concern goes to the safeguarding line alone; teachers learn only that it does."""
    assert writer.guardian is not None
    assert writer.room is not None
    effects: list[Effect] = [alert(facts.directory, facts.understanding, writer)]
    reasons.insert(0, concern_reason(facts.understanding))
    if "allegation" not in facts.understanding.extra:
        reader = _reader(inbound.envelope.arrived, facts, writer.room)
        if reader is not None:
            effects.append(
                TellTeacherHeld(
                    reader.staff.staff_id,
                    writer.room.class_id,
                    writer.guardian.guardian_id,
                    reader.calendar.next_reading_time(inbound.envelope.arrived),
                )
            )
    effects.append(_senior_notice(inbound, writer))
    return Decision(tuple(effects), tuple(reasons), Ending.SAFEGUARDING)


def _reader(arrived: datetime, facts: Facts, room: SchoolClass) -> Reader | None:
    return reader_for(room, facts.calendar_of, arrived)


def _for_teacher(
    facts: Facts,
    writer: Writer,
    reader: Reader,
    promise: PromiseMade,
    office_topics: tuple[str, ...],
) -> AddToDigest:
    assert writer.guardian is not None
    assert writer.room is not None
    return AddToDigest(
        reader.staff.staff_id,
        writer.room.class_id,
        writer.guardian.guardian_id,
        writer.pupil_ids,
        promise.reads_at,
        promise.due,
        limit=promise.limit,
        breach=promise.breach,
        acknowledge_by=promise.acknowledge_by,
        note=_note(office_topics, facts.understanding.urgent),
        hints=_hints(facts),
    )


def _note(topics: tuple[str, ...], urgent: bool) -> str:
    if topics:
        return f"The {' and '.join(topics)} part is already with the office."
    return "The office has this too, because it is for today." if urgent else ""


def _hints(facts: Facts) -> tuple[str, ...]:
    found = [f"perhaps {label}" for label in sorted(facts.understanding.perhaps)]
    if "abusive" in facts.understanding.labels:
        found.append("may distress")
    if "child_author" in facts.understanding.labels:
        found.append("a child may have written this")
    if facts.verdict.kind == "suspected":
        found.append("may be an automatic reply")
    return tuple(found)


def _office(facts: Facts, topics: tuple[str, ...]) -> Staff | None:
    """Return who gets these topics: the one post the policy names for them, or else the office."""
    posts = {facts.policy.where.get(topic, "office") for topic in topics}
    role = POSTS.get(posts.pop()) if len(posts) == 1 else None
    if role is not None:
        found = facts.directory.holders(role)
        if found:
            return found[0]
    office = facts.directory.holders(Role.OFFICE)
    return office[0] if office else None


def _redirect(
    writer: Writer, office: Staff, topics: tuple[str, ...], urgent: bool, teacher_told: bool
) -> RedirectToOffice:
    assert writer.guardian is not None
    return RedirectToOffice(
        topics, office.staff_id, writer.guardian.guardian_id, writer.pupil_ids, urgent, teacher_told
    )


def _notice(
    inbound: Inbound,
    facts: Facts,
    writer: Writer,
    topics: tuple[str, ...],
    marks: tuple[str, ...],
    item: AddToDigest | None,
) -> SendNotice:
    arrived = inbound.envelope.arrived
    if marks:
        return _senior_notice(inbound, writer)
    kind = NoticeKind.HELD
    if facts.understanding.urgent:
        kind = NoticeKind.URGENT
    elif topics and item:
        kind = NoticeKind.DIVIDED
    elif topics or item is None:
        kind = NoticeKind.REDIRECTED
    office_open = facts.calendar.office_open(arrived)
    opens_at = None
    if kind is not NoticeKind.HELD and not office_open:
        opens_at = facts.calendar.next_office_opening(arrived)
    guardian, room, address = _addressee(inbound, writer)
    return SendNotice(
        kind,
        address,
        guardian.guardian_id,
        room.class_id,
        staff_id=item.staff_id if item else None,
        reads_at=item.reads_at if item else None,
        due=item.due if item else None,
        acknowledge_by=item.acknowledge_by if item else None,
        topics=topics,
        office_open=office_open,
        office_opens_at=opens_at,
    )


def _senior_notice(inbound: Inbound, writer: Writer) -> SendNotice:
    """One neutral text, whatever the kind: it names no class, no child and no topic."""
    guardian, _room, address = _addressee(inbound, writer)
    return SendNotice(NoticeKind.SENIOR, address, guardian.guardian_id)


def _addressee(inbound: Inbound, writer: Writer) -> tuple[Guardian, SchoolClass, str]:
    address = inbound.content.originator.mailbox
    assert writer.guardian is not None
    assert writer.room is not None
    assert address is not None
    return writer.guardian, writer.room, address


def _topic_reason(facts: Facts, topic: str) -> Reason:
    rule, clause = RULE_OF[topic]
    return Reason(rule, clause, words_for(facts.understanding, topic))


def _reading_reason(promise: PromiseMade) -> Reason:
    return Reason("read-in-the-next-window", "E5", facts="; ".join(promise.facts))


def _ending(effects: list[Effect]) -> Ending:
    if any(isinstance(effect, RedirectToOffice) for effect in effects):
        return Ending.REDIRECTED
    if any(isinstance(effect, HoldForOffice) for effect in effects):
        return Ending.OFFICE_QUEUE
    return Ending.WAITING
