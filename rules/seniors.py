"""Who gets a complaint or a request for records, and by when does the law want an answer?"""

from __future__ import annotations

from datetime import date

from rules.concern import SENIOR_MARKS, words_for
from rules.effects import HoldForOffice, Reason, RedirectToOffice
from rules.facts import Facts
from rules.hints import hints_of, perhaps
from rules.message import Inbound
from rules.month import a_month_after
from rules.people import Role, SchoolClass, Staff
from rules.standing import Writer
from rules.subject import subject_of
from rules.wording import day_words

POSTS = {"senco": Role.SENCO, "dsl": Role.DSL, "head": Role.HEAD}
_WORDS = {"complaint": "calls itself a complaint", "rights_request": "asks for records"}


def senior_marks(facts: Facts) -> tuple[str, ...]:
    """Return which of the marks a message has that are for senior staff alone."""
    return tuple(mark for mark in SENIOR_MARKS if mark in facts.understanding.extra)


def senior_redirects(
    inbound: Inbound, facts: Facts, writer: Writer, marks: tuple[str, ...]
) -> list[RedirectToOffice | HoldForOffice]:
    """Bring each mark to the post that the policy names for it, in one mail a reader."""
    assert writer.guardian is not None
    marks_of: dict[str, list[str]] = {}
    for mark in marks:
        reader = _reader_of(inbound, facts, mark, writer.room)
        marks_of.setdefault(reader.staff_id if reader else "", []).append(mark)
    found: list[RedirectToOffice | HoldForOffice] = []
    for staff_id, mine in marks_of.items():
        if not staff_id:
            found.append(HoldForOffice("the roster names no office"))
            continue
        found.append(
            RedirectToOffice(
                tuple(mine),
                staff_id,
                writer.guardian.guardian_id,
                writer.pupil_ids,
                facts.understanding.urgent,
                hints=hints_of(facts),
                answer_by=_answer_by(inbound, facts) if "rights_request" in mine else None,
            )
        )
    return found


def senior_reasons(inbound: Inbound, facts: Facts, marks: tuple[str, ...]) -> list[Reason]:
    """Return why senior staff have it, and the month that begins with a request for records."""
    if not marks:
        return []
    found = [Reason("for-senior-staff", "E1", words_for(facts.understanding, *marks))]
    if "rights_request" in marks:
        found.append(Reason("records-asked-for", "E1", facts=_month_words(inbound, facts)))
    return found


def doubts(inbound: Inbound, facts: Facts) -> str:
    """Return what the office's list adds to the reason for which a message is held; "" for none."""
    words = [_WORDS[mark] for mark in senior_marks(facts)]
    if "rights_request" in facts.understanding.extra:
        words[-1] += f" ({_month_words(inbound, facts)})"
    return "; ".join((*words, *perhaps(facts)))


def _month_words(inbound: Inbound, facts: Facts) -> str:
    received, last = _received(inbound, facts), _answer_by(inbound, facts)
    return f"one calendar month from {day_words(received)}: by {day_words(last)} {last.year}"


def _answer_by(inbound: Inbound, facts: Facts) -> date:
    return a_month_after(_received(inbound, facts))


def _received(inbound: Inbound, facts: Facts) -> date:
    return inbound.envelope.arrived.astimezone(facts.calendar.zone).date()


def complained_of(inbound: Inbound, facts: Facts, room: SchoolClass | None) -> frozenset[str]:
    """Return the staff ids of those whom a message with one of the marks names for itself."""
    subject = subject_of(inbound.content, (), facts.directory, room)
    return subject.staff_ids if subject.is_known else frozenset()


def _reader_of(inbound: Inbound, facts: Facts, mark: str, room: SchoolClass | None) -> Staff | None:
    """Return who has it: the post that the policy names, past anybody it complains about."""
    role = POSTS.get(facts.policy.where.get(mark, "office"), Role.OFFICE)
    left_out = complained_of(inbound, facts, room)
    roles: tuple[Role, ...] = (role, Role.OFFICE, Role.HEAD, Role.CHAIR)
    if role is Role.HEAD and any(one.staff_id in left_out for one in facts.directory.holders(role)):
        roles = (role, Role.CHAIR, Role.OFFICE)
    holders = [person for one in roles for person in facts.directory.holders(one)]
    wanted = [person for person in holders if person.staff_id not in left_out]
    if holders and not wanted:
        others = (Role.SLT, Role.DSL, Role.DEPUTY_DSL)
        found = [person for one in others for person in facts.directory.holders(one)]
        wanted = [person for person in found if person.staff_id not in left_out]
    return next(iter(wanted or holders), None)
