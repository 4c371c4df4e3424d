"""Safeguarding first: who is told when a message may mean a child at risk."""

from __future__ import annotations

from rules.effects import AlertSafeguarding, Reason
from rules.people import Directory, Role
from rules.standing import Standing, Writer
from rules.topics import Understanding

MOST_WORDS = 5  # of the message, in one reason


def is_concern(understanding: Understanding) -> bool:
    """Whether anything readable may mean a child at risk, or alleges something of staff."""
    return "safeguarding" in understanding.labels or "allegation" in understanding.extra


def line_of(directory: Directory, understanding: Understanding) -> tuple[str, ...]:
    """Return the staff who are told, in turn, until one acknowledges.

    A concern goes to the DSL, then the deputies, then the head. An allegation
    about staff goes to the head first, then the DSL.
    """
    orders = (Role.DSL, Role.DEPUTY_DSL, Role.HEAD)
    if "allegation" in understanding.extra:
        orders = (Role.HEAD, Role.DSL, Role.DEPUTY_DSL)
    line: list[str] = []
    for role in orders:
        line += [person.staff_id for person in directory.holders(role)]
    if not line:
        # A school without a named lead is a fault that doctor reports; the office still sees it.
        line = [person.staff_id for person in directory.holders(Role.OFFICE)]
    return tuple(dict.fromkeys(line))


def alert(
    directory: Directory, understanding: Understanding, writer: Writer, marks: tuple[str, ...] = ()
) -> AlertSafeguarding:
    """Return the alert for this message, marked for what is doubtful about it."""
    found = [mark for mark in ("allegation",) if mark in understanding.extra]
    if writer.standing is not Standing.GUARDIAN:
        found.append(str(writer.standing))
    return AlertSafeguarding(
        line=line_of(directory, understanding),
        marks=tuple(found) + marks,
        guardian_id=writer.guardian.guardian_id if writer.guardian else None,
        class_id=writer.room.class_id if writer.room else None,
        all_at_once=understanding.urgent or "allegation" in understanding.extra,
    )


def reason(understanding: Understanding) -> Reason:
    """Return why it is a concern, in the message's own words."""
    words = words_for(understanding, "safeguarding", "allegation")
    return Reason("may-mean-a-child-at-risk", "T9", words)


def words_for(understanding: Understanding, *labels: str) -> tuple[str, ...]:
    """Return the words of the message that spoke for `labels`, each once, the first few."""
    found = [item.text for item in understanding.evidence if item.label in labels]
    return tuple(dict.fromkeys(found))[:MOST_WORDS]
