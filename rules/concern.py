"""Safeguarding first: who is told when a message may mean a child at risk, and who never is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rules.effects import AlertSafeguarding, Reason
from rules.facts import Facts
from rules.message import Content
from rules.people import Directory, Role, SchoolClass, Staff
from rules.staff_abroad import speaks_of_staff
from rules.standing import Standing, Writer
from rules.subject import Subject, subject_of
from rules.topics import SECOND_READER, Understanding

MOST_WORDS = 5  # of the message, in one reason
# Stands in a line for the outside contact that the policy names: nobody on the roster.
OUTSIDE = "outside-contact"
SENIOR_MARKS = ("complaint", "rights_request")


@dataclass(frozen=True, slots=True)
class Line:
    """Who is told, in turn, and how many of them at once; and who must not hear of it."""

    staff_ids: tuple[str, ...]
    at_once: int = 1
    kept_from: frozenset[str] = frozenset()
    subject: Subject | None = None  # of an allegation


def is_concern(understanding: Understanding) -> bool:
    """Whether anything readable may mean a child at risk, or alleges something of staff."""
    return "safeguarding" in understanding.labels or "allegation" in understanding.extra


def may_be_about_staff(content: Content, facts: Facts) -> bool:
    """Whether it is perhaps a concern and speaks of staff in a language other than English.

    In those no allegation is recognised as one, and its subject may be who would read it next.
    """
    own = f"{content.subject}\n{content.own_text}"
    return "safeguarding" in facts.understanding.perhaps and speaks_of_staff(own)


def may_be_of(reader: Staff, content: Content, facts: Facts, room: SchoolClass) -> bool:
    """Whether a concern may be about `reader`, though it was not recognised as an allegation."""
    if speaks_of_staff(f"{content.subject}\n{content.own_text}"):
        return True
    subject = subject_of(content, (), facts.directory, room)
    return subject.is_known and reader.staff_id in subject.staff_ids


def line_of(facts: Facts, content: Content, room: SchoolClass | None = None) -> Line:
    """Return the staff who are told, in turn, until one acknowledges.

    A concern goes to the DSL, then the deputies, then the head. An allegation about staff goes
    to the head, or about the head to the chair of governors, and to the DSL at the same time.
    Whom it is about is told by nobody; where that leaves nobody, somebody else is found.
    """
    directory = facts.directory
    kept_from = facts.kept_from
    subject = _alleged_of(facts, content, room)
    if subject is None:
        line = _ids(directory, kept_from, Role.DSL, Role.DEPUTY_DSL, Role.HEAD)
        return Line(line or _others(facts, kept_from), kept_from=kept_from)
    kept_from |= subject.staff_ids
    first = _ids(directory, kept_from, Role.HEAD) or _ids(directory, kept_from, Role.CHAIR)
    first = tuple(dict.fromkeys((*first, *_ids(directory, kept_from, Role.DSL))))
    line = tuple(dict.fromkeys((*first, *_ids(directory, kept_from, Role.DEPUTY_DSL))))
    line = line or _others(facts, kept_from)
    return Line(line, max(len(first), 1), kept_from, subject)


def lead_of(facts: Facts, content: Content, room: SchoolClass | None = None) -> str | None:
    """Return who looks at what is perhaps a concern: the first who would be told of one.

    Nobody whom it names, unless it names them all: it may be about them.
    """
    line = _ids(facts.directory, facts.kept_from, Role.DSL, Role.DEPUTY_DSL, Role.HEAD)
    subject = subject_of(content, (), facts.directory, room)
    named = subject.staff_ids if subject.is_known else frozenset()
    return next((one for one in line if one not in named), next(iter(line), None))


def alert(
    facts: Facts, content: Content, writer: Writer, marks: tuple[str, ...] = ()
) -> AlertSafeguarding:
    """Return the alert for this message, marked for what is doubtful about it."""
    line = line_of(facts, content, writer.room or facts.directory.addressed_class)
    found = ["allegation"] if line.subject is not None else []
    found += [mark for mark in SENIOR_MARKS if mark in facts.understanding.extra]
    if writer.standing is not Standing.GUARDIAN:
        found.append(str(writer.standing))
    return AlertSafeguarding(
        line=line.staff_ids,
        marks=tuple(found) + marks,
        guardian_id=writer.guardian.guardian_id if writer.guardian else None,
        class_id=writer.room.class_id if writer.room else None,
        all_at_once=facts.understanding.urgent,
        at_once=line.at_once,
        kept_from=tuple(sorted(line.kept_from)),
        subject_known=line.subject is None or line.subject.is_known,
    )


def reasons(facts: Facts, raised: AlertSafeguarding) -> tuple[Reason, ...]:
    """Return why it is a concern, in the message's own words, and who is left out of it."""
    words = words_for(facts.understanding, "safeguarding", "allegation")
    found = Reason("may-mean-a-child-at-risk", "T9", words, _read_before(facts.understanding))
    if not raised.kept_from and raised.subject_known:
        return (found,)
    names = [one.name for one in _known(facts.directory) if one.staff_id in raised.kept_from]
    kept = ", ".join(dict.fromkeys(names)) or "nobody on the roster"
    why = "" if raised.subject_known else "; nobody is named, so those who read for the class are"
    return (found, Reason("whom-it-is-about-is-not-told", "T9", facts=f"left out: {kept}{why}"))


