"""Where a linked guardian's message goes: safeguarding lead, office, teacher, or two of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from rules.concern import alert, is_concern, may_be_about_staff, may_be_of, words_for
from rules.concern import reasons as concern_reasons
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
from rules.hints import hints_of
from rules.message import Inbound
from rules.people import Guardian, Role, SchoolClass, Staff
from rules.promises import PromiseMade
from rules.readers import Reader, reader_for
from rules.seniors import POSTS, complained_of, senior_marks, senior_reasons, senior_redirects
from rules.standing import Writer
from rules.to_teacher import waits_for
from rules.tongues import is_in_no_language_read
from rules.wording import listed

OFFICE_TOPICS = ("attendance", "appointment", "send")
_PART_OF = {"attendance": "attendance", "appointment": "appointment", "send": "SEND"}
_NOT_READ = "a language that is not read here"
_HAS_IT = (
    (Role.OFFICE, "the office"),
    (Role.SENCO, "the SENCo"),
    (Role.HEAD, "the head teacher"),
    (Role.DSL, "the safeguarding lead"),
)
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
    if is_concern(facts.understanding) or may_be_about_staff(inbound.content, facts):
        return _escalate(inbound, facts, writer, reasons)
    topics = tuple(
        topic
        for topic in OFFICE_TOPICS
        if topic in facts.understanding.labels and facts.policy.where.get(topic) != "teacher"
    )
    marks = senior_marks(facts)
    urgent = facts.understanding.urgent
    reasons += [_topic_reason(facts, topic) for topic in topics]
    if urgent:
        reasons.append(Reason("urgent-today", "E8", words_for(facts.understanding, "urgent")))
    reasons += senior_reasons(inbound, facts, marks)

    own = inbound.content
    strange = not (topics or urgent or marks) and is_in_no_language_read(
        f"{own.subject}\n{own.own_text}"
    )
    if strange:
        reasons.append(Reason("language-not-read", "E9"))

    effects: list[Effect] = []
    to_office = bool(topics or urgent or strange)
    for_teacher = not marks and (not topics or "classroom" in facts.understanding.labels)
    reader = _reader(inbound.envelope.arrived, facts, writer.room) if for_teacher else None
    past = complained_of(inbound, facts, writer.room) if marks else frozenset[str]()
    office = _office(facts, topics, past)
    item = None
    if reader is not None:
        promise = reader.calendar.promise(inbound.envelope.arrived)
        item = waits_for(
            reader,
            promise,
            writer.room.class_id,
            writer.guardian.guardian_id,
            writer.pupil_ids,
            note=_note(topics, office, urgent=urgent, strange=strange),
            hints=hints_of(facts),
        )
        effects.append(item)
        reasons.append(_reading_reason(promise))
    seniors = senior_redirects(inbound, facts, writer, marks)
    if to_office or (for_teacher and item is None):
        if office is None:
            reasons.append(Reason("no-office-on-record", "E9"))
            effects.append(HoldForOffice("the roster names no office"))
        elif to_office:
            parts = (_NOT_READ,) if strange else topics
            seniors = _with_topics(facts, writer, office, parts, item, seniors, past)
        else:
            reasons.append(Reason("nobody-reads-for-this-class", "G10", facts=writer.room.name))
            unread = ("no teacher reads for this class",)
            effects.append(_redirect(facts, writer, office, unread, False))
    effects += seniors
    if not effects:
        effects.append(HoldForOffice("no rule placed it"))
    effects.append(_notice(inbound, facts, writer, topics, marks, item))
    return Decision(tuple(effects), tuple(reasons), _ending(effects))


def _escalate(inbound: Inbound, facts: Facts, writer: Writer, reasons: list[Reason]) -> Decision:
    """A concern goes to the safeguarding line alone; teachers learn only that it does."""
    assert writer.guardian is not None
    assert writer.room is not None
    raised = alert(facts, inbound.content, writer)
    effects: list[Effect] = [raised]
    reasons[:0] = concern_reasons(facts, raised)
    if "allegation" not in raised.marks:
        reader = _reader(inbound.envelope.arrived, facts, writer.room)
        if reader is not None and may_be_of(reader.staff, inbound.content, facts, writer.room):
            reasons.append(Reason("reader-may-be-meant", "T9", facts="the teacher is told nothing"))
        elif reader is not None and reader.staff.staff_id not in raised.kept_from:
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


def _note(topics: tuple[str, ...], office: Staff | None, *, urgent: bool, strange: bool) -> str:
    """Return what the teacher is told of the part that somebody else has already."""
    has_it = next((words for role, words in _HAS_IT if office and role in office.roles), "")
    if topics:
        parts = listed([_PART_OF[topic] for topic in topics])
        return f"The {parts} part is already with {has_it or 'the school'}."
    if strange:
        return f"{_HAS_IT[0][1].capitalize()} has this too: it is in {_NOT_READ}."
    return f"{_HAS_IT[0][1].capitalize()} has this too, because it is for today." if urgent else ""


def _office(facts: Facts, topics: tuple[str, ...], past: frozenset[str]) -> Staff | None:
    """Return who gets these topics: the one post the policy names for them, or else the office.

    Whoever the message complains of too, staff ids in `past`, is passed over for the head, then
    the chair of governors; in a school without anybody else it is theirs.
    """
    posts = {facts.policy.where.get(topic, "office") for topic in topics}
    role = POSTS.get(posts.pop()) if len(posts) == 1 else None
    roles = (role, Role.OFFICE) if role is not None else (Role.OFFICE,)
    holders = [person for one in roles for person in facts.directory.holders(one)]
    instead = [person for one in (Role.HEAD, Role.CHAIR) for person in facts.directory.holders(one)]
    wanted = [person for person in holders if person.staff_id not in past]
    if holders and not wanted:
        wanted = [person for person in instead if person.staff_id not in past]
    return next(iter(wanted or holders), None)


def _with_topics(
    facts: Facts,
    writer: Writer,
    office: Staff,
    topics: tuple[str, ...],
    item: AddToDigest | None,
    seniors: list[RedirectToOffice | HoldForOffice],
    past: frozenset[str],
) -> list[RedirectToOffice | HoldForOffice]:
    """Add whom the topics are for; what is for today reaches the office in any case.

    Each reader gets one mail: what is for a reader of `seniors` too stands in theirs.
    """
    desk = facts.directory.holders(Role.OFFICE) if facts.understanding.urgent else ()
    desk = tuple(person for person in desk if person.staff_id not in past)
    found = list(seniors)
    for post in dict.fromkeys((office, *desk[:1])):
        mine = next((n for n, one in enumerate(found) if _reaches(one, post)), None)
        if mine is None:
            found.append(_redirect(facts, writer, post, topics, item is not None))
        elif isinstance(one := found[mine], RedirectToOffice):
            found[mine] = replace(one, topics=topics + one.topics)
    return found


def _reaches(effect: RedirectToOffice | HoldForOffice, post: Staff) -> bool:
    return isinstance(effect, RedirectToOffice) and effect.staff_id == post.staff_id


def _redirect(
    facts: Facts, writer: Writer, office: Staff, topics: tuple[str, ...], teacher_told: bool
) -> RedirectToOffice:
    assert writer.guardian is not None
    return RedirectToOffice(
        topics,
        office.staff_id,
        writer.guardian.guardian_id,
        writer.pupil_ids,
        facts.understanding.urgent,
        teacher_told,
        hints=hints_of(facts),
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
