"""What follows when a teacher chooses something for a message of a digest, and does not answer it?

It needs no answer, it is the office's, it is to be shown again on another day, or it is
wanted whole with its files. None of these is ever told to a parent, but that the office has it.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from rules.calendar import NoReadingTime, SchoolCalendar
from rules.days import day_in_words
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
from rules.instruction import PRESS_SEND, Action, Item
from rules.message import Content, Inbound
from rules.people import Role, Staff
from rules.refusal import refused
from rules.walltime import instant_of
from rules.wording import day_words

CHOICES = {
    Action.DONE: ("no-answer-needed", "F11"),
    Action.PASS: ("passed-to-the-office", "F11"),
    Action.SNOOZE: ("shown-again-later", "F11"),
    Action.FILES: ("whole-message-asked-for", "F11"),
    Action.SECURITY: ("account-security-reminded", "P5"),
}
FARTHEST = timedelta(days=60)
A_FEW_WORDS = 3  # a name below a mail is no message


def choose(inbound: Inbound, facts: Facts, action: Action, staff: Staff, item: Item) -> Decision:
    """Decide about one of `CHOICES`, by the person it was signed for."""
    if item.case in ("open", "acknowledged", "kept"):
        why = "the message is with the safeguarding lead"
        return refused(inbound, facts, why, "with-the-lead")
    if action is Action.PASS:
        return _passed(inbound, facts, staff, item)
    if action is Action.SECURITY:
        return _reminded(inbound, facts, staff, item)
    until: date | None = None
    if action is Action.SNOOZE:
        answer = _day_for(inbound, facts, staff)
        if isinstance(answer, Decision):
            return answer
        until = answer
    effects: list[Effect] = [CarryOut(action, item.spool_id, staff.staff_id, until=until)]
    if len(_comment(inbound.content, action).split()) > A_FEW_WORDS:
        # Words that nobody would see otherwise; an answer to the parent, perhaps.
        effects.append(HoldForOffice("a teacher wrote this to an address that is no reply"))
    shown = f"until {day_words(until)}" if until else ""
    return _decided(action, staff, effects, shown)


def _decided(action: Action, staff: Staff, effects: list[Effect], shown: str = "") -> Decision:
    rule, clause = CHOICES[action]
    words = f"by {staff.name}" + (f", {shown}" if shown else "")
    return Decision(tuple(effects), (Reason(rule, clause, facts=words),), Ending.CARRIED_OUT)


def _passed(inbound: Inbound, facts: Facts, staff: Staff, item: Item) -> Decision:
    """Give it to the office, and tell the parent what is told of any message the office has."""
    holders = (Role.OFFICE, Role.HEAD, Role.SLT, Role.DSL)
    found = [one for role in holders for one in facts.directory.holders(role)]
    office = [one for one in found if one.staff_id not in item.kept_from]
    if not office:
        return refused(inbound, facts, "the school has no office on record", "nobody-to-pass-it-to")
    to = (office[0].staff_id,)
    effects: list[Effect] = [CarryOut(Action.PASS, item.spool_id, staff.staff_id, to)]
    arrived = inbound.envelope.arrived
    if item.guardian_address is not None and not item.is_perhaps_a_child:
        is_open = facts.calendar.office_open(arrived)
        effects.append(
            SendNotice(
                NoticeKind.REDIRECTED,
                item.guardian_address,
                item.guardian_id,
                item.class_id,
                office_open=is_open,
                office_opens_at=None if is_open else facts.calendar.next_office_opening(arrived),
                about=item.spool_id,
            )
        )
    return _decided(Action.PASS, staff, effects)


def _reminded(inbound: Inbound, facts: Facts, staff: Staff, item: Item) -> Decision:
    """Send the guardian the fixed reminder; never while the lead has a word of the conversation.

    Whoever is feared may read that mailbox: a reminder could tell them that a child wrote.
    """
    if item.is_beside_a_case:
        why = "the safeguarding lead has a message of this conversation"
        return refused(inbound, facts, why, "with-the-lead")
    if item.guardian_address is None or item.guardian_id is None:
        why = "the parent can no longer be written to"
        return refused(inbound, facts, why, "guardian-unlinked")
    notice = SendNotice(
        NoticeKind.SECURITY,
        item.guardian_address,
        item.guardian_id,
        item.class_id,
        about=item.spool_id,
    )
    effects: list[Effect] = [CarryOut(Action.SECURITY, item.spool_id, staff.staff_id), notice]
    if len(_comment(inbound.content, Action.SECURITY).split()) > A_FEW_WORDS:
        effects.append(HoldForOffice("a teacher wrote this to an address that is no reply"))
    return _decided(Action.SECURITY, staff, effects)


def _day_for(inbound: Inbound, facts: Facts, staff: Staff) -> date | Decision:
    """Return the day that the teacher asks for, or the refusal."""
    calendar = facts.calendar_of(staff.staff_id)
    arrived = inbound.envelope.arrived
    today = arrived.astimezone(calendar.zone).date()
    asked = _day_asked_for(inbound.content, today, calendar)
    if asked is None:
        why = "we could not tell which day you mean. Write it in the subject, such as “Friday”"
        return refused(inbound, facts, why, "day-not-understood", tell_office=False)
    if asked > today + FARTHEST:
        why = f"{day_words(asked, today)} is more than 60 days away"
        return refused(inbound, facts, why, "day-out-of-reach", tell_office=False)
    if _shown_on(calendar, today, arrived) > asked:
        why = f"{day_words(asked, today)} is before your next reading time"
        return refused(inbound, facts, why, "day-out-of-reach", tell_office=False)
    return asked


def _day_asked_for(content: Content, today: date, calendar: SchoolCalendar) -> date | None:
    """Return the day in the teacher's first line, else in the subject; None for what is unclear.

    A line written above "Just press Send" is meant as the day, and must say one. Without a
    word at all it is the next day of reading, which the digest offers.
    """
    above, pressed, _below = content.own_text.partition(PRESS_SEND)
    first = next((line.strip() for line in above.splitlines() if line.strip()), "")
    found = day_in_words(first, today) if first else None
    if found is not None or (first and pressed):
        return found
    if content.subject.strip():
        return day_in_words(content.subject, today)
    return None if first else _shown_on_or_after(calendar, today + timedelta(days=1))


def first_cut_on(calendar: SchoolCalendar, day: date, after: datetime) -> datetime:
    """Return the first cut of `day`, or of the next day with one, that is not before `after`.

    Raises:
        NoReadingTime: every window in the next 366 days is closed.
    """
    return calendar.next_cut(max(after, instant_of(day, time(), calendar.zone)))


def _shown_on(calendar: SchoolCalendar, day: date, after: datetime) -> date:
    try:
        return first_cut_on(calendar, day, after).astimezone(calendar.zone).date()
    except NoReadingTime:
        return date.max


def _shown_on_or_after(calendar: SchoolCalendar, day: date) -> date | None:
    found = _shown_on(calendar, day, instant_of(day, time(), calendar.zone))
    return None if found == date.max else found


def _comment(content: Content, action: Action) -> str:
    """Return what the teacher wrote beyond what the link had filled in, or asks for."""
    text = content.own_text.replace(PRESS_SEND, "").strip()
    return text.partition("\n")[2] if action is Action.SNOOZE else text