def words_for(understanding: Understanding, *labels: str) -> tuple[str, ...]:
    """Return the words of the message that spoke for `labels`, each once, the first few.

    Where the packs found none, the sentence that the second reader went by.
    """
    found = [item for item in understanding.evidence if item.label in labels]
    packs = [item for item in found if item.rule != SECOND_READER]
    words = dict.fromkeys(" ".join(item.text.split()) for item in packs or found)
    return tuple(words)[:MOST_WORDS]


def _read_before(understanding: Understanding) -> str:
    """Return what the second reader has read that is most like it; empty when it was not asked."""
    alike = (
        item.alike[0]
        for item in understanding.evidence
        if item.label == "safeguarding" and item.alike
    )
    return next((f"it reads like this invented message: “{text}”" for text in alike), "")


def _alleged_of(facts: Facts, content: Content, room: SchoolClass | None) -> Subject | None:
    """Return whom something is alleged of; None where nothing is, of anybody of the staff.

    What the second reader alone takes for an allegation must also mean somebody of the staff:
    "his uncle hit him" is the lead's before it is the head's.
    """
    understanding = facts.understanding
    if "allegation" not in understanding.extra:
        return None
    subject = subject_of(content, understanding.evidence, facts.directory, room)
    said = [one for one in understanding.evidence if one.label == "allegation"]
    by_reader_alone = bool(said) and all(one.rule == SECOND_READER for one in said)
    return subject if subject.is_staff or not by_reader_alone else None


def _others(facts: Facts, kept_from: frozenset[str]) -> tuple[str, ...]:
    """Return who is told when nobody of the line may be: never silence, and never the subject."""
    chair = _ids(facts.directory, kept_from, Role.CHAIR)
    if chair:
        return chair
    if facts.policy.outside_contact is not None:
        return (OUTSIDE,)
    # A school without a lead or a chair is a fault that doctor reports; somebody still sees it.
    return _ids(facts.directory, kept_from, Role.SLT, Role.SENCO, Role.OFFICE)


def _ids(directory: Directory, kept_from: frozenset[str], *roles: Role) -> tuple[str, ...]:
    holders = [person.staff_id for role in roles for person in directory.holders(role)]
    return tuple(dict.fromkeys(one for one in holders if one not in kept_from))


def _known(directory: Directory) -> Iterable[Staff]:
    readers = [person for room in directory.classes for person in room.teachers]
    return (*directory.in_post, *directory.leads, *readers)
