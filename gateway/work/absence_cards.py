"""What the office is shown of a message about attendance: the card, in words, for mail and list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from gateway.school import School
from gateway.store import journal, people
from gateway.store.people import ChildOnRecord
from gateway.store.staffing import Staffing
from gateway.work.source import Source
from rules.absence import AbsenceCard, absence_card
from rules.absence_child import ChildBy, LinkedChild
from rules.absence_days import CardDay
from rules.absence_times import StatedTime
from rules.effects import Reason
from rules.routing import RULE_OF
from rules.wording import clock_words, day_words, listed

ATTENDANCE = "attendance"
NOT_STATED = "not stated"
_BELOW = "See below the line."
_RULE = RULE_OF[ATTENDANCE][0]
_TIME_OF = {"leaves": "leaves", "arrives": "arrives", "appointment": "appointment"}


@dataclass(frozen=True, slots=True)
class ReadCard:
    """A card with the school's own record of the children on it."""

    card: AbsenceCard
    children: tuple[ChildOnRecord, ...]
    rooms: tuple[str, ...]  # the class of each child, by name


def words_for_attendance(reasons: Sequence[Reason]) -> tuple[str, ...]:
    """Return the words for which a message counts as one about attendance."""
    return tuple(words for one in reasons if one.rule == _RULE for words in one.words)


def recorded_words(connection: Connection, spool_id: str) -> tuple[str, ...]:
    """Return the same from the journal."""
    return tuple(
        words
        for entry in journal.entries(connection, spool_id)
        if entry["event"] == "decided"
        for reason in entry["detail"].get("reasons", ())
        if reason["rule"] == _RULE
        for words in reason["words"]
    )


def read_card(
    connection: Connection,
    school: School,
    staffing: Staffing,
    source: Source,
    evidence: Sequence[str] = (),
) -> ReadCard:
    """Return the card of a verified guardian's message, read from their own words alone."""
    sent = school.today(source.arrived)
    guardian_id = source.row.guardian_id
    on_record = people.children_of(connection, guardian_id, sent) if guardian_id else ()
    linked = [
        LinkedChild(one.pupil_id, one.given_name, source.row.class_id in one.class_ids)
        for one in on_record
    ]
    content, class_id = source.content, source.row.class_id
    known = {one.pupil_id for one in on_record}
    others = [
        LinkedChild(pupil_id, given_name, in_the_class=True)
        for pupil_id, given_name in people.given_names_in(connection, class_id or "", sent).items()
        if pupil_id not in known
    ]
    card = absence_card(content.subject, content.own_text, sent, linked, evidence, others)
    by_id = {one.pupil_id: one for one in on_record}
    children = tuple(by_id[one.pupil_id] for one in card.children)
    return ReadCard(card, children, tuple(_room(staffing, one, source) for one in children))


def card_values(read: ReadCard, sent: date, *, hidden: bool = False) -> dict[str, Any]:
    """Return the card as the template shows it; every line is there, also what is not stated.

    With `hidden` the parent's sentences stand below a line with the rest of their words.
    """
    card = read.card
    return {
        "child": child_words(read),
        "what": listed([str(kind) for kind in card.kinds]) or NOT_STATED,
        "days": [day_line(day, sent) for day in card.days] or [NOT_STATED],
        "times": [time_line(one) for one in card.times] or [NOT_STATED],
        "reason": _BELOW if card.reason and hidden else card.reason,
        "sentence": "" if hidden else card.sentence,
    }


def child_words(read: ReadCard) -> str:
    """Return "Ben Okoro (3B), the only linked child"."""
    names = [f"{one.name} ({room})" for one, room in zip(read.children, read.rooms, strict=True)]
    if not names:
        return NOT_STATED
    either = " or ".join(names) if read.card.child_by is ChildBy.UNSAID else listed(names)
    return f"{either}, {read.card.child_by}"


def day_line(day: CardDay, sent: date) -> str:
    """Return the day as written, and the date where only one is meant: “until Friday” = …."""
    line = f"“{day.words}”"
    if day.dates:
        words = [day_words(one, sent) for one in day.dates]
        line += f": {' to '.join(words) if day.through else listed(words)}"
    else:
        line += ": no certain date"
    return f"{line} (perhaps)" if day.perhaps else line


def time_line(stated: StatedTime) -> str:
    """Return the time as written, what it is of, and the time of day where only one fits."""
    line = f"{_TIME_OF[stated.of]}: “{stated.words}”"
    return f"{line}, {clock_words(stated.at)}" if stated.at is not None else line


def _room(staffing: Staffing, child: ChildOnRecord, source: Source) -> str:
    if source.row.class_id in child.class_ids:
        return source.class_name
    rooms = [staffing.rooms[one].name for one in child.class_ids if one in staffing.rooms]
    return rooms[0] if rooms else "no class"
